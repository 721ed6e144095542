package phone_test

import (
	"slices"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/phone"
)

func TestWhoIsOnHoldHearsATone(t *testing.T) {
	var d desk
	tell(t, d.sounding, func(s *story) {
		leg, c := s.ringFrom(s.far)
		far := farEnd(s, leg)
		s.must(s.Answer(s.ctx(), c.ID))
		s.pass(2 * time.Second)
		s.must(s.Hold(s.ctx(), ""))
		s.pass(12 * time.Second) // nothing is left of what was said before
		if got := audiotest.FindTone(far.Heard(9*time.Second), audio.DeviceRate); got.Hz < 437 || got.Hz > 443 {
			t.Errorf("on hold they hear %.0f Hz at %.0f dB, want beeps of 440 Hz", got.Hz, got.Level)
		}
		hearsNothing(s, "we", d.last())
		s.must(s.Resume(s.ctx(), ""))
		s.pass(2 * time.Second)
		hears(s, "the other side", far, ourTone)
	})
}

// TestAHoldIsOursAlone: the network has no hold, so the call stays what it is
// there, and says of itself that only we put it aside.
func TestAHoldIsOursAlone(t *testing.T) {
	tell(t, nil, func(s *story) {
		_, c := s.talk(s.far)
		s.must(s.Hold(s.ctx(), c.ID))
		if now := s.call(c.ID); !now.Held || now.State != phone.Established || now.PeerMuted || now.Muted {
			t.Errorf("on hold it is %v, held %v, muted %v", now.State, now.Held, now.Muted)
		}
		if seen := s.seen(c.ID); seen[len(seen)-1] != "changed:held" {
			t.Errorf("the last event is %q", seen[len(seen)-1])
		}
		s.pass(2 * time.Hour)
		s.is(c.ID, phone.Established)
		s.must(s.Resume(s.ctx(), c.ID))
		if now := s.call(c.ID); now.Held {
			t.Error("it is still on hold")
		}
		if n := len(slices.DeleteFunc(s.seen(c.ID), func(what string) bool { return what != "changed:held" })); n != 2 {
			t.Errorf("%d events tell of hold and resume", n)
		}
	})
}
