package phone_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tring/audio"
	"tring/phone"
)

// voicemail is a story whose machine takes every call for ten seconds.
func voicemail(t *testing.T, d *desk, more func(*phone.Config)) func(*phone.Config) {
	return recorded(t, d, func(c *phone.Config) {
		always(phone.Decision{Action: phone.ActionVoicemail, Rule: "Out"})(c)
		c.Machine.Max = 10 * time.Second
		if more != nil {
			more(c)
		}
	})
}

// leaveWord has somebody call and speak until the machine hangs up.
func (s *story) leaveWord() phone.Call {
	s.t.Helper()
	leg, c := s.ringFrom(s.far)
	farEnd(s, leg)
	s.pass(20 * time.Second)
	if e := s.entry(c.ID); e.Outcome != phone.OutcomeVoicemail || e.Recording == "" || e.Seen {
		s.t.Fatalf("a voicemail became %s in %q, heard %v", e.Outcome, e.Recording, e.Seen)
	}
	return c
}

// played is how the playback of a call went, by its events.
func (s *story) played(id string) (words []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.events {
		if e.Kind == phone.EventPlayback && e.Playback.Call == id {
			words = append(words, e.What)
		}
	}
	return words
}

// wantPlayed compares how the playback of a call went, and whether that counts
// as heard.
func (s *story) wantPlayed(id string, heard bool, want ...string) {
	s.t.Helper()
	if got := s.played(id); !slices.Equal(got, want) {
		s.t.Errorf("playing %s went %v, want %v", id, got, want)
	}
	if e := s.entry(id); e.Seen != heard {
		s.t.Errorf("%s is heard: %v, want %v", id, e.Seen, heard)
	}
}

// playing is how far the recording is that plays.
func (s *story) playing() time.Duration {
	now, _ := s.Playing()
	return now.Position
}

func TestAVoicemailIsHeardThroughTheSpeaker(t *testing.T) {
	var d desk
	tell(t, voicemail(t, &d, nil), func(s *story) {
		c := s.leaveWord()
		if s.Unheard() != 1 {
			t.Errorf("%d voicemails wait", s.Unheard())
		}
		s.must(s.PlayRecording(s.ctx(), c.ID))
		s.pass(5 * time.Second)
		hears(s, "the listener", d.speaker(), farTone)
		if d.opened() != 0 {
			t.Error("listening opened a microphone")
		}
		now, on := s.Playing()
		if !on || now.Call != c.ID || now.Position < 5*time.Second || now.Position > 5300*time.Millisecond || now.Length < 9*time.Second {
			t.Errorf("after 5 s it plays %v: %+v", on, now)
		}
		s.pass(10 * time.Second)
		if now, on := s.Playing(); on {
			t.Errorf("after its end it still plays: %+v", now)
		}
		s.wantPlayed(c.ID, true, "started", "ended")
		if s.Unheard() != 0 || isOpen(d.speaker()) {
			t.Errorf("%d voicemails wait, the speaker is open: %v", s.Unheard(), isOpen(d.speaker()))
		}
	})
}

func TestACallStopsARecordingThatIsListenedTo(t *testing.T) {
	var d desk
	voice := true
	tell(t, voicemail(t, &d, func(c *phone.Config) {
		machine := c.Gatekeeper
		c.Gatekeeper = keeper(func(ctx context.Context, q phone.Inquiry) phone.Decision {
			if voice {
				return machine.Decide(ctx, q)
			}
			return phone.Decision{Action: phone.ActionRing}
		})
	}), func(s *story) {
		c := s.leaveWord()
		voice = false
		s.must(s.PlayRecording(s.ctx(), c.ID))
		s.pass(2 * time.Second)
		listening := d.speaker()
		_, second := s.ringFrom(s.third)
		if isOpen(listening) {
			t.Error("the recording plays on into the call")
		}
		if ring := d.speaker(); ring == listening || !isOpen(ring) {
			t.Error("the call does not ring")
		}
		s.wantPlayed(c.ID, false, "started", "interrupted")
		if err := s.PlayRecording(s.ctx(), c.ID); !errors.Is(err, phone.ErrBusy) {
			t.Errorf("while it rings: %v", err)
		}
		s.must(s.Answer(s.ctx(), second.ID))
		s.is(second.ID, phone.Established)
		s.must(s.Hold(s.ctx(), second.ID))
		if err := s.PlayRecording(s.ctx(), c.ID); !errors.Is(err, phone.ErrBusy) {
			t.Errorf("while somebody is on hold: %v", err)
		}
		s.must(s.HangUp(s.ctx(), second.ID))
		s.must(s.PlayRecording(s.ctx(), c.ID))
		s.pass(time.Second)
		hears(s, "the listener", d.speaker(), farTone)
	})
}

func TestARecordingThatIsStoppedCountsAsHeard(t *testing.T) {
	var d desk
	tell(t, voicemail(t, &d, nil), func(s *story) {
		s.must(s.StopPlaying(s.ctx()))
		c := s.leaveWord()
		s.must(s.PlayRecording(s.ctx(), c.ID))
		s.pass(time.Second)
		s.must(s.StopPlaying(s.ctx()))
		s.wantPlayed(c.ID, true, "started", "stopped")
		if at := s.playing(); at != 0 {
			t.Errorf("it still plays, at %v", at)
		}
	})
}

func TestAnotherRecordingTakesThePlaceOfTheFirst(t *testing.T) {
	var d desk
	tell(t, voicemail(t, &d, nil), func(s *story) {
		first, second := s.leaveWord(), s.leaveWord()
		s.must(s.PlayRecording(s.ctx(), first.ID))
		s.pass(3 * time.Second)
		s.must(s.PlayRecording(s.ctx(), second.ID))
		s.pass(time.Second)
		s.wantPlayed(first.ID, true, "started", "stopped")
		s.wantPlayed(second.ID, false, "started")
		hears(s, "the listener", d.speaker(), farTone)
		if at := s.playing(); at > 2*time.Second {
			t.Errorf("the second began at %v", at)
		}
		if _, err := s.EchoTest(s.ctx()); !errors.Is(err, phone.ErrInUse) {
			t.Errorf("an echo test beside it: %v", err)
		}
	})
}

// TestHowFarARecordingIsMayBeAskedAtAnyMoment asks while the speaker is being
// opened; the race detector looks on.
func TestHowFarARecordingIsMayBeAskedAtAnyMoment(t *testing.T) {
	var d desk
	var opening, open chan bool
	slowly := func(c *phone.Config) {
		opening, open = make(chan bool), make(chan bool)
		c.Sound.OpenRing = func(choice phone.SoundChoice) (audio.Device, error) {
			opening <- true
			<-open
			return d.openRing(choice)
		}
	}
	tell(t, voicemail(t, &d, slowly), func(s *story) {
		c := s.leaveWord()
		played := make(chan error)
		go func() { played <- s.PlayRecording(s.ctx(), c.ID) }()
		<-opening
		s.must(s.Announce(s.ctx(), "Everybody sees now that something plays."))
		var sounds atomic.Bool
		asked := make(chan bool)
		go func() {
			s.Playing()
			asked <- true
			for !sounds.Load() {
				s.Playing()
			}
			asked <- true
		}()
		<-asked
		open <- true
		err := <-played
		sounds.Store(true)
		<-asked
		s.must(err)
		if now, on := s.Playing(); !on || now.Length == 0 {
			t.Errorf("it plays: %v, %+v", on, now)
		}
	})
}

func TestTheVolumeIsThatOfCalls(t *testing.T) {
	var d desk
	tell(t, voicemail(t, &d, nil), func(s *story) {
		c := s.leaveWord()
		s.must(s.PlayRecording(s.ctx(), c.ID))
		s.must(s.SetGain(s.ctx(), 1, 0))
		s.pass(time.Second)
		hearsNothing(s, "the listener", d.speaker())
	})
}

func TestWhatCannotBeListenedToSaysWhy(t *testing.T) {
	var d desk
	tell(t, voicemail(t, &d, func(c *phone.Config) { c.Choice.Output = "headset" }), func(s *story) {
		c := s.leaveWord()
		e := s.entry(c.ID)
		hidden := filepath.Join(filepath.Dir(e.Recording), "hidden")
		for _, obstacle := range []struct {
			what, says string
			is         error
			make, undo func()
		}{
			{"an unknown call", "no such call", phone.ErrNoCall, func() { c.ID = "c99" }, func() { c.ID = e.ID }},
			{
				"a file that is gone", "cannot be played", os.ErrNotExist,
				func() { os.Rename(e.Recording, hidden) }, func() { os.Rename(hidden, e.Recording) },
			},
			{"a speaker that is gone", "cannot be opened", errPulled, func() { d.pulled = "headset" }, func() { d.pulled = "" }},
		} {
			obstacle.make()
			err := s.PlayRecording(s.ctx(), c.ID)
			if !errors.Is(err, obstacle.is) || !strings.Contains(err.Error(), obstacle.says) {
				t.Errorf("%s: %v", obstacle.what, err)
			}
			if _, on := s.Playing(); on {
				t.Errorf("%s: it plays", obstacle.what)
			}
			obstacle.undo()
		}
		s.must(s.PlayRecording(s.ctx(), c.ID))
		s.pass(time.Second)
		d.speaker().Close()
		s.pass(time.Second)
		s.wantPlayed(c.ID, false, "started", "failed")
		if !s.noticed(audio.ErrDeviceLost.Error()) {
			t.Error("nobody is told that the speaker went away")
		}
	})
}

func TestACallWithoutRecordingCannotBePlayed(t *testing.T) {
	var d desk
	tell(t, recorded(t, &d, nil), func(s *story) {
		_, c := s.talk(s.far)
		s.must(s.HangUp(s.ctx(), c.ID))
		if err := s.PlayRecording(s.ctx(), c.ID); !errors.Is(err, phone.ErrNotRecorded) {
			t.Errorf("playing it: %v", err)
		}
	})
}

func TestQuittingEndsARecordingAtOnce(t *testing.T) {
	var d desk
	tell(t, voicemail(t, &d, nil), func(s *story) {
		c := s.leaveWord()
		s.must(s.PlayRecording(s.ctx(), c.ID))
		s.pass(time.Second)
		before := time.Now()
		s.quitPhone()
		if took := time.Since(before); took > time.Second {
			t.Errorf("quitting took %v", took)
		}
		if isOpen(d.speaker()) {
			t.Error("the speaker is still open")
		}
		if e, err := s.store.Calls([]string{c.ID}); err != nil || e[0].Seen {
			t.Errorf("heard %v, %v", e, err)
		}
	})
}
