package phone_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tring/phone"
)

func TestIncoming(t *testing.T) {
	t.Run("the caller gives up: missed, and counted until seen", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			leg, c := s.ringFrom(s.far)
			s.must(leg.Release(s.ctx(), phone.Cancelled))
			s.ended(c.ID, phone.Cancelled, phone.OutcomeMissed)
			if s.Missed() != 1 {
				t.Errorf("%d missed, want 1", s.Missed())
			}
			s.must(s.MarkSeen(s.ctx()))
			if s.Missed() != 0 {
				t.Errorf("%d missed after they were seen", s.Missed())
			}
			s.saw(c.ID, "offer", "ended")
		})
	})
	t.Run("it rings 60 s, then is missed, and nothing is told to the caller", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			leg, c := s.ringFrom(s.far)
			s.pass(59 * time.Second)
			s.is(c.ID, phone.Incoming)
			s.pass(2 * time.Second)
			s.ended(c.ID, phone.NoAnswer, phone.OutcomeMissed)
			if s.far.Releases(leg) != 0 {
				t.Error("the caller was told; our other devices stop ringing")
			}
		})
	})
	t.Run("an offer older than 60 s never rings", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.ours.Tell(phone.OfferReceived{Offer: phone.IncomingOffer{
				ID: "OLD", From: phone.Party{Number: farNumber}, OfferedAt: time.Now().Add(-61 * time.Second), Received: time.Now(),
			}})
			s.pass(step)
			s.ended("c1", phone.Stale, phone.OutcomeMissed)
			s.saw("c1", "missed")
		})
	})
	t.Run("the same offer five times rings once", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			_, c := s.ringFrom(s.far)
			offer := phone.IncomingOffer{ID: c.NetworkID, Leg: s.ours.Legs()[0], From: c.Party}
			for range 4 {
				s.ours.Tell(phone.OfferReceived{Offer: offer})
			}
			s.pass(step)
			if n := len(s.Calls()); n != 1 {
				t.Errorf("%d calls ring", n)
			}
			s.must(s.Reject(s.ctx(), c.ID, ""))
			s.ours.Tell(phone.OfferReceived{Offer: offer})
			s.pass(step)
			if n := len(s.Calls()); n != 0 {
				t.Errorf("%d calls ring after it was declined", n)
			}
		})
	})
	t.Run("answered on another device is no missed call", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			_, c := s.ringFrom(s.far)
			s.ours.Legs()[0].End(phone.AnsweredElsewhere, "")
			s.pass(step)
			s.ended(c.ID, phone.AnsweredElsewhere, phone.OutcomeElsewhere)
			if s.Missed() != 0 {
				t.Error("it counts as missed")
			}
		})
	})
	t.Run("another device is faster than our answer", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			_, c := s.ringFrom(s.far)
			s.ours.Legs()[0].End(phone.AnsweredElsewhere, "")
			if err := s.Answer(s.ctx(), c.ID); !errors.Is(err, phone.AnsweredElsewhere) && !errors.Is(err, phone.ErrNoCall) {
				t.Errorf("Answer: %v", err)
			}
			s.pass(step)
			s.ended(c.ID, phone.AnsweredElsewhere, phone.OutcomeElsewhere)
		})
	})
	t.Run("a group call that the line cannot take is shown as missed", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.ours.Tell(phone.OfferReceived{Offer: phone.IncomingOffer{ID: "G", Group: true, From: phone.Party{Group: "Friends"}}})
			s.pass(step)
			if e := s.ended("c1", phone.Incompatible, phone.OutcomeMissed); !e.Group || e.Party.Group != "Friends" {
				t.Errorf("logged as %+v", e.Call)
			}
		})
	})
	t.Run("a number learned later names the caller, the call and the log", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.ours.SetContacts(phone.Party{Number: farNumber, Name: "Mum"})
			s.ours.Tell(phone.OfferMissed{Offer: phone.IncomingOffer{ID: "L", From: phone.Party{LID: "77@lid"}}, Cause: phone.Cancelled})
			s.pass(step)
			if e := s.entry("c1"); e.Party.Display() != "number hidden" {
				t.Errorf("shown as %q", e.Party.Display())
			}
			s.ours.Tell(phone.PartyLearned{Party: phone.Party{LID: "77@lid", Number: farNumber}})
			s.pass(step)
			if e := s.entry("c1"); e.Party.Display() != "Mum" || e.Party.Number != farNumber {
				t.Errorf("still shown as %q with number %q", e.Party.Display(), e.Party.Number)
			}
			found, err := s.Log(s.ctx(), phone.Query{Who: farNumber})
			if err != nil || len(found) != 1 {
				t.Errorf("by number: %d calls, %v", len(found), err)
			}
		})
	})
}

func TestAnswerNeedsToBeSure(t *testing.T) {
	t.Run("no call rings", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			if err := s.Answer(s.ctx(), ""); !errors.Is(err, phone.ErrNoIncoming) {
				t.Errorf("Answer: %v", err)
			}
		})
	})
	t.Run("two calls ring: none is guessed", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			_, one := s.ringFrom(s.far)
			_, two := s.ringFrom(s.third)
			if err := s.Answer(s.ctx(), ""); !errors.Is(err, phone.ErrAmbiguous) {
				t.Errorf("Answer: %v", err)
			}
			s.is(one.ID, phone.Incoming)
			s.is(two.ID, phone.Incoming)
		})
	})
	t.Run("a call that another command ended says so", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			if err := s.Reject(s.ctx(), "c99", ""); !errors.Is(err, phone.ErrNoCall) {
				t.Errorf("Reject: %v", err)
			}
		})
	})
}

func TestDecline(t *testing.T) {
	t.Run("with a message, written after the end", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			leg, c := s.ringFrom(s.far)
			s.must(s.Reject(s.ctx(), c.ID, "I call you back."))
			s.ended(c.ID, phone.Declined, phone.OutcomeDeclined)
			if why := s.far.Released(leg); why != phone.Declined {
				t.Errorf("the caller saw %v", why)
			}
			s.far.Text("I call you back.")
		})
	})
	t.Run("nothing confirmed it: sent twice, marked, and no message", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.ours.Deafen(2)
			_, c := s.ringFrom(s.far)
			err := s.Reject(s.ctx(), c.ID, "I call you back.")
			if !errors.Is(err, phone.ErrUnconfirmed) {
				t.Errorf("Reject: %v", err)
			}
			s.pass(step)
			if e := s.entry(c.ID); !e.Unconfirmed {
				t.Error("the log does not say so")
			}
			if !s.noticed("No message was sent") {
				t.Error("nobody was told")
			}
			for _, e := range s.far.Events() {
				if _, ok := e.(phone.TextReceived); ok {
					t.Error("a message was sent while their phone may still ring")
				}
			}
		})
	})
	t.Run("they hung up a moment before: it is done, and nothing is written", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			leg, c := s.ringFrom(s.far)
			if err := leg.Release(s.ctx(), phone.Cancelled); err != nil { // the news is on its way
				t.Fatal(err)
			}
			s.must(s.Reject(s.ctx(), c.ID, "I call you back."))
			if e := s.entry(c.ID); e.Unconfirmed {
				t.Error("the log doubts the end")
			}
			if !s.noticed("they had hung up already") {
				t.Error("nobody was told why there was no message")
			}
			for _, e := range s.far.Events() {
				if _, ok := e.(phone.TextReceived); ok {
					t.Error("a message was sent about a call that they gave up")
				}
			}
		})
	})
	t.Run("the second try is confirmed", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			s.ours.Deafen(1)
			leg, c := s.ringFrom(s.far)
			s.must(s.Reject(s.ctx(), c.ID, ""))
			if e := s.ended(c.ID, phone.Declined, phone.OutcomeDeclined); e.Unconfirmed {
				t.Error("marked as unconfirmed")
			}
			s.far.Released(leg)
		})
	})
	t.Run("silence here leaves it ringing", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			leg, c := s.ringFrom(s.far)
			s.must(s.Silence(s.ctx(), ""))
			if c := s.call(c.ID); !c.Silenced || c.State != phone.Incoming {
				t.Errorf("silenced %v, state %v", c.Silenced, c.State)
			}
			if s.far.Releases(leg) != 0 {
				t.Error("the caller was told")
			}
			s.must(s.Answer(s.ctx(), c.ID))
			s.is(c.ID, phone.Established)
		})
	})
}

func TestAutoAnswer(t *testing.T) {
	allow := func(c *phone.Config) { c.AutoAnswer = []string{farNumber} }
	t.Run("people on the allow-list, after two seconds, with a notice", func(t *testing.T) {
		tell(t, allow, func(s *story) {
			_, c := s.ringFrom(s.far)
			s.pass(time.Second)
			s.is(c.ID, phone.Incoming)
			s.pass(2 * time.Second)
			s.is(c.ID, phone.Established)
			if !s.noticed("answered by itself") {
				t.Error("nobody was told")
			}
		})
	})
	t.Run("nobody else", func(t *testing.T) {
		tell(t, allow, func(s *story) {
			_, c := s.ringFrom(s.third)
			s.pass(10 * time.Second)
			s.is(c.ID, phone.Incoming)
		})
	})
	t.Run("never a second call", func(t *testing.T) {
		tell(t, allow, func(s *story) {
			s.talk(s.third)
			_, c := s.ringFrom(s.far)
			s.pass(10 * time.Second)
			s.is(c.ID, phone.Incoming)
		})
	})
}

// keeper decides as a function.
type keeper func(context.Context, phone.Inquiry) phone.Decision

func (k keeper) Decide(ctx context.Context, q phone.Inquiry) phone.Decision { return k(ctx, q) }

func always(d phone.Decision) func(*phone.Config) {
	return func(c *phone.Config) {
		c.Gatekeeper = keeper(func(context.Context, phone.Inquiry) phone.Decision { return d })
	}
}

func TestATextOfNobodySaysNothingOfAnonymousCallers(t *testing.T) {
	var last []time.Time
	ask := func(c *phone.Config) {
		c.Gatekeeper = keeper(func(_ context.Context, q phone.Inquiry) phone.Decision {
			last = append(last, q.LastOut)
			return phone.Decision{Action: phone.ActionRing}
		})
	}
	tell(t, ask, func(s *story) {
		s.ours.Tell(phone.TextReceived{Text: "hello"})
		s.ringFrom(s.far)
		s.ours.Tell(phone.OfferReceived{Offer: phone.IncomingOffer{ID: "hidden", Leg: s.ours.Legs()[0]}})
		s.pass(step)
		if len(last) != 2 || !last[1].IsZero() {
			t.Errorf("the gatekeeper was told of texts at %v", last)
		}
	})
}

func TestGatekeeper(t *testing.T) {
	t.Run("reject with a message", func(t *testing.T) {
		d := phone.Decision{Action: phone.ActionReject, Rule: "Nights", Trace: []string{"It is night."}, Say: "Call tomorrow."}
		tell(t, always(d), func(s *story) {
			leg, _ := s.ringFrom(s.far)
			if why := s.far.Released(leg); why != phone.Declined {
				t.Errorf("the caller saw %v", why)
			}
			s.far.Text("Call tomorrow.")
			e := s.ended("c1", phone.RejectedByRule, phone.OutcomeDeclinedByRule)
			if e.Rule != "Nights" || !slices.Equal(e.Trace, d.Trace) || e.Action != phone.ActionReject {
				t.Errorf("logged as %q, %q, %q", e.Rule, e.Trace, e.Action)
			}
			s.saw("c1", "offer:reject", "ended")
		})
	})
	t.Run("silence", func(t *testing.T) {
		tell(t, always(phone.Decision{Action: phone.ActionSilence}), func(s *story) {
			_, c := s.ringFrom(s.far)
			if !s.call(c.ID).Silenced {
				t.Error("it rings")
			}
		})
	})
	t.Run("ring-loud rings through do-not-disturb", func(t *testing.T) {
		tell(t, always(phone.Decision{Action: phone.ActionRingLoud}), func(s *story) {
			s.must(s.SetPresence(s.ctx(), phone.DND))
			_, c := s.ringFrom(s.far)
			if c := s.call(c.ID); c.Silenced || !c.Loud {
				t.Errorf("silenced %v, loud %v", c.Silenced, c.Loud)
			}
		})
	})
	t.Run("ring is silent in do-not-disturb", func(t *testing.T) {
		tell(t, always(phone.Decision{Action: phone.ActionRing}), func(s *story) {
			s.must(s.SetPresence(s.ctx(), phone.DND))
			_, c := s.ringFrom(s.far)
			if !s.call(c.ID).Silenced {
				t.Error("it rings")
			}
		})
	})
	t.Run("slower than 100 ms: it rings, and the log says why", func(t *testing.T) {
		slow := func(c *phone.Config) {
			c.Gatekeeper = keeper(func(ctx context.Context, _ phone.Inquiry) phone.Decision {
				time.Sleep(time.Second)
				return phone.Decision{Action: phone.ActionReject}
			})
		}
		tell(t, slow, func(s *story) {
			_, err := s.far.Line.Dial(s.ctx(), "", phone.Party{Number: ourNumber}, phone.DialOptions{})
			s.must(err)
			s.pass(50 * time.Millisecond)
			s.is("c1", phone.Incoming)
			s.pass(2 * time.Second)
			if c := s.call("c1"); c.State != phone.Incoming || len(c.Trace) != 1 {
				t.Errorf("%v with trace %q", c.State, c.Trace)
			}
		})
	})
	t.Run("ring for ten seconds, then decline", func(t *testing.T) {
		d := phone.Decision{Action: phone.ActionRing, Ring: 10 * time.Second, Then: phone.ActionReject, Say: "Later."}
		tell(t, always(d), func(s *story) {
			leg, c := s.ringFrom(s.far)
			s.pass(9 * time.Second)
			s.is(c.ID, phone.Incoming)
			s.pass(2 * time.Second)
			s.ended(c.ID, phone.RejectedByRule, phone.OutcomeDeclinedByRule)
			s.far.Released(leg)
			s.far.Text("Later.")
		})
	})
	t.Run("what a rule wants then comes while answering works for certain", func(t *testing.T) {
		d := phone.Decision{Action: phone.ActionRing, Then: phone.ActionReject}
		tell(t, always(d), func(s *story) {
			s.ringFrom(s.far)
			s.ours.Tell(phone.OfferReceived{Offer: phone.IncomingOffer{ID: "hurry", Leg: s.ours.Legs()[0], Surely: time.Now().Add(5 * time.Second)}})
			s.pass(4 * time.Second)
			s.is("c2", phone.Incoming)
			s.pass(2 * time.Second)
			s.ended("c2", phone.RejectedByRule, phone.OutcomeDeclinedByRule)
		})
	})
	t.Run("it is told who calls, how often, and that we talk", func(t *testing.T) {
		var last phone.Inquiry
		ask := func(c *phone.Config) {
			c.Gatekeeper = keeper(func(_ context.Context, q phone.Inquiry) phone.Decision {
				last = q
				return phone.Decision{Action: phone.ActionRing}
			})
		}
		tell(t, ask, func(s *story) {
			s.ours.SetContacts(phone.Party{Number: farNumber, Name: "Mum"})
			leg, _ := s.ringFrom(s.far)
			s.must(leg.Release(s.ctx(), phone.Cancelled))
			s.talk(s.third)
			s.ringFrom(s.far)
			if last.Contact.Name != "Mum" || len(last.Recent) != 1 || last.Me != phone.OnCall || last.Offer.From.Name != "Mum" {
				t.Errorf("asked about %q, %d recent calls, we are %q", last.Contact.Name, len(last.Recent), last.Me)
			}
		})
	})
}
