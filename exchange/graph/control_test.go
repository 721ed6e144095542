package graph_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tring/exchange/graph"
)

func TestASnapshotBringsEverythingBack(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	h := b.customer(ana)
	check(t, h.Permit(graph.Once))
	before := b.server.Snapshot()
	now := b.server.Clock().Now()
	check(t, h.Permit(graph.Never))
	b.server.SetSIP(true)
	b.server.Clock().Advance(30 * 24 * time.Hour)
	b.server.Restore(before)
	if !h.Screen().Allowed || b.server.Clock().Now().Sub(now) > time.Hour {
		t.Errorf("her phone shows %+v", h.Screen())
	}
	b.newLine().place(ana, 0)
}

func TestTheRemoteControlDoesWhatTheMethodsDo(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	handler := b.server.Control()
	do := func(order, body, want string) {
		t.Helper()
		method, path, _ := strings.Cut(order, " ")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequestWithContext(b.ctx, method, path, strings.NewReader(body)))
		if !strings.Contains(w.Body.String(), want) {
			t.Fatalf("%s: %s", order, w.Body)
		}
	}
	do("POST /customers", `{"number":"15550100200","name":"Ana"}`, `"user_id":"XX.915550100200"`)
	do("PUT /webhooks", `{"late_ms":{"connect":1}}`, `{}`)
	do("POST /customers/15550100200/call", `{"deeplink":"menu"}`, `wacid.`)
	if e := b.await("connect", 1); e.body["deeplink_payload"] != "menu" {
		t.Errorf("the offer is %v", e.body)
	}
	do("GET /calls", "", `"state":"offered"`)
	do("POST /forge", `{"kind":"unsigned"}`, `"status":403`)
	do("POST /clock", `{"advance_ms":46000}`, `{}`)
	b.await("terminate", 1)
	do("GET /customers/15550100200", "", `Not answered`)
	do("POST /customers/15550100200/permit", `{"consent":"permanent"}`, `{}`)
	do("GET /customers", "", `"allowed":true`)
	do("POST /customers/15550100200/say", `{"hz":5}`, `50 to 15000`)
	do("POST /customers/15550100200/press", `{"digits":"1"}`, graph.ErrNoCall.Error())
	do("PUT /faults", `{"endpoints":{"number":{"code":613}}}`, `{}`)
	if _, code, _ := b.send(http.MethodGet, b.number.PhoneNumberID, nil); code != 613 {
		t.Errorf("code %d", code)
	}
	do("POST /reset", "", `{}`)
	do("PUT /relay", `{"family":"documented","deaf_ms":10}`, `{}`)
	do("GET /nothing", "", `not found`)
}
