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
		beeps := 0
		for range 48 { // twelve seconds in quarters
			s.pass(250 * time.Millisecond)
			got := audiotest.FindTone(far.Heard(250*time.Millisecond), audio.DeviceRate)
			if got.Hz > 435 && got.Hz < 445 {
				beeps++
			}
		}
		if beeps < 2 || beeps > 8 {
			t.Errorf("in 12 s on hold they hear 440 Hz in %d quarters of a second, want it now and then", beeps)
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
