package exchange_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/binary"

	"tring/exchange"
	"tring/exchange/chat"
	"tring/exchange/relay"
	"tring/phone"
)

// echoCall has a new user call Echo and says its call's id.
func echoCall(t *testing.T, o exchange.Options) (*exchange.Exchange, *user, phone.Leg) {
	t.Helper()
	x := start(t, o)
	add(t, x, exchange.Parties()[0])
	u := newUser(t, x, "+15550100001")
	u.resolve("+15550100001")
	leg := u.call(x, exchange.Echo)
	u.until("it is answered", isAccepted)
	return x, u, leg
}

func TestAnEchoIsHeardWhateverBefallsOneRelay(t *testing.T) {
	t.Parallel()
	one := 1
	for _, c := range []struct {
		name   string
		befall func(x *exchange.Exchange, callID string) error
	}{
		{"it is killed", func(x *exchange.Exchange, _ string) error { return x.Relays().Kill(0) }},
		{"it is frozen", func(x *exchange.Exchange, _ string) error { return x.Relays().Freeze(0, true) }},
		{"the other side moves away from it", func(x *exchange.Exchange, callID string) error {
			return x.SetMediaFault(exchange.Scope{Account: "+15550100201"}, exchange.MediaFault{Move: &one})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x, u, leg := echoCall(t, exchange.Options{})
			sound := u.converse(leg)
			sound.hears(t, 1000, 1000)
			if err := c.befall(x, leg.ID()); err != nil {
				t.Fatal(err)
			}
			sound.hears(t, 600, 600)
			u.hangUp(leg)
			noRefusals(t, x)
		})
	}
}

// One call goes through them in turn; each time another tone must come back.
func TestAnEchoIsHeardOnEveryBadNetwork(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	x, u, leg := echoCall(t, exchange.Options{})
	sound := u.converse(leg)
	for i, c := range []struct {
		name string
		path relay.Path
	}{
		{"packets are lost", relay.Path{Loss: .2}},
		{"packets are late", relay.Path{Delay: 300 * ms}},
		{"packets jitter", relay.Path{Jitter: 100 * ms}},
		{"packets come twice", relay.Path{Duplicate: .3}},
		{"packets come in another order", relay.Path{Reorder: .2}},
		{"the rate is limited", relay.Path{Rate: 100_000}},
		{"it is perfect again", relay.Path{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.path.Seed = 1
			if err := x.SetMediaFault(exchange.Scope{Call: leg.ID()}, exchange.MediaFault{Path: &relay.Paths{Up: c.path, Down: c.path}}); err != nil {
				t.Fatal(err)
			}
			hz := float64(500 + 100*i)
			sound.hears(t, hz, hz)
		})
	}
	u.hangUp(leg)
	noRefusals(t, x)
}

func TestAnEchoIsHeardWhateverBefallsTheSocket(t *testing.T) {
	t.Parallel()
	x, u, leg := echoCall(t, exchange.Options{})
	sound := u.converse(leg)
	sound.hears(t, 1000, 1000)
	const number = "+15550100001"
	befall(t, func() (int, error) { return x.Chat().DropSockets(number) })
	sound.hears(t, 600, 600)
	befall(t, func() (int, error) { return x.Chat().StreamError(number, "503") })
	sound.hears(t, 700, 700)
	u.hangUp(leg)
}

// befall does something to the sockets of an account, once it has one.
func befall(t *testing.T, do func() (int, error)) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if n, err := do(); err != nil {
			t.Fatal(err)
		} else if n > 0 {
			return
		}
	}
	t.Fatal("no socket for 20 s")
}

func TestAnEchoIsHeardWhateverBefallsTheStanzas(t *testing.T) {
	t.Parallel()
	for _, f := range []chat.Fault{
		{Kind: chat.FaultDelay, Stanza: "ack/offer", Delay: time.Second},
		{Kind: chat.FaultDelay, Stanza: "accept", Delay: time.Second},
		{Kind: chat.FaultDelay, Stanza: "relaylatency", Delay: time.Second},
		{Kind: chat.FaultDuplicate},
		{Kind: chat.FaultReorder, Stanza: "relaylatency"},
		{Kind: chat.FaultWithhold, Stanza: "relaylatency"},
		{Kind: chat.FaultWithhold, Stanza: "preaccept"},
		{Kind: chat.FaultWithhold, Stanza: "transport"},
	} {
		t.Run(string(f.Kind)+" "+f.Stanza, func(t *testing.T) {
			t.Parallel()
			x := start(t, exchange.Options{})
			add(t, x, exchange.Parties()[0])
			u := newUser(t, x, "+15550100001")
			u.resolve("+15550100001")
			if _, err := x.Chat().Inject(f); err != nil {
				t.Fatal(err)
			}
			leg := u.call(x, exchange.Echo)
			u.until("it is answered", isAccepted)
			u.converse(leg).hears(t, 1000, 1000)
			u.hangUp(leg)
		})
	}
}

func TestACallWhoseRelaysAreGoneIsEnded(t *testing.T) {
	t.Parallel()
	x, u, _ := echoCall(t, exchange.Options{Relay: relay.Options{Timers: relay.Timers{Proof: 2 * time.Second}}})
	for i := range x.Addresses().Relays {
		if err := x.Relays().Kill(i); err != nil {
			t.Fatal(err)
		}
	}
	if e := u.until("the call ends", isReleased).(phone.LegReleased); e.Cause == phone.NormalClearing {
		t.Errorf("it ended with %s (%s)", e.Cause, e.Detail)
	}
	for _, c := range x.Calls() {
		if c.State != chat.CallEnded {
			t.Errorf("call %s is %s", c.ID, c.State)
		}
	}
}

func TestRefusalsAreStreamed(t *testing.T) {
	t.Parallel()
	x := start(t, exchange.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", x.Addresses().Admin+"/refusals/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	ann, bob := account(t, x, "+15550100001"), account(t, x, "+15550100002")
	if err := bob.SetPolicy(chat.CallPolicy{Do: chat.Decline}); err != nil {
		t.Fatal(err)
	}
	id, err := ann.Call("+15550100002")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ann.AwaitCall(ctx, func(c chat.HandsetCall) bool { return c.State == chat.HandsetEnded }); err != nil {
		t.Fatal(err)
	}
	// What is under way when a call ends is nobody's fault for two seconds.
	time.Sleep(2100 * time.Millisecond)
	if err := ann.Send(id, binary.Node{Tag: "mute_v2", Attrs: binary.Attrs{"mute-state": "1"}}); err != nil {
		t.Fatal(err)
	}
	var got chat.Refusal
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil || got.Rule != chat.RuleAfterEnd || got.CallID != id {
		t.Errorf("streamed %+v (%v)", got, err)
	}
}

func account(t *testing.T, x *exchange.Exchange, number string) *chat.Handset {
	t.Helper()
	a, err := x.AddAccount(number, number)
	if err != nil {
		t.Fatal(err)
	}
	return a.Handset()
}
