package graph_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"tring/exchange/graph"
	"tring/exchange/graph/leg"
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

func TestCallsToCustomersAreRefusedWithTheDocumentedCodes(t *testing.T) {
	for name, c := range map[string]struct {
		options graph.Options
		before  func(*business, *graph.Handset)
		to      string
		code    int
	}{
		"no permission": {to: ana, code: 138006},
		"disabled":      {options: graph.Options{Business: graph.Business{Disabled: true}}, to: ana, code: 138000},
		"a plus":        {to: "+" + ana, code: 131030},
		"itself":        {to: "15550100100", code: 131021},
		"nobody":        {to: "", code: 131008},
		"from Canada":   {options: graph.Options{Business: graph.Business{Country: "CA"}}, to: ana, code: 138013},
		"blocked":       {before: func(_ *business, h *graph.Handset) { h.Block(true) }, to: ana, code: 138001},
		"SIP":           {before: func(b *business, _ *graph.Handset) { b.server.SetSIP(true) }, to: ana, code: 131055},
		"not paid":      {before: func(b *business, _ *graph.Handset) { b.server.SetFaults(graph.Faults{Unpaid: true}) }, to: ana, code: 131044},
		"paused": {before: func(b *business, _ *graph.Handset) {
			b.server.Restrict(true, "quality", time.Now().Add(time.Hour).Unix())
		}, to: ana, code: 138014},
		"while she calls": {before: func(b *business, h *graph.Handset) {
			check(b.t, h.Permit(graph.Once))
			_, err := h.Call(graph.Dial{})
			check(b.t, err)
		}, to: ana, code: 138003},
		"a week too late": {before: func(b *business, h *graph.Handset) {
			check(b.t, h.Permit(graph.Once))
			b.server.Clock().Advance(8 * 24 * time.Hour)
		}, to: ana, code: 138006},
		"taken back": {before: func(b *business, h *graph.Handset) {
			check(b.t, h.Permit(graph.Always))
			check(b.t, h.Permit(graph.Never))
		}, to: ana, code: 138006},
		"always, a year on": {before: func(b *business, h *graph.Handset) {
			check(b.t, h.Permit(graph.Always))
			b.server.Clock().Advance(365 * 24 * time.Hour)
		}, to: ana, code: 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBusiness(t, c.options)
			h := b.customer(ana)
			if c.before != nil {
				c.before(b, h)
			}
			b.newLine().place(c.to, c.code)
		})
	}
}

func TestFourUnansweredCallsTakeThePermissionAway(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	h := b.customer(ana)
	check(t, h.Permit(graph.Once))
	h.Behave(graph.Behaviour{Declines: true})
	for n := range 4 {
		b.newLine().place(ana, 0)
		b.await("terminate", n+1)
	}
	if p := h.Screen(); p.Streak != 4 || p.Allowed {
		t.Errorf("after four calls: %+v", p)
	}
	reply := b.await("call_permission_reply", 2).body["interactive"].(object)["call_permission_reply"].(object)
	if reply["response"] != "reject" || reply["response_source"] != "automatic" {
		t.Errorf("the reply is %v", reply)
	}
	b.newLine().place(ana, 138006)
}

// ask sends a permission request.
func (b *business) ask(code int) {
	b.t.Helper()
	b.message(code, object{"type": "interactive", "interactive": object{
		"type": "call_permission_request",
		"body": object{"text": "May we?"}, "action": object{"name": "call_permission_request"},
	}})
}

func (b *business) message(code int, body object) {
	b.t.Helper()
	body["messaging_product"], body["to"] = "whatsapp", ana
	if status, got, answer := b.send(http.MethodPost, b.number.PhoneNumberID+"/messages", body); got != code {
		b.t.Fatalf("status %d, %v; want code %d", status, answer, code)
	}
}

func TestPermissionsAreAskedForOnceADay(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	h := b.customer(ana)
	b.ask(131047) // she has not written
	check(t, h.SendText("hello"))
	b.ask(0)
	b.ask(138009)
	b.server.Clock().Advance(25 * time.Hour)
	b.ask(131047) // the window has closed
	check(t, h.SendText("hello"))
	b.ask(0)
	b.server.Clock().Advance(25 * time.Hour)
	check(t, h.SendText("hello"))
	b.ask(138009) // two in a week
	check(t, h.Permit(graph.Always))
	b.ask(138017)
	if inbox := h.Inbox(); len(inbox) != 2 || inbox[0].Kind != "call_permission_request" {
		t.Errorf("the inbox is %+v", inbox)
	}
}

func TestACustomerWhoCallsMayBeCalledBack(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	h := b.customer(ana)
	status, _, _ := b.send(http.MethodPost, b.number.PhoneNumberID+"/settings", object{"calling": object{"callback_permission_status": "ENABLED"}})
	if status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	id, err := h.Call(graph.Dial{})
	check(t, err)
	check(t, h.HangUp())
	m := b.await("call_permission_reply", 1).body
	if m["context"].(object)["id"] != id || !h.Screen().Allowed {
		t.Errorf("the reply is %v", m)
	}
	_, _, answer := b.send(http.MethodGet, b.number.PhoneNumberID+"/call_permissions?user_wa_id="+ana, nil)
	if answer["permission"].(object)["status"] != "temporary" {
		t.Errorf("the permission is %v", answer)
	}
}

func TestPermissionsMayBeReadFiveTimesASecond(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	var codes []int
	for range 6 {
		_, code, _ := b.send(http.MethodGet, b.number.PhoneNumberID+"/call_permissions?user_wa_id="+ana, nil)
		codes = append(codes, code)
	}
	if !slices.Equal(codes, []int{0, 0, 0, 0, 0, 613}) {
		t.Errorf("the codes are %v", codes)
	}
}

func TestACallButtonBringsItsPayload(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	h := b.customer(ana)
	check(t, h.SendText("hello"))
	b.message(0, object{"type": "interactive", "interactive": object{
		"type": "voice_call", "body": object{"text": "Tap"},
		"action": object{"name": "voice_call", "parameters": object{"display_text": "Call", "ttl_minutes": 60, "payload": "ticket-4411"}},
	}})
	id := h.Inbox()[0].ID
	_, err := h.Call(graph.Dial{Button: id})
	check(t, err)
	if e := b.await("connect", 1); e.body["cta_payload"] != "ticket-4411" {
		t.Errorf("the offer is %v", e.body)
	}
	check(t, h.HangUp())
	b.server.Clock().Advance(61 * time.Minute)
	if _, err := h.Call(graph.Dial{Button: id}); err != graph.ErrExpired {
		t.Errorf("after an hour: %v", err)
	}
}

func TestSettingsAreMergedAndChecked(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	path := b.number.PhoneNumberID + "/settings"
	week := func(entries ...object) object {
		return object{"call_hours": object{"status": "ENABLED", "timezone_id": "Europe/Madrid", "weekly_operating_hours": entries}}
	}
	open := func(day, from, to string) object {
		return object{"day_of_week": day, "open_time": from, "close_time": to}
	}
	monday := open("MONDAY", "0900", "1330")
	for name, calling := range map[string]object{
		"a word":            {"status": "ON"},
		"no hours":          week(),
		"three a day":       week(monday, open("MONDAY", "1400", "1500"), open("MONDAY", "1600", "1700")),
		"overlap":           week(monday, open("MONDAY", "1300", "1500")),
		"backwards":         week(open("MONDAY", "1300", "0900")),
		"colons":            week(open("MONDAY", "09:00", "13:30")),
		"no such day":       week(open("FUNDAY", "0900", "1330")),
		"no such zone":      {"call_hours": object{"status": "ENABLED", "timezone_id": "Mars", "weekly_operating_hours": []object{monday}}},
		"a holiday gone by": {"call_hours": object{"status": "ENABLED", "timezone_id": "UTC", "weekly_operating_hours": []object{monday}, "holiday_schedule": []object{{"date": "2020-01-01", "start_time": "0000", "end_time": "2359"}}}},
		"no date":           {"call_hours": object{"status": "ENABLED", "timezone_id": "UTC", "weekly_operating_hours": []object{monday}, "holiday_schedule": []object{{"date": "tomorrow", "start_time": "0000", "end_time": "2359"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			if _, code, answer := b.send(http.MethodPost, path, object{"calling": calling}); code != 100 {
				t.Errorf("the answer is %v", answer)
			}
		})
	}
	if status, _, answer := b.send(http.MethodPost, path, object{"calling": week(monday)}); status != 200 {
		t.Fatalf("good hours: %v", answer)
	}
	b.await("account_settings_update", 1)
	_, _, answer := b.send(http.MethodGet, path, nil)
	calling := answer["calling"].(object)
	if calling["status"] != "ENABLED" || calling["call_hours"] == nil {
		t.Errorf("the settings are %v", answer)
	}
}

func TestOutsideTheHoursNobodyCanCall(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	h := b.customer(ana)
	closed := time.Now().UTC().Add(48 * time.Hour) // two days from now is another day of the week
	b.send(http.MethodPost, b.number.PhoneNumberID+"/settings", object{"calling": object{"call_hours": object{
		"status": "ENABLED", "timezone_id": "UTC", "weekly_operating_hours": []object{
			{"day_of_week": strings.ToUpper(closed.Weekday().String()), "open_time": "0000", "close_time": "2359"},
		},
	}}})
	if _, err := h.Call(graph.Dial{}); err != graph.ErrClosed {
		t.Errorf("the call: %v", err)
	}
}

func TestCallingIsEnabledOnlyWithItsPrerequisites(t *testing.T) {
	for name, c := range map[string]struct {
		business graph.Business
		fields   []string
		code     int
	}{
		"a small limit":   {graph.Business{Disabled: true, Limit: 250}, []string{"calls"}, 138015},
		"no subscription": {graph.Business{Disabled: true}, []string{"messages"}, 138018},
		"all of them":     {graph.Business{Disabled: true}, []string{"calls"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBusiness(t, graph.Options{Business: c.business})
			b.server.SetFields(c.fields...)
			_, code, answer := b.send(http.MethodPost, b.number.PhoneNumberID+"/settings", object{"calling": object{"status": "ENABLED"}})
			if code != c.code {
				t.Errorf("the answer is %v", answer)
			}
		})
	}
}

func TestANumbersOwnCallbackMustProveItself(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	h := b.customer(ana)
	b.server.SetCallback("http://127.0.0.1:1/gone", "x")
	set := func(url, token string) int {
		_, code, _ := b.send(http.MethodPost, b.number.PhoneNumberID, object{"webhook_configuration": object{"override_callback_uri": url, "verify_token": token}})
		return code
	}
	if set(b.hooks.URL, "wrong") != 100 || set("http://127.0.0.1:1/", verifyToken) != 100 {
		t.Error("a callback that does not answer was taken")
	}
	if code := set(b.hooks.URL, verifyToken); code != 0 {
		t.Fatalf("code %d", code)
	}
	check(t, h.SendText("hello"))
	b.await("text", 1)
	_, _, answer := b.send(http.MethodGet, b.number.PhoneNumberID+"?fields=webhook_configuration", nil)
	if answer["webhook_configuration"].(object)["phone_number"] != b.hooks.URL {
		t.Errorf("the configuration is %v", answer)
	}
	b.send(http.MethodDelete, b.number.AccountID+"/subscribed_apps", nil)
	check(t, h.SendText("nobody hears this"))
	b.send(http.MethodPost, b.number.AccountID+"/subscribed_apps", object{})
	check(t, h.SendText("but this"))
	if e := b.await("text", 2); e.body["text"].(object)["body"] != "but this" {
		t.Errorf("there came %v", e.body)
	}
}

func TestFilesComeBackAsTheyWere(t *testing.T) {
	b := newBusiness(t, graph.Options{})
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	check(t, w.WriteField("messaging_product", "whatsapp"))
	check(t, w.WriteField("type", "audio/ogg"))
	part, err := w.CreateFormFile("file", "a.ogg")
	check(t, err)
	io.WriteString(part, "OggS")
	check(t, w.Close())
	get := func(method, url, kind string, body io.Reader) *http.Request {
		r, err := http.NewRequestWithContext(b.ctx, method, url, body)
		check(t, err)
		r.Header.Set("Authorization", "Bearer "+b.number.Token)
		r.Header.Set("Content-Type", kind)
		return r
	}
	_, _, answer := b.exchange(get(http.MethodPost, b.server.URL()+"/v24.0/"+b.number.PhoneNumberID+"/media", w.FormDataContentType(), &form))
	_, _, answer = b.exchange(get(http.MethodGet, b.server.URL()+"/v24.0/"+answer["id"].(string), "", nil))
	response, err := b.http.Do(get(http.MethodGet, answer["url"].(string), "", nil))
	check(t, err)
	defer response.Body.Close()
	if data, _ := io.ReadAll(response.Body); string(data) != "OggS" {
		t.Errorf("there came %q", data)
	}
}

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

func BenchmarkACallToTheBusiness(b *testing.B) {
	shop := newBusiness(b, graph.Options{Leg: leg.Options{Family: leg.Live}})
	h := shop.customer(ana)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		_, err := h.Call(graph.Dial{})
		check(b, err)
		n++
		shop.act(0, object{"call_id": shop.await("connect", n).id, "action": "reject"})
	}
}
