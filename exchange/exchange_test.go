package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tring/exchange/chat"
	"tring/exchange/relay"
)

// whatsmeow's loop for history never ends once it has begun.
func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("go.mau.fi/whatsmeow.(*Client).handleHistorySyncNotificationLoop"))
}

func start(t testing.TB, o Options) *Exchange {
	t.Helper()
	x, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

func TestAnExchangeSaysWhereEverythingIs(t *testing.T) {
	x := start(t, Options{Relays: 3})
	text, err := json.Marshal(x.Addresses())
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Chat    string
		Relays  []struct{ Addr, Fingerprint string }
		RootKey string `json:"root_key"`
		Admin   string
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(got.Chat, "ws://127.0.0.1:") || !strings.HasSuffix(got.Chat, "/ws/chat") {
		t.Errorf("chat is %q", got.Chat)
	}
	if len(got.Relays) != 3 || len(got.Relays[0].Fingerprint) != 95 || !strings.HasPrefix(got.Relays[2].Addr, "127.0.0.1:") {
		t.Errorf("relays are %+v", got.Relays)
	}
	if len(got.RootKey) != 64 || !strings.HasPrefix(got.Admin, "http://127.0.0.1:") {
		t.Errorf("root key %q, admin %q", got.RootKey, got.Admin)
	}
}

func TestExchangesThatCannotBeReachedDoNotStart(t *testing.T) {
	for name, o := range map[string]Options{
		"all addresses":         {Listen: "0.0.0.0:0"},
		"no address":            {Listen: "nonsense"},
		"admin for the world":   {Admin: "0.0.0.0:0"},
		"too many relays":       {Relays: relay.MaxRelays + 1},
		"folder that is a file": {Dir: "exchange_test.go"},
	} {
		if x, err := Start(t.Context(), o); err == nil {
			x.Close()
			t.Errorf("%s: started", name)
		}
	}
}

func TestAnExchangeKeepsItsAccountsKeysAndCertificate(t *testing.T) {
	dir := t.TempDir()
	first := start(t, Options{Dir: dir})
	if _, err := first.AddAccount("+15550100001", "Ann"); err != nil {
		t.Fatal(err)
	}
	before := first.Addresses()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := start(t, Options{Dir: dir})
	after := second.Addresses()
	if after.RootKey != before.RootKey || after.Relays[0].Fingerprint != before.Relays[0].Fingerprint {
		t.Error("clients would no longer trust the exchange")
	}
	a, err := second.Account("+15550100001")
	if err != nil {
		t.Fatal(err)
	}
	if a.Name() != "Ann" || second.numberOf(a.LID()) != "+15550100001" {
		t.Errorf("the account came back as %q, %q", a.Name(), second.numberOf(a.LID()))
	}
}

func TestServeAnnouncesItselfInOneLineAndEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in, out := io.Pipe()
	ended := make(chan error, 1)
	prepared := false
	go func() {
		ended <- Serve(ctx, Options{}, out, func(context.Context, *Exchange) error { prepared = true; return nil })
	}()
	var line map[string]any
	if err := json.NewDecoder(in).Decode(&line); err != nil {
		t.Fatal(err)
	}
	if !prepared || line["chat"] == "" || line["root_key"] == "" {
		t.Errorf("prepared %v, announced %v", prepared, line)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestServeDoesNotRunWithoutWhatItShouldPrepare(t *testing.T) {
	missing := errors.New("no lines")
	if err := Serve(t.Context(), Options{}, io.Discard, func(context.Context, *Exchange) error { return missing }); !errors.Is(err, missing) {
		t.Errorf("Serve returned %v", err)
	}
}

// newTestRelays is a cluster with its adapter; devices are their own numbers.
func newTestRelays(t *testing.T, relays int) *relays {
	t.Helper()
	c, err := relay.Open(relay.Options{Relays: relays})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return newRelays(c, slog.New(slog.DiscardHandler), userOf)
}

func TestBothSidesAreToldTheSameKeysAndDifferentTokens(t *testing.T) {
	r := newTestRelays(t, 2)
	caller, callee, err := r.Allocate(chat.CallRef{ID: "call", Creator: "1:1@lid", CalleeDevices: []string{"2:0@lid", "2:1@lid"}})
	if err != nil {
		t.Fatal(err)
	}
	if caller.Key != callee.Key || caller.HopKey != callee.HopKey || caller.UUID != callee.UUID || len(caller.UUID) != 16 {
		t.Error("the sides do not share their keys")
	}
	for i := range caller.Endpoints {
		a, b := caller.Endpoints[i], callee.Endpoints[i]
		if a.Addr != b.Addr || bytes.Equal(caller.Tokens[a.Token], callee.Tokens[b.Token]) {
			t.Errorf("relay %d: %v and %v", i, a, b)
		}
		if a.AuthToken == 0 || a.AuthToken >= len(caller.AuthTokens) {
			t.Errorf("relay %d: auth token %d of %d", i, a.AuthToken, len(caller.AuthTokens))
		}
	}
	if _, _, err := r.Allocate(chat.CallRef{ID: "call"}); !errors.Is(err, relay.ErrCallExists) {
		t.Errorf("the same call again: %v", err)
	}
	r.Release("call")
	r.Release("call")
}

func TestACallsFaultGoesBeforeItsAccountsAndEverybodys(t *testing.T) {
	var m mediaFaults
	path := func(loss float64) MediaFault { return MediaFault{Path: &relay.Paths{Up: relay.Path{Loss: loss}}} }
	for s, f := range map[Scope]MediaFault{{}: path(0.1), {Account: "+1"}: path(0.2), {Call: "c"}: path(0.3)} {
		if err := m.put(s, f); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		call, number string
		want         float64
	}{{"c", "+1", 0.3}, {"other", "+1", 0.2}, {"other", "+2", 0.1}} {
		if f, _ := m.find(c.call, c.number); f.Path.Up.Loss != c.want {
			t.Errorf("call %s of %s loses %v, want %v", c.call, c.number, f.Path.Up.Loss, c.want)
		}
	}
	m.clear(Scope{})
	if _, found := m.find("other", "+2"); found {
		t.Error("a cleared fault is still set")
	}
	if err := m.put(Scope{}, path(2)); err == nil {
		t.Error("a loss of 200 % was taken")
	}
}

func TestTheAdminAPIAnswersProgramsOnThisMachineOnly(t *testing.T) {
	x := start(t, Options{})
	for _, c := range []struct {
		name, method, path, body string
		change                   func(*http.Request)
		want                     int
	}{
		{name: "a program asks", method: "GET", path: "/accounts", want: 200},
		{name: "a program posts JSON", method: "POST", path: "/accounts", body: `{"number":"+15550100009","name":"Zoe"}`, want: 200},
		{name: "the same account again", method: "POST", path: "/accounts", body: `{"number":"+15550100009","name":"Zoe"}`, want: 409},
		{name: "no JSON type", method: "POST", path: "/accounts", body: `{}`, change: func(r *http.Request) { r.Header.Del("Content-Type") }, want: 415},
		{name: "unknown field", method: "POST", path: "/accounts", body: `{"nmuber":"+1"}`, want: 400},
		{name: "two values", method: "POST", path: "/accounts", body: `{} {}`, want: 400},
		{name: "too much", method: "POST", path: "/accounts", body: `{"name":"` + strings.Repeat("x", maxBody) + `"}`, want: 400},
		{name: "no such account", method: "POST", path: "/accounts/+15550100099/scan", body: `{"qr":"x"}`, want: 404},
		{name: "no such relay", method: "POST", path: "/relays/9/kill", body: `{}`, want: 409},
		{name: "no such path", method: "GET", path: "/secrets", want: 404},
		{name: "a web page", method: "GET", path: "/accounts", change: func(r *http.Request) { r.Header.Set("Origin", "https://example.org") }, want: 403},
		{name: "a page with a name of its own", method: "GET", path: "/accounts", change: func(r *http.Request) { r.Host = "example.org" }, want: 403},
		{name: "by the name localhost", method: "GET", path: "/accounts", change: func(r *http.Request) { r.Host = "localhost:1" }, want: 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), c.method, x.Addresses().Admin+c.path, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			r.Close = true
			if c.change != nil {
				c.change(r)
			}
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			if answer.StatusCode != c.want {
				body, _ := io.ReadAll(answer.Body)
				t.Errorf("status %d, want %d: %s", answer.StatusCode, c.want, body)
			}
		})
	}
}

func TestWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if wait(ctx, time.Minute) {
			t.Error("waited past the end")
		}
		if !wait(t.Context(), time.Minute) {
			t.Error("did not wait")
		}
	})
}
