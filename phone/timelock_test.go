package phone_test

import (
	"errors"
	"testing"
	"time"

	"tring/phone"
)

// A time-lock must stop what is automatic and what goes to strangers, and
// nothing else.
func TestATimeLock(t *testing.T) {
	store := phone.NewMemory()
	says := func(c *phone.Config) {
		c.Store = store
		always(phone.Decision{Action: phone.ActionReject, Say: "Later.", MayWrite: func() error { return nil }})(c)
	}
	texts := func(s *story) (n int) {
		for _, e := range s.far.Events() {
			if _, is := e.(phone.TextReceived); is {
				n++
			}
		}
		return n
	}
	tell(t, says, func(s *story) {
		s.ringFrom(s.far)
		s.pass(time.Second)
		if texts(s) != 1 {
			t.Fatal("without a lock the text of the rule must go out")
		}
		info := s.ours.Info()
		info.LockedUntil = time.Now().Add(time.Hour)
		s.ours.Tell(phone.LineChanged{Info: info})
		s.pass(step)
		if !s.noticed("has not talked to, until") {
			t.Error("nobody was told of the lock")
		}
		s.ringFrom(s.far)
		s.pass(time.Second)
		if texts(s) != 1 || !s.noticed("No message was sent") {
			t.Errorf("%d texts, and told why: %v", texts(s), s.noticed("No message was sent"))
		}
		if _, err := s.Dial(s.ctx(), "", thirdNumber); !errors.Is(err, phone.Restricted) {
			t.Errorf("a stranger was called: %v", err)
		}
		if _, err := s.Dial(s.ctx(), "", farNumber); err != nil {
			t.Errorf("somebody who called us cannot be called: %v", err)
		}
		s.must(s.HangUp(s.ctx(), ""))
		s.must(s.SendText(s.ctx(), "", farNumber, "I write this myself."))
		s.far.Text("I write this myself.")
	})
	t.Run("is remembered over a restart, and ends", func(t *testing.T) {
		tell(t, func(c *phone.Config) { c.Store = store }, func(s *story) {
			if _, err := s.Dial(s.ctx(), "", thirdNumber); !errors.Is(err, phone.Restricted) {
				t.Errorf("a stranger was called: %v", err)
			}
			s.pass(2 * time.Hour)
			if _, err := s.Dial(s.ctx(), "", thirdNumber); err != nil {
				t.Errorf("after its end a stranger cannot be called: %v", err)
			}
		})
	})
}

func TestARefusedCallLocksForADay(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.ours.Refuse(phone.Restricted)
		if _, err := s.Dial(s.ctx(), "", farNumber); !errors.Is(err, phone.Restricted) {
			t.Fatal(err)
		}
		s.ours.Refuse(nil)
		s.pass(23 * time.Hour)
		if _, err := s.Dial(s.ctx(), "", thirdNumber); !errors.Is(err, phone.Restricted) {
			t.Errorf("it was tried again: %v", err)
		}
		s.pass(2 * time.Hour)
		if _, err := s.Dial(s.ctx(), "", thirdNumber); err != nil {
			t.Errorf("a day later: %v", err)
		}
	})
}
