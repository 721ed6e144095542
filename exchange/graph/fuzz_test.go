package graph_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tring/exchange/graph"
)

func FuzzRequests(f *testing.F) {
	server, err := graph.Start(f.Context(), graph.Options{})
	check(f, err)
	f.Cleanup(func() { server.Close() })
	_, err = server.AddCustomer(graph.Customer{Number: ana})
	check(f, err)
	b := server.Business()
	paths := []string{"/calls", "/messages", "/settings", "", "/media", "/register"}
	for i, body := range []string{
		`{"messaging_product":"whatsapp","action":"connect","to":"15550100200","session":{"sdp_type":"offer","sdp":"v=0\r\n"}}`,
		`{"messaging_product":"whatsapp","to":"15550100200","type":"text","text":{"body":"x"}}`,
		`{"calling":{"call_hours":{"status":"ENABLED","timezone_id":"UTC","weekly_operating_hours":[{"day_of_week":"MONDAY","open_time":"0900","close_time":"1000"}]}}}`,
		`{"calling":{"sip":null}}`, `{"webhook_configuration":{"override_callback_uri":""}}`, `[]`, `{`, `{"messaging_product":"whatsapp","type":"template","template":{"name":"x"}}`,
	} {
		f.Add(uint8(i), body)
	}
	f.Fuzz(func(t *testing.T, which uint8, body string) {
		if strings.Contains(body, "override_callback_uri") && strings.Contains(body, "://") {
			return // that would go out
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v24.0/"+b.PhoneNumberID+paths[int(which)%len(paths)], strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+b.Token)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if !json.Valid(w.Body.Bytes()) {
			t.Fatalf("status %d, body %q", w.Code, w.Body.Bytes())
		}
	})
}

func FuzzControl(f *testing.F) {
	server, err := graph.Start(f.Context(), graph.Options{})
	check(f, err)
	f.Cleanup(func() { server.Close() })
	handler := server.Control()
	paths := []string{
		"POST /customers", "POST /customers/1/call", "POST /customers/1/press", "POST /customers/1/permit", "PUT /customers/1/behaviour",
		"PUT /faults", "PUT /webhooks", "PUT /relay", "POST /clock", "POST /forge", "POST /sip", "POST /customers/1/text", "POST /customers/1/say",
	}
	for i, body := range []string{
		`{"number":"1","name":"x"}`, `{"deeplink":"x"}`, `{"digits":"1#"}`, `{"consent":"temporary"}`, `{"answers":true,"after_ms":1e99}`,
		`{"endpoints":{"":{"code":1,"delay_ms":1}}}`, `{"late_ms":{"":1},"shape":{"line_ends":"lf"}}`, `{"loss":2}`, `{"advance_ms":1}`, `{"kind":"sha1"}`,
	} {
		f.Add(uint8(i), body)
	}
	f.Fuzz(func(t *testing.T, which uint8, body string) {
		method, path, _ := strings.Cut(paths[int(which)%len(paths)], " ")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body)))
		if !json.Valid(w.Body.Bytes()) {
			t.Fatalf("%s %s: status %d, body %q", method, path, w.Code, w.Body.Bytes())
		}
	})
}
