package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"tring/phone"
	"tring/phone/phonetest"
)

// become sets what the line is, and waits until the phone knows.
func (o *office) become(status phone.LineStatus, detail string) {
	o.t.Helper()
	o.ours.SetStatus(status, detail)
	o.until(status.String(), func(e phone.Event) bool { return e.Info != nil && e.Info.Status == status })
}

// unlinked is an office whose line is to be linked, and a client that asks for
// it.
func unlinked(t *testing.T, with string) (*office, *wire, *phonetest.Pairer) {
	t.Helper()
	o := newOffice(t)
	o.become(phone.LineUnlinked, "")
	w := o.dial()
	line := fmt.Sprintf(`{"id":1,"do":"link","with":%s}`, with)
	fits(t, "requests/link", []byte(line))
	w.say(line)
	for end := time.Now().Add(within); ; time.Sleep(time.Millisecond) {
		if p := o.ours.Pairing(); p != nil {
			return o, w, p
		}
		if time.Now().After(end) {
			t.Fatal("linking does not begin")
		}
	}
}

func TestALineIsLinkedOverTheSocket(t *testing.T) {
	o, w, pairing := unlinked(t, `{}`)
	watcher := o.dial()
	watcher.say(`{"id":5,"do":"events"}`)
	step := func(s phone.PairingStep) Pairing {
		t.Helper()
		pairing.Step(s)
		r := w.hear()
		if r.Pairing == nil || r.Pairing.Kind != s.Kind.String() || r.Pairing.Text != s.Text {
			t.Fatalf("%v: heard %+v", s.Kind, r)
		}
		return *r.Pairing
	}
	soon := time.Now().Add(20 * time.Second).Round(0)
	if p := step(phone.PairingStep{Kind: phone.PairingScan, Text: "SECRET", Index: 2, Count: 6, Expires: soon}); p.Index != 2 || p.Count != 6 || !p.Expires.Equal(soon) {
		t.Errorf("the picture came as %+v", p)
	}
	step(phone.PairingStep{Kind: phone.PairingPasskey, Text: "{}"})
	other := o.dial()
	other.done("link_passkey", `{"text":"{signed}"}`)
	step(phone.PairingStep{Kind: phone.PairingConfirm, Text: "4711"})
	other.done("link_confirm", `{"line":"home","on":true}`)
	step(phone.PairingStep{Kind: phone.PairingDone})
	o.ours.SetStatus(phone.LineReady, "")
	var linked Linked
	r := w.hear()
	fits(t, "results/link", r.Result)
	if json.Unmarshal(r.Result, &linked); linked.Number != ourNumber {
		t.Errorf("it ends with %s, %v", r.Result, r.Error)
	}
	if got := pairing.Answers(); !slices.Equal(got, []string{"passkey {signed}", "same"}) {
		t.Errorf("the account was answered %v", got)
	}
	for e := watcher.hear().Event; e.Info == nil || e.Info.Status != phone.LineReady; e = watcher.hear().Event {
		if e.Kind == phone.EventPairing {
			t.Error("somebody else heard of a step")
		}
	}
}

func TestLinkingThatFailsSaysWhy(t *testing.T) {
	_, w, pairing := unlinked(t, `{"line":"home","number":"+441632960001"}`)
	pairing.Step(phone.PairingStep{Kind: phone.PairingFailed, Err: errors.New("the code was wrong; try again")})
	if r := w.hear(); r.Error == nil || r.Error.Message != "the code was wrong; try again" {
		t.Errorf("heard %+v", r)
	}
}

func TestAClientThatLeavesEndsItsLinking(t *testing.T) {
	for name, leave := range map[string]func(*wire){
		"closed":             func(w *wire) { w.Close() },
		"by another program": func(w *wire) { w.done("link_cancel", `{}`) },
	} {
		t.Run(name, func(t *testing.T) {
			_, w, pairing := unlinked(t, `{}`)
			leave(w)
			for end := time.Now().Add(within); !pairing.Cancelled(); time.Sleep(time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("linking goes on")
				}
			}
		})
	}
}

func TestALineThatCannotBeLinkedSaysWhy(t *testing.T) {
	for status, why := range map[phone.LineStatus]string{
		phone.LineBanned:   "the account is banned for 3 hours",
		phone.LineReplaced: "the same link was opened elsewhere",
	} {
		o := newOffice(t)
		o.become(status, why)
		c, err := Connect(o.socket)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		_, err = c.Link(t.Context(), "home", "", func(Pairing) error { return nil })
		if err == nil || err.Error() != "home cannot be linked now: "+why {
			t.Errorf("linking: %v", err)
		}
	}
}

func TestTheClientLinksAndGivesUp(t *testing.T) {
	o := newOffice(t)
	c, err := Connect(o.socket)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	none := func(Pairing) error { t.Error("a linked line has steps"); return nil }
	if linked, err := c.Link(t.Context(), "home", "", none); err != nil || linked.Number != ourNumber {
		t.Errorf("a line that is linked: %+v, %v", linked, err)
	}
	o.become(phone.LineUnlinked, "")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for o.ours.Pairing() == nil {
			time.Sleep(time.Millisecond)
		}
		o.ours.Pairing().Step(phone.PairingStep{Kind: phone.PairingScan, Text: "SECRET"})
	}()
	_, err = c.Link(ctx, "", "", func(Pairing) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}
