package graph_test

import (
	"net/http"
	"strings"
	"testing"

	"tring/exchange/graph"
)

// proof is the documented proof of the default token with the default secret.

const proof = "05aa2d14f03e3f91e91ef1dbc4a7f8841336312b7ea4f0ffde5a017be3c26ae6"

func TestGraphChecksVersionTokenAndProof(t *testing.T) {
	b := newBusiness(t, graph.Options{Business: graph.Business{NeedsProof: true}})
	id := b.number.PhoneNumberID
	for name, c := range map[string]struct {
		path, token  string
		status, code int
	}{
		"as it should be":   {"/v24.0/" + id + "?appsecret_proof=" + proof, "Bearer EAAemulatortoken", 200, 0},
		"no proof":          {"/v24.0/" + id, "Bearer EAAemulatortoken", 400, 104},
		"another proof":     {"/v24.0/" + id + "?appsecret_proof=00", "Bearer EAAemulatortoken", 400, 104},
		"no token":          {"/v24.0/" + id, "", 401, 104},
		"another token":     {"/v24.0/" + id, "Bearer x", 401, 190},
		"an old version":    {"/v16.0/" + id, "Bearer EAAemulatortoken", 400, 2635},
		"a future version":  {"/v27.0/" + id, "Bearer EAAemulatortoken", 400, 100},
		"no version":        {"/" + id, "Bearer EAAemulatortoken", 400, 100},
		"another number":    {"/v24.0/1", "Bearer EAAemulatortoken", 400, 100},
		"an unknown edge":   {"/v24.0/" + id + "/nothing", "Bearer EAAemulatortoken", 400, 100},
		"an unknown method": {"/v24.0/" + id + "/calls", "Bearer EAAemulatortoken", 400, 100},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(b.ctx, http.MethodGet, b.server.URL()+c.path, nil)
			check(t, err)
			r.Header.Set("Authorization", c.token)
			if status, code, answer := b.exchange(r); status != c.status || code != c.code {
				t.Errorf("status %d, %v", status, answer)
			}
		})
	}
}

func TestCallsAreCheckedStrictly(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	h := b.customer(ana)
	_, err := h.Call(graph.Dial{})
	check(t, err)
	l := b.ringing(1)
	other := strings.Replace(l.answer, "a=mid:audio", "a=mid:audio\r\na=x:1", 1)
	for _, c := range []struct {
		name string
		code int
		body object
	}{
		{"an action in upper case", 100, object{"action": "ACCEPT", "call_id": l.id, "session": l.session()}},
		{"no session", 131008, object{"action": "pre_accept", "call_id": l.id}},
		{"the type of Meta's table", 100, object{"action": "pre_accept", "call_id": l.id, "session": object{"sdp_type": "offer", "sdp": l.answer}}},
		{"another call", 100, object{"action": "accept", "call_id": "wacid.x", "session": l.session()}},
		{"no SDP", 100, object{"action": "accept", "call_id": l.id, "session": object{"sdp_type": "answer", "sdp": "v=0\r\n"}}},
		{"a long tag", 100, object{"action": "accept", "call_id": l.id, "session": l.session(), "biz_opaque_callback_data": strings.Repeat("x", 513)}},
		{"a recording without purpose", 100, object{"action": "accept", "call_id": l.id, "session": l.session(), "recording": object{"status": "ENABLED"}}},
		{"pre_accept", 0, object{"action": "pre_accept", "call_id": l.id, "session": l.session()}},
		{"pre_accept again", 100, object{"action": "pre_accept", "call_id": l.id, "session": l.session()}},
		{"another answer", 100, object{"action": "accept", "call_id": l.id, "session": object{"sdp_type": "answer", "sdp": other}}},
		{"the same answer", 0, object{"action": "accept", "call_id": l.id, "session": l.session()}},
		{"accept again", 100, object{"action": "accept", "call_id": l.id, "session": l.session()}},
		{"reject in a call", 100, object{"action": "reject", "call_id": l.id}},
		{"terminate", 0, object{"action": "terminate", "call_id": l.id}},
		{"terminate again", 100, object{"action": "terminate", "call_id": l.id}},
	} {
		t.Run(c.name, func(t *testing.T) { b.act(c.code, c.body) })
	}
}

// ask sends a permission request.

func TestFaultsOfTheGraphAPI(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	get := func() (*http.Response, error) {
		r, err := http.NewRequestWithContext(b.ctx, http.MethodGet, b.server.URL()+"/v24.0/"+b.number.PhoneNumberID, nil)
		check(t, err)
		r.Header.Set("Authorization", "Bearer "+b.number.Token)
		return b.http.Do(r)
	}
	set := func(x graph.Trouble) {
		b.server.SetFaults(graph.Faults{Endpoints: map[string]graph.Trouble{"number": x}})
	}
	set(graph.Trouble{HTML: 502, Times: 1})
	for _, want := range []int{502, 200} {
		response, err := get()
		check(t, err)
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("status %d, want %d", response.StatusCode, want)
		}
	}
	set(graph.Trouble{Cut: true})
	if response, err := get(); err == nil {
		response.Body.Close()
		t.Error("the connection was not cut")
	}
}
