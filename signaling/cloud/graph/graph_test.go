package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tring/phone"
)

// wire is Graph as a list of answers and a list of requests; no socket.
type wire struct {
	answers []answer
	asked   []string
	bodies  []string
}

type answer struct {
	status int
	body   string
	err    error
	header http.Header
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		b, _ := io.ReadAll(r.Body)
		body = string(b)
	}
	w.asked = append(w.asked, r.Method+" "+r.URL.Path+"?"+r.URL.RawQuery)
	w.bodies = append(w.bodies, body)
	a := answer{status: 200, body: `{"success":true}`}
	if len(w.answers) > 0 {
		a, w.answers = w.answers[0], w.answers[1:]
	}
	if a.err != nil {
		return nil, a.err
	}
	if a.header == nil {
		a.header = http.Header{}
	}
	return &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

func client(answers ...answer) (*Client, *wire) {
	w := &wire{answers: answers}
	return New(Config{
		BaseURL: "https://graph.example", Version: "v24.0", Token: "EAAemulatortoken", AppSecret: "emulator-app-secret",
		Number: "41", Account: "52", HTTP: &http.Client{Transport: w},
	}), w
}

func failure(status, code int, details string) answer {
	return answer{status: status, body: fmt.Sprintf(`{"error":{"message":"m","code":%d,"error_data":{"details":%q},"fbtrace_id":"AbC"}}`, code, details)}
}

func TestTheTokenIsProved(t *testing.T) {
	const want = "05aa2d14f03e3f91e91ef1dbc4a7f8841336312b7ea4f0ffde5a017be3c26ae6"
	if got := proof("emulator-app-secret", "EAAemulatortoken"); got != want {
		t.Errorf("proof %s", got)
	}
	c, w := client()
	if err := c.Terminate(t.Context(), "wacid.1"); err != nil || !strings.Contains(w.asked[0], "appsecret_proof="+want) {
		t.Error(err, w.asked)
	}
}

func TestWhatIsSentForEachAction(t *testing.T) {
	sdp := "v=0\r\no=-\r\n"
	for name, c := range map[string]struct {
		do   func(*Client) error
		want string
	}{
		"connect": {
			func(c *Client) error {
				_, err := c.Connect(t.Context(), To("+1 555 010-0200", "US.9"), sdp, "tring/1")
				return err
			},
			`{"messaging_product":"whatsapp","to":"15550100200","action":"connect","session":{"sdp_type":"offer","sdp":"v=0\r\no=-\r\n"},"biz_opaque_callback_data":"tring/1"}`,
		},
		"connect by user id": {
			func(c *Client) error { _, err := c.Connect(t.Context(), To("", "US.9"), sdp, ""); return err },
			`{"messaging_product":"whatsapp","recipient":"US.9","action":"connect","session":{"sdp_type":"offer","sdp":"v=0\r\no=-\r\n"}}`,
		},
		"pre_accept": {
			func(c *Client) error { return c.PreAccept(t.Context(), "wacid.1", sdp) },
			`{"messaging_product":"whatsapp","call_id":"wacid.1","action":"pre_accept","session":{"sdp_type":"answer","sdp":"v=0\r\no=-\r\n"}}`,
		},
		"accept": {
			func(c *Client) error { return c.Accept(t.Context(), "wacid.1", sdp) },
			`{"messaging_product":"whatsapp","call_id":"wacid.1","action":"accept","session":{"sdp_type":"answer","sdp":"v=0\r\no=-\r\n"}}`,
		},
		"reject": {func(c *Client) error { return c.Reject(t.Context(), "wacid.1") }, `{"messaging_product":"whatsapp","call_id":"wacid.1","action":"reject"}`},
		"text": {
			func(c *Client) error { _, err := c.Text(t.Context(), To("15550100200", ""), "hi"); return err },
			`{"messaging_product":"whatsapp","recipient_type":"individual","to":"15550100200","type":"text","text":{"body":"hi","preview_url":false}}`,
		},
		"ask": {
			func(c *Client) error {
				_, err := c.AskPermission(t.Context(), To("15550100200", ""), "May we?")
				return err
			},
			`{"messaging_product":"whatsapp","recipient_type":"individual","to":"15550100200","type":"interactive","interactive":{"action":{"name":"call_permission_request"},"body":{"text":"May we?"},"type":"call_permission_request"}}`,
		},
		"ask with template": {func(c *Client) error {
			_, err := c.AskWithTemplate(t.Context(), To("15550100200", ""), Template{"may_we_call", "en", []string{"order 4411"}})
			return err
		}, `{"messaging_product":"whatsapp","recipient_type":"individual","to":"15550100200","type":"template","template":{"components":[{"parameters":[{"text":"order 4411","type":"text"}],"type":"body"}],"language":{"code":"en"},"name":"may_we_call"}}`},
		"button": {func(c *Client) error {
			_, err := c.CallButton(t.Context(), To("15550100200", ""), Button{"Tap", "Call us", 120, "ticket-4411"})
			return err
		}, `{"messaging_product":"whatsapp","recipient_type":"individual","to":"15550100200","type":"interactive","interactive":{"action":{"name":"voice_call","parameters":{"display_text":"Call us","payload":"ticket-4411","ttl_minutes":120}},"body":{"text":"Tap"},"type":"voice_call"}}`},
		"callback": {func(c *Client) error { return c.SetCallback(t.Context(), "https://x", "v") }, `{"webhook_configuration":{"override_callback_uri":"https://x","verify_token":"v"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			client, w := client(answer{status: 200, body: `{"calls":[{"id":"wacid.1"}],"success":true}`})
			if err := c.do(client); err != nil || w.bodies[0] != c.want {
				t.Errorf("%v\ngot  %s\nwant %s", err, w.bodies[0], c.want)
			}
		})
	}
}

func TestWhatMayBeSentAgain(t *testing.T) {
	down, busy, html := answer{err: io.ErrUnexpectedEOF}, failure(429, 4, ""), answer{status: 502, body: "<html>Bad Gateway</html>"}
	for name, c := range map[string]struct {
		do   func(*Client, context.Context) error
		bad  answer
		want int // how often it is sent when it never succeeds
	}{
		"connect, network":     {func(c *Client, x context.Context) error { _, err := c.Connect(x, To("1", ""), "", ""); return err }, down, 1},
		"connect, 502":         {func(c *Client, x context.Context) error { _, err := c.Connect(x, To("1", ""), "", ""); return err }, html, 1},
		"accept, network":      {func(c *Client, x context.Context) error { return c.Accept(x, "w", "") }, down, 2},
		"accept, 502":          {func(c *Client, x context.Context) error { return c.Accept(x, "w", "") }, html, 2},
		"accept, rate limit":   {func(c *Client, x context.Context) error { return c.Accept(x, "w", "") }, busy, 1},
		"terminate, network":   {func(c *Client, x context.Context) error { return c.Terminate(x, "w") }, down, 4},
		"terminate, limit":     {func(c *Client, x context.Context) error { return c.Terminate(x, "w") }, busy, 4},
		"terminate, bad token": {func(c *Client, x context.Context) error { return c.Terminate(x, "w") }, failure(401, 190, ""), 1},
		"text, network":        {func(c *Client, x context.Context) error { _, err := c.Text(x, To("1", ""), "hi"); return err }, down, 1},
		"settings, network":    {func(c *Client, x context.Context) error { _, err := c.Settings(x); return err }, down, 3},
		"settings, limit":      {func(c *Client, x context.Context) error { _, err := c.Settings(x); return err }, busy, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, w := client(c.bad, c.bad, c.bad, c.bad, c.bad)
				if err := c.do(client, t.Context()); err == nil || len(w.asked) != c.want {
					t.Errorf("sent %d times, want %d; %v", len(w.asked), c.want, err)
				}
			})
		})
	}
}

func TestAnEndThatCameTooLateIsAnEnd(t *testing.T) {
	for _, a := range []answer{failure(400, 100, "Call already terminated"), failure(404, 0, ""), failure(400, 100, "invalid call id")} {
		c, _ := client(a)
		if err := c.Terminate(t.Context(), "wacid.1"); err != nil {
			t.Errorf("%s: %v", a.body, err)
		}
	}
	c, _ := client(failure(400, 131055, "already"))
	if err := c.Terminate(t.Context(), "wacid.1"); err == nil {
		t.Error("a number with SIP has not ended the call")
	}
	if err := error(&Error{HTTP: 400, Code: 100, Details: "Call is already in progress"}); Over(err) || !TakenElsewhere(err) {
		t.Error("a call that another program answered is not over")
	}
}

func TestEveryErrorHasASentenceAndACause(t *testing.T) {
	for code, k := range codes {
		e := &Error{HTTP: 401, Code: code, Details: "more"}
		if k.sentence == "" || k.next == "" || !strings.HasPrefix(e.Error(), k.sentence) || !strings.HasSuffix(e.Error(), k.next) || !strings.Contains(e.Error(), "Meta says: more") {
			t.Errorf("%d: %q", code, e.Error())
		}
		var why phone.Cause
		if !errors.As(error(e), &why) || why == phone.CauseUnknown {
			t.Errorf("%d has cause %v", code, why)
		}
	}
	for name, c := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"HTML":          {502, "<html>Bad Gateway</html>", "Meta's server failed (HTTP 502) (Meta says: Bad Gateway); try again later"},
		"unknown code":  {400, `{"error":{"code":138099,"error_data":{"details":"d"}}}`, "Meta refused with code 138099 (Meta says: d); the log has the trace that Meta's support asks for"},
		"data as text":  {400, `{"error":{"code":"100","error_data":"old"}}`, "Meta did not understand a part of the request (Meta says: old); the log has the trace that Meta's support asks for"},
		"a permission":  {403, `{"error":{"code":200,"message":"m"}}`, "the access token lacks a permission (Meta says: m); give it whatsapp_business_messaging and whatsapp_business_management"},
		"for people":    {400, `{"error":{"code":100,"message":"m","error_user_msg":"Please \u001b[31mwait"}}`, "Meta did not understand a part of the request (Meta says: Please [31mwait); the log has the trace that Meta's support asks for"},
		"empty":         {500, ``, "Meta's server failed (HTTP 500) (Meta says: Internal Server Error); try again later"},
		"JSON no error": {400, `[]`, "Meta refused (HTTP 400) (Meta says: Bad Request); the log has the trace that Meta's support asks for"},
	} {
		if got := parseError(c.status, []byte(c.body)).Error(); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	c, _ := client(answer{status: 200, body: `{"success":false}`})
	if err := c.Accept(t.Context(), "w", ""); err == nil {
		t.Error("success:false is no success")
	}
}

func TestNoErrorShowsTheTokenOrItsProof(t *testing.T) {
	c := New(Config{BaseURL: "http://127.0.0.1:1", Version: "v24.0", Token: "EAAemulatortoken", AppSecret: "emulator-app-secret", Number: "41"})
	err := c.Accept(t.Context(), "w", "")
	if err == nil || strings.Contains(err.Error(), "EAA") || strings.Contains(err.Error(), "05aa2d14") {
		t.Errorf("%v", err)
	}
}

func TestTheClockIsMetas(t *testing.T) {
	late := http.Header{"Date": {time.Now().Add(10 * time.Minute).UTC().Format(http.TimeFormat)}}
	c, _ := client(answer{status: 200, body: `{}`, header: late})
	if _, err := c.Number(t.Context()); err != nil {
		t.Fatal(err)
	}
	if off := time.Until(c.Now()); off < 9*time.Minute || off > 11*time.Minute {
		t.Errorf("off by %v", off)
	}
}

func TestPermissionsInBothVocabularies(t *testing.T) {
	now := time.Unix(1790000000, 0)
	for name, c := range map[string]struct {
		body string
		code int // of MayCall, 0 if it may
	}{
		"temporary": {`{"permission":{"status":"temporary","expiration_time":1790600000},"actions":[{"action_name":"start_call","can_perform_action":true,"limits":[{"time_period":"PT24H","max_allowed":100,"current_usage":3}]}]}`, 0},
		"run out":   {`{"permission":{"status":"temporary","expiration_time":"1789999999"}}`, 138006},
		"permanent": {`{"permission":{"status":"permanent"},"actions":[{"action_name":"start_call","can_perform_action":true,"limits":""}]}`, 0},
		"granted":   {`{"permission":{"status":"granted","expiration":1790600000}}`, 0},
		"none":      {`{"permission":{"status":"no_permission"}}`, 138006},
		"denied":    {`{"permission":{"status":"denied"}}`, 138006},
		"used up":   {`{"permission":{"status":"permanent"},"actions":[{"action_name":"start_call","can_perform_action":false,"limits":[{"max_allowed":100,"current_usage":100,"limit_expiration_time":1790086400}]}]}`, 138012},
		"empty":     {`{}`, 138006},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := client(answer{status: 200, body: c.body})
			p, err := client.Permission(t.Context(), To("15550100200", ""))
			if err != nil {
				t.Fatal(err)
			}
			var refused *Error
			if err := p.MayCall(now); (err == nil) != (c.code == 0) || errors.As(err, &refused) && refused.Code != c.code {
				t.Errorf("%+v: %v", p, err)
			}
		})
	}
}

func TestHoursThatMetaWouldRefuseAreNeverSent(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	good := Hours{Enabled: true, Zone: "Europe/Madrid", Weekly: []OpenSpan{{1, 540, 810}, {1, 930, 1140}}, Holidays: []Holiday{{"2027-01-06", 0, 1439}}}
	if err := good.Check(now); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*Hours)
		want   error
	}{
		"status":        {func(h *Hours) { h.status = "MAYBE" }, ErrHoursStatus},
		"zone":          {func(h *Hours) { h.Zone = "Europe/Nowhere" }, ErrHoursZone},
		"empty week":    {func(h *Hours) { h.Weekly = nil }, ErrHoursEmpty},
		"schedule":      {func(h *Hours) { h.Weekly = []OpenSpan{{1, 810, 540}} }, ErrHoursSchedule},
		"three a day":   {func(h *Hours) { h.Weekly = []OpenSpan{{1, 0, 1}, {1, 2, 3}, {1, 4, 5}} }, ErrHoursTooMany},
		"overlap":       {func(h *Hours) { h.Weekly = []OpenSpan{{1, 600, 700}, {1, 540, 601}} }, ErrHoursOverlap},
		"holiday date":  {func(h *Hours) { h.Holidays[0].Date = "6.1.2027" }, ErrHolidayDate},
		"holiday past":  {func(h *Hours) { h.Holidays[0].Date = "2026-11-20" }, ErrHolidayPast},
		"holiday hours": {func(h *Hours) { h.Holidays[0].End = -1 }, ErrHoursSchedule},
	} {
		t.Run(name, func(t *testing.T) {
			h := good
			h.Holidays = append([]Holiday(nil), good.Holidays...)
			c.change(&h)
			client, w := client()
			if _, err := client.SetSettings(t.Context(), Patch{Hours: &h}); !errors.Is(h.Check(now), c.want) {
				t.Errorf("%v, want %v", h.Check(now), c.want)
			} else if err != nil && len(w.asked) != 0 {
				t.Errorf("%d requests were sent", len(w.asked))
			}
		})
	}
}

func TestSettingsAreSavedReadAgainAndCompared(t *testing.T) {
	before := `{"calling":{"status":"DISABLED","call_hours":{"status":"ENABLED","timezone_id":"Europe/Madrid","weekly_operating_hours":[{"day_of_week":"MONDAY","open_time":"09:00","close_time":1330}],
"holiday_schedule":[{"date":"2099-01-06","open_time":"0000","close_time":"2359"}]},"restrictions":{"restriction_list":[{"type":"RESTRICTED_BUSINESS_INITIATED_CALLING","reason":"quality","expiration":4000000000}]}},"storage_configuration":{}}`
	after := strings.Replace(before, "DISABLED", "ENABLED", 1)
	on := "ENABLED"
	c, w := client(answer{status: 200, body: before}, answer{status: 200, body: `{"success":true}`}, answer{status: 200, body: after}, answer{status: 200, body: `{"success":true}`}, answer{status: 200, body: before})
	s, err := c.Settings(t.Context())
	if err != nil || s.Hours == nil || s.Hours.Check(time.Now()) != nil || s.Hours.Weekly[0] != (OpenSpan{time.Monday, 540, 810}) {
		t.Fatalf("%+v %v", s, err)
	}
	if d := Diff(s, s.Apply(Patch{Status: &on})); !reflect.DeepEqual(d, []Change{{"status", "DISABLED", "ENABLED"}}) {
		t.Errorf("%v", d)
	}
	got, err := c.SetSettings(t.Context(), Patch{Status: &on})
	if err != nil || w.bodies[1] != `{"calling":{"status":"ENABLED"}}` {
		t.Errorf("%v, sent %s", err, w.bodies[1])
	}
	if got.MayCall(false, time.Now()) != nil || !errors.Is(got.MayCall(true, time.Now()), phone.Restricted) {
		t.Error("calls to customers are restricted, those from customers are not")
	}
	if _, err := c.SetSettings(t.Context(), Patch{Status: &on}); err == nil || !strings.Contains(err.Error(), "status") {
		t.Errorf("a change that was not taken over: %v", err)
	}
	if b, _ := json.Marshal(Patch{Countries: &[]string{}}); string(b) != `{"calling":{"call_icons":{"restrict_to_user_countries":[]}}}` {
		t.Errorf("%s", b)
	}
}

func TestMediaIsFetchedWholeFromASafePlace(t *testing.T) {
	const sum = "2689367b205c16ce32ed4200942b8b8b1e262dfc70d9bc9fbc77c49699a4f1df" // of "ok"
	for name, c := range map[string]struct {
		url, hash string
		want      error
	}{
		"whole":         {"https://lookaside.example/1", sum, nil},
		"damaged":       {"https://lookaside.example/1", strings.Repeat("0", 64), errMediaHash},
		"another place": {"http://evil.example/1", sum, errMediaPlace},
	} {
		client, w := client(answer{status: 200, body: fmt.Sprintf(`{"url":%q,"mime_type":"audio/ogg","sha256":%q,"file_size":"2"}`, c.url, c.hash)}, answer{status: 200, body: "ok"})
		if m, err := client.Media(t.Context(), "7"); !errors.Is(err, c.want) || err == nil && string(m.Body) != "ok" {
			t.Errorf("%s: %v", name, err)
		}
		if c.want == errMediaPlace && len(w.asked) > 1 {
			t.Error("the token went to another place")
		}
	}
}

func TestCallLinks(t *testing.T) {
	if l, err := CallLink("+1 555-010-0100", "a b&c"); err != nil || l != "https://wa.me/call/15550100100?biz_payload=a+b%26c" {
		t.Error(l, err)
	}
	for _, bad := range [][2]string{{"", "x"}, {"1", strings.Repeat("x", 513)}} {
		if _, err := CallLink(bad[0], bad[1]); err == nil {
			t.Errorf("%.5v was taken", bad)
		}
	}
	for _, b := range []Button{{Text: "x", Label: strings.Repeat("x", 21)}, {Text: "x", Minutes: 43201}, {Label: "x"}, {Text: "x", Payload: strings.Repeat("x", 513)}} {
		c, w := client()
		if _, err := c.CallButton(t.Context(), To("1", ""), b); err == nil || len(w.asked) != 0 {
			t.Errorf("%+.20v was sent", b)
		}
	}
}

func FuzzErrorsAndSettings(f *testing.F) {
	f.Add([]byte(`{"error":{"code":138006,"error_data":{"details":"x"}}}`), 400)
	f.Add([]byte(`{"calling":{"call_hours":{"status":1}}}`), 200)
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		if e := parseError(status, body); e.Error() == "" || len(e.Details) > 4*maxDetails {
			t.Error("an error without a sentence, or without an end")
		}
		var s settingsAnswer
		if json.Unmarshal(body, &s) == nil {
			_ = Diff(s.settings(), Settings{})
			if h := s.settings().Hours; h != nil {
				_ = h.Check(time.Now())
			}
		}
	})
}

func TestWhoCannotBeCalledAtAllIsNotSaidToHaveBeenAskedTooOften(t *testing.T) {
	limits := func(used int) string {
		return fmt.Sprintf(`"can_perform_action":false,"limits":[{"time_period":"PT24H","max_allowed":1,"current_usage":%d},{"time_period":"P7D","max_allowed":2,"current_usage":%d}]`, used, used)
	}
	for name, c := range map[string]struct {
		action    string
		ask, call int
	}{
		"nothing used": {limits(0), 138001, 138001},
		"one used up":  {limits(1), 138009, 138012},
		"not told":     {`"can_perform_action":false,"limits":""`, 138009, 138012},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := client(answer{status: 200, body: `{"permission":{"status":"granted"},"actions":[{"action_name":"start_call",` + c.action + `},{"action_name":"send_call_permission_request",` + c.action + `}]}`})
			p, err := client.Permission(t.Context(), To("15550100200", ""))
			if err != nil {
				t.Fatal(err)
			}
			for err, want := range map[error]int{p.MayAsk(): c.ask, p.MayCall(time.Unix(1790000000, 0)): c.call} {
				if refused := (*Error)(nil); !errors.As(err, &refused) || refused.Code != want {
					t.Errorf("want %d, got %v", want, err)
				}
			}
		})
	}
}
