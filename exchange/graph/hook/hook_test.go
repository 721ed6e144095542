package hook_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tring/exchange/graph/hook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "emulator-app-secret"

func TestSignaturesAreThoseOfTheKnownVectors(t *testing.T) {
	for body, want := range map[string]string{
		`{"object":"whatsapp_business_account","entry":[{"id":"520000000000001","time":1790000000,"changes":[]}]}`:                                                       "sha256=5284d002e0296e0e4bc3f24e413d59e4516457f7fe26eae9f4d05af9a04ada6b",
		`{"object":"whatsapp_business_account","entry":[{"id":"520000000000001","changes":[{"field":"calls","value":{"contacts":[{"profile":{"name":"Zo\u00eb"}}]}}]}]}`: "sha256=f3fd771d7ff6b3bcfd01127e56649715e2822c3b0de750e0e825fe8ca45eb21d",
	} {
		if got := hook.Sign(secret, []byte(body)); got != want {
			t.Errorf("%s is signed %s", body, got)
		}
	}
}

// inbox is a callback that keeps what came.
type inbox struct {
	*httptest.Server
	mu     sync.Mutex
	bodies [][]byte
	status []int // of the next answers; then 200
	came   chan struct{}
}

func newInbox(t testing.TB) *inbox {
	b := &inbox{came: make(chan struct{}, 10000)}
	b.Server = httptest.NewServer(b)
	t.Cleanup(b.Server.Close)
	return b
}

func (b *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if r.Method == http.MethodGet {
		io.WriteString(w, r.URL.Query().Get("hub.challenge"))
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	status := http.StatusOK
	if len(b.status) > 0 {
		status, b.status = b.status[0], b.status[1:]
	}
	if r.Header.Get("X-Hub-Signature-256") != hook.Sign(secret, body) {
		status = http.StatusForbidden
	}
	w.WriteHeader(status)
	b.bodies = append(b.bodies, body)
	b.came <- struct{}{}
}

func (b *inbox) wait(t testing.TB, n int) [][]byte {
	t.Helper()
	for range n {
		select {
		case <-b.came:
		case <-time.After(10 * time.Second):
			t.Fatalf("%d webhooks did not come", n)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.bodies)
}

func newSender(t testing.TB, b *inbox, o hook.Options) *hook.Sender {
	o.Secret, o.Account = secret, "52"
	s := hook.New(o)
	t.Cleanup(func() { s.Close() })
	s.SetCallback(b.URL)
	return s
}

func call(kind string) hook.Event {
	return hook.Event{Field: "calls", Kind: kind, ID: "wacid.1", Value: hook.Object{
		"metadata": hook.Object{"phone_number_id": "41"},
		"contacts": []hook.Object{{"wa_id": "155", "user_id": "US.1", "profile": hook.Object{"name": "Zoë 😀 a/b"}}},
		"calls": []hook.Object{{
			"id": "wacid.1", "event": kind, "from": "155", "direction": "USER_INITIATED", "timestamp": "17",
			"status": "COMPLETED", "session": hook.Object{"sdp_type": "offer", "sdp": "v=0\r\ns=-\r\n"},
		}},
	}}
}

func TestWebhooksAreAsciiAndSigned(t *testing.T) {
	b := newInbox(t)
	s := newSender(t, b, hook.Options{})
	s.SetFaults(hook.Faults{Slashes: true})
	s.Send(call("connect"))
	body := b.wait(t, 1)[0]
	for _, c := range body {
		if c > 126 {
			t.Fatalf("the body is not ASCII: %s", body)
		}
	}
	var back struct {
		Entry []struct {
			Changes []struct {
				Value struct {
					Contacts []struct{ Profile struct{ Name string } }
				}
			}
		}
	}
	if err := json.Unmarshal(body, &back); err != nil || back.Entry[0].Changes[0].Value.Contacts[0].Profile.Name != "Zoë 😀 a/b" {
		t.Errorf("read back: %+v (%v)", back, err)
	}
	for len(s.Deliveries()) == 0 { // it is written down when the answer was read
		time.Sleep(time.Millisecond)
	}
	if s.Took(0.95) == 0 {
		t.Error("the delivery took no time")
	}
	if d := s.Deliveries(); len(d) != 1 || d[0].Status != 200 {
		t.Errorf("deliveries are %+v", d)
	}
}

func TestAFailedWebhookComesAgainAsItWas(t *testing.T) {
	b := newInbox(t)
	b.status = []int{500, 404}
	s := newSender(t, b, hook.Options{Gaps: []time.Duration{0, time.Millisecond}})
	s.Send(call("connect"))
	bodies := b.wait(t, 3)
	if string(bodies[0]) != string(bodies[2]) {
		t.Error("the attempts differ")
	}
}

func TestDisorder(t *testing.T) {
	kinds := func(bodies [][]byte) (out []string) {
		for _, body := range bodies {
			var e struct {
				Entry []struct {
					Changes []struct {
						Value struct{ Calls []struct{ Event string } }
					}
				}
			}
			if err := json.Unmarshal(body, &e); err != nil {
				t.Fatal(err)
			}
			text := ""
			for _, c := range e.Entry[0].Changes {
				text += c.Value.Calls[0].Event + " "
			}
			out = append(out, text)
		}
		return out
	}
	for _, c := range []struct {
		name   string
		faults hook.Faults
		want   []string
	}{
		{"in order", hook.Faults{}, []string{"connect ", "terminate "}},
		{"twice", hook.Faults{Twice: true}, []string{"connect ", "connect ", "terminate ", "terminate "}},
		{"the end first", hook.Faults{Late: map[string]time.Duration{"connect": 50 * time.Millisecond}}, []string{"terminate ", "connect "}},
		{"one lost", hook.Faults{Lost: []string{"connect"}}, []string{"terminate "}},
		{"in one body", hook.Faults{Batch: true}, []string{"connect terminate "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newInbox(t)
			s := newSender(t, b, hook.Options{})
			s.SetFaults(c.faults)
			s.Send(call("connect"))
			s.Send(call("terminate"))
			if got := kinds(b.wait(t, len(c.want))); !slices.Equal(got, c.want) {
				t.Errorf("there came %q, want %q", got, c.want)
			}
		})
	}
}

func TestAPauseHoldsWebhooksBack(t *testing.T) {
	b := newInbox(t)
	s := newSender(t, b, hook.Options{})
	s.Pause(true)
	s.Send(call("connect"))
	if s.Waiting() != 1 {
		t.Error("the webhook does not wait")
	}
	s.Pause(false)
	b.wait(t, 1)
}

func TestForgeriesAreToldFromWebhooks(t *testing.T) {
	b := newInbox(t)
	s := newSender(t, b, hook.Options{Timeout: time.Second})
	for _, kind := range []hook.Forgery{hook.Unsigned, hook.WrongKey, hook.OldHash, hook.OtherBody} {
		if status, err := s.Forge(kind, call("terminate")); status != http.StatusForbidden || err != nil {
			t.Errorf("%s: status %d, %v", kind, status, err)
		}
	}
	if status, _ := s.Forge(hook.Slow, call("terminate")); status != 0 {
		t.Errorf("a body that never ends was answered with %d", status)
	}
	if _, err := s.Forge("no such thing", call("terminate")); err == nil {
		t.Error("an unknown forgery was sent")
	}
}

func TestTheHandshakeWantsTheChallengeVerbatim(t *testing.T) {
	b := newInbox(t)
	s := newSender(t, b, hook.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := s.Handshake(ctx, b.URL, "token"); err != nil {
		t.Error(err)
	}
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `"`+r.URL.Query().Get("hub.challenge")+`"`)
	}))
	defer other.Close()
	if s.Handshake(ctx, other.URL, "token") == nil {
		t.Error("a quoted challenge was taken")
	}
	if s.Handshake(ctx, "nowhere", "token") == nil {
		t.Error("a callback that is no URL was taken")
	}
}

func TestShapesAreValidJSON(t *testing.T) {
	b := newInbox(t)
	s := newSender(t, b, hook.Options{})
	original := call("terminate")
	for _, shape := range []hook.Shape{
		{NoDirection: true},
		{NoNumber: true},
		{NoContacts: true},
		{LowerCase: true},
		{StatusList: true},
		{Numbers: true},
		{LegacySDP: true},
		{NoSession: true},
		{LineEnds: "lf"},
		{LineEnds: "literal"},
		{LineEnds: "cut"},
		{Unknown: true},
		{OtherNumber: true},
		{NoType: true},
	} {
		s.SetFaults(hook.Faults{Shape: shape})
		s.Send(original)
		bodies := b.wait(t, 1)
		if last := bodies[len(bodies)-1]; !json.Valid(last) {
			t.Errorf("%+v gives %s", shape, last)
		}
	}
	if _, kept := original.Value["calls"].([]hook.Object)[0]["session"]; !kept {
		t.Error("a shape changed the original")
	}
}

func BenchmarkDelivery(b *testing.B) {
	box := newInbox(b)
	s := newSender(b, box, hook.Options{})
	b.ReportAllocs()
	for b.Loop() {
		s.Send(call("connect"))
		<-box.came
	}
}
