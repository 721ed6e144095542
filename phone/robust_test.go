package phone_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tring/audio"
	"tring/phone"
)

// fullDisk is a store that takes nothing while it is full.
type fullDisk struct {
	*phone.Memory
	full bool
}

var errFull = errors.New("no space left on device")

func (s *fullDisk) Begin(c *phone.Call) error {
	if s.full {
		return errFull
	}
	return s.Memory.Begin(c)
}

func (s *fullDisk) Save(c *phone.Call, e *phone.Event) error {
	if s.full {
		return errFull
	}
	return s.Memory.Save(c, e)
}

func TestAFullDiskStopsNoCall(t *testing.T) {
	disk := &fullDisk{Memory: phone.NewMemory()}
	tell(t, func(c *phone.Config) { c.Store = disk }, func(s *story) {
		disk.full = true
		leg, c := s.talk(s.far)
		if !strings.HasPrefix(c.ID, "x") {
			t.Errorf("the call is %s", c.ID)
		}
		s.must(leg.Release(s.ctx(), phone.NormalClearing))
		if len(s.Calls()) != 0 {
			t.Error("it did not end")
		}
		s.mu.Lock()
		told := 0
		for _, e := range s.events {
			if e.Kind == phone.EventNotice && strings.Contains(e.What, "Is the disk full?") {
				told++
			}
		}
		s.mu.Unlock()
		if told != 1 {
			t.Errorf("people were told %d times", told)
		}
	})
}

func TestWordsOfStrangersAreMadeSafe(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.ours.Tell(phone.OfferMissed{Offer: phone.IncomingOffer{
			ID:       "E",
			From:     phone.Party{Number: farNumber, PushName: "a\x1b[2J\u202eb\n" + strings.Repeat("x", 500), Group: "g\x07"},
			Platform: "and\x1broid", Version: strings.Repeat("9", 1000), Payload: strings.Repeat("p", 5000),
		}, Cause: phone.Cancelled})
		s.ours.Tell(phone.TextReceived{From: phone.Party{Number: farNumber, PushName: "\x1b]0;x\x07"}, Text: "hi\x1b[31m" + strings.Repeat("y", 10_000)})
		s.pass(step)
		e := s.entry("c1")
		for _, word := range []string{e.Party.PushName, e.Party.Group, e.Platform, e.Version, e.Payload} {
			if len(word) > 600 || strings.ContainsAny(word, "\x1b\x07\n\u202e") {
				t.Errorf("kept %q", word)
			}
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, ev := range s.events {
			if ev.Text != nil && (len(ev.Text.Body) > 5000 || strings.Contains(ev.Text.Body+ev.Text.Party.PushName, "\x1b")) {
				t.Errorf("a text was passed on as %q …", ev.Text.Body[:20])
			}
		}
	})
}

func TestAWrongClockIsNoticed(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.ours.Tell(phone.OfferReceived{Offer: phone.IncomingOffer{
			ID: "OLD", From: phone.Party{Number: farNumber}, OfferedAt: time.Now().Add(-2 * time.Minute), Received: time.Now(),
		}})
		s.pass(step)
		if !s.noticed("check this computer's clock") {
			t.Error("nobody was told")
		}
	})
}

func TestEventsOfALegBeforeDialReturns(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.ours.SlowDial(200 * time.Millisecond) // their phone rings and answers meanwhile
		done := make(chan phone.Call, 1)
		go func() {
			c, err := s.Dial(s.ctx(), "", farNumber)
			if err != nil {
				t.Error(err)
			}
			done <- c
		}()
		s.pass(60 * time.Millisecond)
		if err := s.far.Offer(1).Leg.Answer(s.ctx()); err != nil {
			t.Fatal(err)
		}
		c := <-done
		s.pass(step)
		s.is(c.ID, phone.Established)
		s.saw(c.ID, "dialled", "changed:network_id", "state:ringing", "state:connecting", "state:established")
	})
}

func TestHungUpWhileDialIsSlow(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.ours.SlowDial(time.Second)
		go s.Dial(s.ctx(), "", farNumber)
		s.pass(100 * time.Millisecond)
		s.must(s.HangUp(s.ctx(), ""))
		s.pass(2 * time.Second)
		s.ended("c1", phone.Cancelled, phone.OutcomeCancelled)
		if n := len(s.ours.Legs()); n != 0 {
			t.Errorf("%d legs are left at the network", n)
		}
	})
}

func TestTheMicrophoneIsClosedWhenOnlyTheMachineTalks(t *testing.T) {
	var d desk
	voicemail := func(c *phone.Config) {
		recorded(t, &d, nil)(c)
		c.Gatekeeper = keeper(func(_ context.Context, q phone.Inquiry) phone.Decision {
			if q.Me == phone.OnCall {
				return phone.Decision{Action: phone.ActionVoicemail}
			}
			return phone.Decision{Action: phone.ActionRing}
		})
	}
	tell(t, voicemail, func(s *story) {
		leg, c := s.ringFrom(s.far)
		farEnd(s, leg)
		s.must(s.Answer(s.ctx(), c.ID))
		two, _ := s.ringFrom(s.third)
		farEnd(s, two)
		s.pass(3 * time.Second)
		s.must(s.HangUp(s.ctx(), c.ID))
		if len(s.Calls()) != 1 || isOpen(d.last()) {
			t.Errorf("%d calls, and the microphone is open: %v", len(s.Calls()), isOpen(d.last()))
		}
	})
}

func TestALegWithoutCodecIsSilentAndSaysSo(t *testing.T) {
	var d desk
	noCodec := func(c *phone.Config) {
		d.sounding(c)
		c.Sound.Codecs = func(audio.Codec) (audio.Encoder, audio.Decoder, error) {
			return nil, nil, errors.New("no encoder for this codec")
		}
	}
	tell(t, noCodec, func(s *story) {
		_, c := s.ringFrom(s.far)
		s.must(s.Answer(s.ctx(), c.ID))
		s.is(c.ID, phone.Established)
		if !s.noticed("has no sound") {
			t.Error("nobody was told")
		}
		s.must(s.Hold(s.ctx(), c.ID))
		s.must(s.Resume(s.ctx(), c.ID))
		if err := s.Play(s.ctx(), c.ID, "hello.wav"); !errors.Is(err, phone.ErrNoSound) {
			t.Errorf("Play: %v", err)
		}
	})
}
