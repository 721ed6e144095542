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
