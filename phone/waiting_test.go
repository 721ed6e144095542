package phone_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tring/phone"
)

func TestCallWaiting(t *testing.T) {
	t.Run("a second call waits and does not disturb the first", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			_, first := s.talk(s.far)
			_, second := s.ringFrom(s.third)
			if !second.Waiting {
				t.Error("it is not marked as waiting")
			}
			s.is(first.ID, phone.Established)
		})
	})
	t.Run("answering it holds the first", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			_, first := s.talk(s.far)
			_, second := s.ringFrom(s.third)
			s.must(s.Answer(s.ctx(), second.ID))
			if !s.call(first.ID).Held || s.call(second.ID).Held {
				t.Error("the first is not held, or the second is")
			}
			s.saw(first.ID, "offer", "state:connecting", "changed:answered", "state:established", "changed:held")
		})
	})
	t.Run("swap goes back and forth", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			_, first := s.talk(s.far)
			_, second := s.talk(s.third)
			s.must(s.Swap(s.ctx()))
			if s.call(first.ID).Held || !s.call(second.ID).Held {
				t.Error("one swap did not change sides")
			}
			s.must(s.Swap(s.ctx()))
			if !s.call(first.ID).Held || s.call(second.ID).Held {
				t.Error("two swaps did not come back")
			}
		})
	})
	t.Run("end and answer", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			leg, first := s.talk(s.far)
			_, second := s.ringFrom(s.third)
			s.must(s.EndAndAnswer(s.ctx(), second.ID))
			s.ended(first.ID, phone.NormalClearing, phone.OutcomeAnswered)
			s.far.Released(leg)
			s.is(second.ID, phone.Established)
		})
	})
	t.Run("a held call stays held when the other ends", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			_, first := s.talk(s.far)
			leg, second := s.talk(s.third)
			s.must(leg.Release(s.ctx(), phone.NormalClearing))
			s.ended(second.ID, phone.NormalClearing, phone.OutcomeAnswered)
			if !s.call(first.ID).Held {
				t.Error("they hear us although nobody took them back")
			}
			s.must(s.Resume(s.ctx(), ""))
			if s.call(first.ID).Held {
				t.Error("it is still held")
			}
		})
	})
	t.Run("dialling holds the call in progress", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			_, first := s.talk(s.far)
			second := s.dial(thirdNumber)
			if !s.call(first.ID).Held {
				t.Error("the first is not held")
			}
			s.is(second.ID, phone.Ringing)
		})
	})
	t.Run("swap gives up a call that is being placed", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			_, first := s.talk(s.far)
			placed := s.dial(thirdNumber)
			s.must(s.Swap(s.ctx()))
			if s.call(first.ID).Held {
				t.Error("the first is still held")
			}
			s.ended(placed.ID, phone.Cancelled, phone.OutcomeCancelled)
		})
	})
	t.Run("swap without a held call says so", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.talk(s.far)
			if err := s.Swap(s.ctx()); !errors.Is(err, phone.ErrNoCall) {
				t.Errorf("Swap: %v", err)
			}
		})
	})
}

// TestTheMachineDisturbsNobody has the machine take a second call while a
// person talks, and while one places a call.
func TestTheMachineDisturbsNobody(t *testing.T) {
	for name, d := range map[string]phone.Decision{
		"voicemail at once":           {Action: phone.ActionVoicemail},
		"voicemail after ringing out": {Action: phone.ActionRing, Ring: 3 * time.Second, Then: phone.ActionVoicemail},
		"screening":                   {Action: phone.ActionScreen},
	} {
		t.Run(name, func(t *testing.T) {
			var sound desk
			second := recorded(t, &sound, func(c *phone.Config) {
				c.Gatekeeper = keeper(func(_ context.Context, q phone.Inquiry) phone.Decision {
					if q.Offer.From.Number == thirdNumber {
						return d
					}
					return phone.Decision{Action: phone.ActionRing}
				})
			})
			tell(t, second, func(s *story) {
				_, first := s.talk(s.far)
				leg, machine := s.ringFrom(s.third)
				s.pass(5 * time.Second)
				if !s.call(machine.ID).Listening || s.call(first.ID).Held {
					t.Errorf("the machine listens: %v, the conversation is held: %v", s.call(machine.ID).Listening, s.call(first.ID).Held)
				}
				s.must(leg.Release(s.ctx(), phone.NormalClearing))
				s.must(s.HangUp(s.ctx(), first.ID))
				placed := s.dial(farNumber)
				s.ringFrom(s.third)
				s.pass(5 * time.Second)
				s.is(placed.ID, phone.Ringing)
			})
		})
	}
}

func TestMute(t *testing.T) {
	t.Run("is told to the other side", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			leg, c := s.talk(s.far)
			s.must(s.Mute(s.ctx(), "", true))
			s.far.PeerMuted(leg, true)
			s.must(s.Mute(s.ctx(), c.ID, true)) // again: nothing new
			s.must(s.Mute(s.ctx(), c.ID, false))
			s.far.PeerMuted(leg, false)
			s.saw(c.ID, "offer", "state:connecting", "changed:answered", "state:established", "changed:muted", "changed:muted")
		})
	})
	t.Run("answering muted starts so", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			leg, c := s.ringFrom(s.far)
			s.must(s.AnswerMuted(s.ctx(), c.ID))
			if !s.call(c.ID).Muted {
				t.Error("the microphone is on")
			}
			s.far.PeerMuted(leg, true)
		})
	})
	t.Run("a ringing call cannot be muted", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			_, c := s.ringFrom(s.far)
			if err := s.Mute(s.ctx(), c.ID, true); !errors.Is(err, phone.ErrNotTalking) {
				t.Errorf("Mute: %v", err)
			}
		})
	})
	t.Run("the other side's mute is shown", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			leg, c := s.talk(s.far)
			s.must(leg.Mute(s.ctx(), true))
			if !s.call(c.ID).PeerMuted {
				t.Error("it is not")
			}
		})
	})
}

// TestAFloodOfMutesDoesNotFillTheLog has the other side play with its switch.
func TestAFloodOfMutesDoesNotFillTheLog(t *testing.T) {
	tell(t, nil, func(s *story) {
		leg, c := s.talk(s.far)
		before := len(s.seen(c.ID))
		for range 500 {
			s.must(leg.Mute(s.ctx(), true))
			if err := leg.Mute(s.ctx(), false); err != nil {
				t.Fatal(err)
			}
		}
		s.must(leg.Mute(s.ctx(), true))
		seconds := 501 * int(step) / int(time.Second)
		stored, err := s.store.Events(0, time.Time{}, 10_000)
		if err != nil || len(stored) > 10+6*seconds {
			t.Errorf("%d events of %d s are stored, %v", len(stored), seconds, err)
		}
		if shown := len(s.seen(c.ID)) - before; shown != 1001 {
			t.Errorf("people saw %d of 1001 changes", shown)
		}
		if !s.call(c.ID).PeerMuted {
			t.Error("the last change is not shown")
		}
	})
}

func TestDigits(t *testing.T) {
	tell(t, nil, func(s *story) {
		leg, c := s.talk(s.far)
		s.must(s.SendDigits(s.ctx(), "", "12#"))
		s.far.Digits(leg, "12#")
		if err := s.SendDigits(s.ctx(), "", "1x"); err == nil {
			t.Error("a letter was sent")
		}
		s.must(leg.SendDigits(s.ctx(), "99"))
		if got := s.call(c.ID).Digits; got != "99" {
			t.Errorf("received %q", got)
		}
	})
}

func TestKeysAndMutesArriveInTheirOrder(t *testing.T) {
	t.Run("keys", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			leg, _ := s.talk(s.far)
			s.ours.Hesitate(time.Second, 0, 100*time.Millisecond)
			for _, key := range []string{"1", "2", "3"} {
				go func() {
					if err := s.SendDigits(s.ctx(), "", key); err != nil {
						t.Error(err)
					}
				}()
				s.pass(0)
			}
			s.pass(3 * time.Second)
			s.far.Digits(leg, "123")
		})
	})
	t.Run("mutes", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			leg, _ := s.talk(s.far)
			s.ours.Hesitate(time.Second)
			s.must(s.Mute(s.ctx(), "", true))
			s.must(s.Mute(s.ctx(), "", false))
			s.pass(3 * time.Second)
			var heard []bool
			for _, e := range s.far.Events() {
				if e, ok := e.(phone.LegPeerMuted); ok && e.Leg.ID() == leg.ID() {
					heard = append(heard, e.Muted)
				}
			}
			if !slices.Equal(heard, []bool{true, false}) {
				t.Errorf("they were told %v", heard)
			}
		})
	})
	t.Run("what is left when the call ends is answered", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			_, c := s.talk(s.far)
			s.ours.Hesitate(time.Second)
			failed := make(chan error, 2)
			for range 2 {
				go func() { failed <- s.SendDigits(s.ctx(), "", "1") }()
				s.pass(0)
			}
			s.must(s.HangUp(s.ctx(), c.ID))
			for range 2 {
				if err := <-failed; err == nil {
					t.Error("a key of a call that is over was sent")
				}
			}
		})
	})
}

func TestOutgoing(t *testing.T) {
	t.Run("a key that is pressed twice calls once", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			first := s.dial(farNumber)
			again, err := s.Dial(s.ctx(), "", farNumber)
			s.must(err)
			if again.ID != first.ID || len(s.Calls()) != 1 {
				t.Errorf("%s is being called, then %s", first.ID, again.ID)
			}
			s.must(s.HangUp(s.ctx(), first.ID))
			if e := s.ended(first.ID, phone.Cancelled, phone.OutcomeCancelled); e.Ending() != "You hung up before it was answered." {
				t.Errorf("%q", e.Ending())
			}
		})
	})
	t.Run("answered and hung up there", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			c := s.dial(farNumber)
			leg := s.far.Offer(1).Leg
			s.must(leg.Answer(s.ctx()))
			s.is(c.ID, phone.Established)
			s.pass(5 * time.Second)
			s.must(leg.Release(s.ctx(), phone.NormalClearing))
			e := s.ended(c.ID, phone.NormalClearing, phone.OutcomeAnswered)
			if d := e.Duration(time.Time{}); d < 5*time.Second || d > 6*time.Second {
				t.Errorf("it lasted %v", d)
			}
			s.saw(c.ID, "dialled", "changed:network_id", "state:ringing", "state:connecting", "state:established", "ended")
		})
	})
	for _, row := range []struct {
		name    string
		cause   phone.Cause
		outcome phone.Outcome
	}{
		{"declined there", phone.Declined, phone.OutcomeDeclined},
		{"busy there", phone.Busy, phone.OutcomeBusy},
	} {
		t.Run(row.name, func(t *testing.T) {
			tell(t, nil, func(s *story) {
				c := s.dial(farNumber)
				s.must(s.far.Offer(1).Leg.Release(s.ctx(), row.cause))
				s.ended(c.ID, row.cause, row.outcome)
			})
		})
	}
	t.Run("nobody answers for 60 s", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			c := s.dial(farNumber)
			s.pass(59 * time.Second)
			s.is(c.ID, phone.Ringing)
			s.pass(time.Second)
			s.ended(c.ID, phone.NoAnswer, phone.OutcomeNoAnswer)
		})
	})
	t.Run("answered, but no sound comes", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.net.MediaAtAnswer = false
			c := s.dial(farNumber)
			s.must(s.far.Offer(1).Leg.Answer(s.ctx()))
			s.pass(19 * time.Second)
			s.is(c.ID, phone.Connecting)
			s.pass(2 * time.Second)
			s.ended(c.ID, phone.MediaTimeout, phone.OutcomeAnswered)
		})
	})
	t.Run("the line refuses: the call is logged with its cause", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.ours.Refuse(phone.Restricted)
			c, err := s.Dial(s.ctx(), "", farNumber)
			if !errors.Is(err, phone.Restricted) {
				t.Errorf("Dial: %v", err)
			}
			s.pass(step)
			s.ended(c.ID, phone.Restricted, phone.OutcomeFailed)
		})
	})
	t.Run("a number without an account is refused before anything is placed", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			if _, err := s.Dial(s.ctx(), "", "+441632960099"); !errors.Is(err, phone.NotOnNetwork) {
				t.Errorf("Dial: %v", err)
			}
			if n := len(s.Calls()); n != 0 {
				t.Errorf("%d calls", n)
			}
		})
	})
	t.Run("their phone is off", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.far.Stop()
			s.pass(step)
			c := s.dial(farNumber)
			s.ended(c.ID, phone.Unreachable, phone.OutcomeFailed)
		})
	})
	t.Run("emergency numbers are refused with a sentence", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			for _, n := range []string{"112", "911", "999"} {
				if _, err := s.Dial(s.ctx(), "", n); !errors.Is(err, phone.Forbidden) {
					t.Errorf("Dial(%s): %v", n, err)
				}
			}
		})
	})
	t.Run("by name, and redial", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.ours.SetContacts(phone.Party{Number: farNumber, Name: "Zoë"})
			s.pass(step)
			c := s.dial("zoe")
			if c.Party.Number != farNumber || c.Party.Name != "Zoë" {
				t.Errorf("called %+v", c.Party)
			}
			s.must(s.HangUp(s.ctx(), ""))
			again, err := s.Redial(s.ctx())
			s.must(err)
			if again.Party.Number != farNumber || again.ID == c.ID {
				t.Errorf("redialled %+v as %s", again.Party, again.ID)
			}
		})
	})
	t.Run("the line is not linked", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.ours.SetStatus(phone.LineUnlinked, "")
			s.pass(step)
			if _, err := s.Dial(s.ctx(), "", farNumber); !errors.Is(err, phone.ErrNotLinked) || !errors.Is(err, phone.LineDown) {
				t.Errorf("Dial: %v", err)
			}
		})
	})
	t.Run("hung up while the offer leaves", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			c, err := s.Dial(s.ctx(), "", farNumber)
			if err != nil {
				t.Fatal(err)
			}
			s.must(s.HangUp(s.ctx(), c.ID))
			s.ended(c.ID, phone.Cancelled, phone.OutcomeCancelled)
			if n := len(s.ours.Legs()); n != 0 {
				t.Errorf("%d legs are left", n)
			}
		})
	})
}

func TestSeveralLines(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.quit()
		work := s.net.NewLine("work", "+441632960005")
		s.start(phone.Config{Lines: []phone.Line{s.ours, work}, Region: "GB"})
		s.far, s.third = redrive(s, s.far), redrive(s, s.third)
		s.pass(step)
		c, err := s.Dial(s.ctx(), "work", farNumber)
		s.must(err)
		if c.Line != "work" {
			t.Errorf("called on %q", c.Line)
		}
		s.must(s.far.Offer(1).Leg.Answer(s.ctx()))
		_, in := s.ringFrom(s.third) // on the other line
		if in.Line != "home" || !in.Waiting {
			t.Errorf("the second call is on %q, waiting %v", in.Line, in.Waiting)
		}
		s.must(s.Answer(s.ctx(), in.ID))
		if !s.call(c.ID).Held {
			t.Error("the call on the other line is not held")
		}
		if _, err := s.Dial(s.ctx(), "nowhere", farNumber); !errors.Is(err, phone.ErrNoLine) {
			t.Errorf("Dial: %v", err)
		}
	})
}
