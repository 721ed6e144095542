package phone_test

import (
	"context"
	"testing"
	"time"

	"tring/phone"
)

func TestNothingOfAForgottenPersonStaysInMemory(t *testing.T) {
	var lastOut time.Time
	ask := func(c *phone.Config) {
		c.Gatekeeper = keeper(func(_ context.Context, q phone.Inquiry) phone.Decision {
			lastOut = q.LastOut
			return phone.Decision{Action: phone.ActionRing}
		})
	}
	tell(t, ask, func(s *story) {
		s.ours.SetContacts(phone.Party{Number: farNumber, Name: "Ada"}, phone.Party{Number: thirdNumber, Name: "Bob"})
		lastCalls := func() map[string]bool {
			known := map[string]bool{}
			people, err := s.Contacts(s.ctx())
			s.must(err)
			for _, c := range people {
				known[c.Number] = !c.LastCall.IsZero()
			}
			return known
		}
		s.ours.Tell(phone.TextReceived{From: phone.Party{Number: farNumber}, Text: "hello"})
		for _, who := range []string{farNumber, thirdNumber} {
			s.dial(who)
			s.must(s.HangUp(s.ctx(), ""))
		}
		if known := lastCalls(); !known[farNumber] || !known[thirdNumber] {
			t.Fatalf("last calls are known: %v", known)
		}
		if n, err := s.Forget(s.ctx(), farNumber); n != 1 || err != nil {
			t.Fatalf("forgot %d calls, %v", n, err)
		}
		s.pass(step)
		if known := lastCalls(); known[farNumber] || !known[thirdNumber] {
			t.Errorf("last calls are known: %v", known)
		}
		s.ringFrom(s.far)
		if !lastOut.IsZero() {
			t.Errorf("the gatekeeper is told of a text at %v", lastOut)
		}
	})
}
