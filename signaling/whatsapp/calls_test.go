package whatsapp_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tring/exchange"
	"tring/exchange/chat"
	"tring/phone"
	"tring/signaling/whatsapp"
)

// town is two linked lines on a strict network.
type town struct {
	*exchange.Exchange
	t        testing.TB
	ann, bob *station
}

func newTown(t testing.TB, edit ...func(*whatsapp.Config)) *town {
	t.Helper()
	return populate(t, network(t), edit...)
}

func populate(t testing.TB, x *exchange.Exchange, edit ...func(*whatsapp.Config)) *town {
	t.Helper()
	var people []*station
	for i, name := range []string{"Ann", "Bob"} {
		c := config(t, x, name)
		for _, f := range edit {
			f(&c)
		}
		people = append(people, linkedAs(t, x, c, []string{"+15550100001", "+15550100002"}[i], name))
	}
	return &town{x, t, people[0], people[1]}
}

// ring lets ann call bob until both know that it rings.
func (w *town) ring() (phone.Leg, phone.IncomingOffer) {
	w.t.Helper()
	leg := w.ann.dial(w.bob)
	offer := w.bob.rings(leg.ID())
	w.ann.awaitAlerting(leg)
	return leg, offer
}

// talk lets ann call bob, bob answer, and both be heard.
func (w *town) talk() (phone.Leg, phone.Leg) {
	w.t.Helper()
	leg, offer := w.ring()
	w.must(offer.Leg.Answer(w.t.Context()))
	w.ann.awaitAccepted(leg)
	talk(w.t, leg)
	talk(w.t, offer.Leg)
	w.ann.awaitMedia(leg)
	w.bob.awaitMedia(offer.Leg)
	return leg, offer.Leg
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// soon bounds one request.
func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// dialFails places a call that must fail with a cause, at once or by the
// server's answer.
func (w *town) dialFails(to phone.Party, want phone.Cause) {
	w.t.Helper()
	leg, err := w.ann.Dial(soon(w.t), "test", to, phone.DialOptions{})
	var got phone.Cause
	if err != nil {
		if !errors.As(err, &got) || got != want {
			w.t.Errorf("dial: %v, want %s", err, want.String())
		}
		return
	}
	w.ann.awaitReleased(leg, want)
}

func (w *town) inject(f chat.Fault) {
	w.t.Helper()
	_, err := w.Chat().Inject(f)
	w.must(err)
}

func (w *town) policy(s *station, do chat.CallAction) {
	w.t.Helper()
	w.must(s.account.Handset().SetPolicy(chat.CallPolicy{Do: do}))
}

func TestTwoLinesTalkAndHangUp(t *testing.T) {
	for name, byCaller := range map[string]bool{"the caller hangs up": true, "the callee hangs up": false} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			a, b := w.talk()
			by := a
			if !byCaller {
				by = b
			}
			if err := by.Release(soon(t), phone.NormalClearing); err != nil {
				t.Errorf("release: %v", err)
			}
			w.ann.awaitReleased(a, phone.NormalClearing)
			w.bob.awaitReleased(b, phone.NormalClearing)
		})
	}
}

func TestACallCanBeReportedWithoutItsSecrets(t *testing.T) {
	w := newTown(t)
	a, _ := w.talk()
	w.must(a.Release(soon(t), phone.NormalClearing))
	entries, err := a.(*whatsapp.Leg).Transcript(soon(t))
	w.must(err)
	report := w.ann.Report(entries)
	for _, part := range []string{"caller_codec", "sent offer", "preaccept", "calling → alerting", "relay leg open lop", "media", "sent terminate", "sent duration", "ack of the end"} {
		if !strings.Contains(report, part) {
			t.Errorf("the report does not tell of %q:\n%s", part, report)
		}
	}
	for _, c := range w.ann.Checks(entries) {
		if c.Result != whatsapp.Pass && c.Result != whatsapp.Ask {
			t.Errorf("a call that went well: %+v", c)
		}
		report += fmt.Sprintln(c)
	}
	for _, secret := range []string{"1555", strings.TrimSuffix(w.bob.account.LID(), "@lid"), a.ID()} {
		if strings.Contains(report, secret) {
			t.Errorf("the report contains %q", secret)
		}
	}
}

func TestTheAnsweringDeviceIsNamed(t *testing.T) {
	w := newTown(t)
	leg, offer := w.ring()
	if from := offer.From; from.Number != "+15550100001" || from.PushName != "Ann" || !strings.HasSuffix(from.Device, ":1@lid") {
		t.Errorf("the offer is from %+v", from)
	}
	if offer.Group || offer.Video || offer.Platform == "" || time.Since(offer.OfferedAt) > time.Minute {
		t.Errorf("offer %+v", offer)
	}
	w.must(offer.Leg.Answer(soon(t)))
	if p := w.ann.awaitAccepted(leg); !strings.HasSuffix(p.Device, ":1@lid") || p.Number != "+15550100002" {
		t.Errorf("answered by %+v", p)
	}
}

func TestOutgoingCallsEndWithTheirCause(t *testing.T) {
	t.Run("declined", func(t *testing.T) {
		w := newTown(t)
		leg, offer := w.ring()
		if err := offer.Leg.Release(soon(t), phone.Declined); err != nil {
			t.Errorf("the decline was not confirmed: %v", err)
		}
		w.ann.awaitReleased(leg, phone.Declined)
		w.bob.awaitReleased(offer.Leg, phone.Declined)
	})
	t.Run("declined on the phone", func(t *testing.T) {
		w := newTown(t)
		leg, offer := w.ring()
		w.must(w.bob.account.Handset().Decline(leg.ID()))
		w.ann.awaitReleased(leg, phone.Declined)
		w.bob.awaitReleased(offer.Leg, phone.DeclinedElsewhere)
	})
	t.Run("busy on every device", func(t *testing.T) {
		w := newTown(t)
		w.policy(w.bob, chat.Busy)
		leg, offer := w.ring()
		w.must(offer.Leg.Release(soon(t), phone.Busy))
		w.ann.awaitReleased(leg, phone.Busy)
	})
	t.Run("busy on one device, answered on another", func(t *testing.T) {
		w := newTown(t)
		leg, offer := w.ring()
		w.must(offer.Leg.Release(soon(t), phone.Busy))
		w.must(w.bob.account.Handset().Answer(leg.ID()))
		if p := w.ann.awaitAccepted(leg); !strings.HasSuffix(p.Device, ":0@lid") {
			t.Errorf("answered by %+v", p)
		}
		w.must(leg.Release(soon(t), phone.NormalClearing))
	})
	t.Run("cancelled", func(t *testing.T) {
		w := newTown(t)
		leg, offer := w.ring()
		w.must(leg.Release(soon(t), phone.Cancelled))
		w.ann.awaitReleased(leg, phone.Cancelled)
		w.bob.awaitReleased(offer.Leg, phone.Cancelled)
	})
	t.Run("not on the network", func(t *testing.T) {
		newTown(t).dialFails(phone.Party{Number: "+15550109999"}, phone.NotOnNetwork)
	})
	t.Run("the own number", func(t *testing.T) {
		w := newTown(t)
		w.dialFails(w.ann.number(), phone.Forbidden)
	})
	t.Run("no number", func(t *testing.T) {
		newTown(t).dialFails(phone.Party{}, phone.NotOnNetwork)
	})
	t.Run("a group", func(t *testing.T) {
		newTown(t).dialFails(phone.Party{LID: "120363000000000001@g.us"}, phone.Forbidden)
	})
	t.Run("no device has keys", func(t *testing.T) {
		w := newTown(t)
		w.inject(chat.Fault{Kind: chat.FaultNoKeys, Account: w.bob.account.Number()})
		w.dialFails(w.bob.number(), phone.Unreachable)
	})
	for code, want := range map[int]phone.Cause{401: phone.NotAllowed, 404: phone.NotOnNetwork, 439: phone.Failed, 463: phone.Restricted, 500: phone.Failed} {
		t.Run("the server refuses with "+want.String(), func(t *testing.T) {
			w := newTown(t)
			w.inject(chat.Fault{Kind: chat.FaultAckError, Code: code})
			w.dialFails(w.bob.number(), want)
		})
	}
	t.Run("no line", func(t *testing.T) {
		w := newTown(t)
		w.ann.halt()
		w.dialFails(w.bob.number(), phone.LineDown)
	})
}

func TestAnOfferWithoutAnAnswerOfTheServerFails(t *testing.T) {
	w := newTown(t, func(c *whatsapp.Config) { c.Timers = quick(); c.Timers.Ack = 200 * time.Millisecond })
	w.inject(chat.Fault{Kind: chat.FaultWithhold, Account: w.ann.account.Number(), Stanza: "ack/offer"})
	w.dialFails(w.bob.number(), phone.NetworkLost)
}

func TestNobodyAnswers(t *testing.T) {
	x := networkOf(t, chat.Options{Settings: []byte(`{"options":{}}`)})
	w := populate(t, x, func(c *whatsapp.Config) { c.Timers = quick(); c.Timers.Ring = 300 * time.Millisecond })
	leg, offer := w.ring()
	w.ann.awaitReleased(leg, phone.NoAnswer)
	w.bob.awaitReleased(offer.Leg, phone.NoAnswer)
}

func TestARestrictedCalleeWantsItsToken(t *testing.T) {
	x := network(t, chat.RuleNoToken)
	w := populate(t, x)
	w.bob.account.SetRestricted(true)
	w.dialFails(w.bob.number(), phone.Restricted)
	w.must(w.bob.account.Handset().Trust(w.ann.account.Number()))
	var leg phone.Leg
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		// The token comes as a notification; the store has it a moment later.
		if leg, _ = w.ann.Dial(soon(t), "", w.bob.number(), phone.DialOptions{}); leg != nil && !releasedSoon(w.ann, leg) {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the token did not help")
		}
	}
	w.bob.rings(leg.ID())
	w.must(leg.Release(soon(t), phone.Cancelled))
}

func releasedSoon(s *station, leg phone.Leg) bool {
	for range 20 {
		for _, e := range s.seen() {
			switch e := e.(type) {
			case phone.LegReleased:
				if e.Leg.ID() == leg.ID() {
					return true
				}
			case phone.LegAlerting:
				if e.Leg.ID() == leg.ID() {
					return false
				}
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

func TestAnsweredElsewhere(t *testing.T) {
	w := newTown(t)
	leg, offer := w.ring()
	w.must(w.bob.account.Handset().Answer(leg.ID()))
	w.bob.awaitReleased(offer.Leg, phone.AnsweredElsewhere)
	w.must(leg.Release(soon(t), phone.NormalClearing))
	if err := offer.Leg.Answer(soon(t)); !errors.Is(err, phone.AnsweredElsewhere) {
		t.Errorf("answering what was answered elsewhere: %v", err)
	}
}

func TestTheHandsetCallsTheLine(t *testing.T) {
	w := newTown(t)
	id, err := w.ann.account.Handset().Call(w.bob.account.Number())
	w.must(err)
	offer := w.bob.rings(id)
	w.must(offer.Leg.Answer(soon(t)))
	_, err = w.ann.account.Handset().AwaitCall(soon(t), func(c chat.HandsetCall) bool { return c.ID == id && c.State == chat.HandsetConnected })
	w.must(err)
	w.must(w.ann.account.Handset().HangUp(id))
	w.bob.awaitReleased(offer.Leg, phone.NormalClearing)
}

func TestADeclineStopsTheCallersPhone(t *testing.T) {
	w := newTown(t)
	id, err := w.ann.account.Handset().Call(w.bob.account.Number())
	w.must(err)
	offer := w.bob.rings(id)
	if err := offer.Leg.Release(soon(t), phone.Declined); err != nil {
		t.Errorf("not confirmed: %v", err)
	}
	c, err := w.ann.account.Handset().AwaitCall(soon(t), func(c chat.HandsetCall) bool { return c.ID == id && c.State == chat.HandsetEnded })
	w.must(err)
	if c.Reason != "rejected" {
		t.Errorf("the caller's phone says %q", c.Reason)
	}
}

func TestADeclineThatNobodyConfirmsIsReported(t *testing.T) {
	w := populate(t, network(t, chat.RuleAfterEnd), func(c *whatsapp.Config) { c.Timers = quick() })
	leg, offer := w.ring()
	// The caller is gone for good, and the server says nothing either.
	w.inject(chat.Fault{Kind: chat.FaultWithhold, Account: w.ann.account.Number()})
	w.inject(chat.Fault{Kind: chat.FaultWithhold, Account: w.bob.account.Number(), Stanza: "ack"})
	if err := offer.Leg.Release(soon(t), phone.Declined); !errors.Is(err, phone.ErrUnconfirmed) {
		t.Errorf("release: %v, want unconfirmed", err)
	}
	repeated := 0
	for _, r := range w.Refusals() {
		if r.Rule == chat.RuleAfterEnd && r.Stanza == "call reject" {
			repeated++
		}
	}
	if repeated != 1 {
		t.Errorf("the decline was repeated %d times, want once", repeated)
	}
	w.must(w.Chat().Lift(0))
	_ = leg.Release(soon(t), phone.Cancelled)
}

func TestMuteIsToldBothWays(t *testing.T) {
	w := newTown(t)
	a, b := w.talk()
	w.must(a.Mute(soon(t), true))
	w.bob.await("mute", func(e phone.LineEvent) bool { m, ok := e.(phone.LegPeerMuted); return ok && m.Muted })
	if !b.Stream().Network().RemoteMuted {
		t.Error("the stream does not know that the other side is muted")
	}
	w.must(a.Mute(soon(t), false))
	w.bob.await("unmute", func(e phone.LineEvent) bool { m, ok := e.(phone.LegPeerMuted); return ok && !m.Muted })
	if err := a.SendDigits(soon(t), "1"); !errors.Is(err, phone.ErrUnsupported) {
		t.Errorf("digits: %v", err)
	}
	w.must(b.Release(soon(t), phone.NormalClearing))
}

// quick are timers for tests that wait for them in real time.
func quick() (t whatsapp.Timers) {
	t = whatsapp.DefaultTimers()
	t.Confirm, t.Media, t.Key, t.Beat = 200*time.Millisecond, 500*time.Millisecond, 500*time.Millisecond, 100*time.Millisecond
	return t
}

func TestStoppingTheProgramEndsItsCalls(t *testing.T) {
	t.Run("talking", func(t *testing.T) {
		w := newTown(t)
		a, b := w.talk()
		w.ann.halt()
		w.bob.awaitReleased(b, phone.NormalClearing)
		w.ann.awaitReleased(a, phone.NormalClearing)
	})
	t.Run("calling", func(t *testing.T) {
		w := newTown(t)
		a, offer := w.ring()
		w.ann.halt()
		w.bob.awaitReleased(offer.Leg, phone.Cancelled)
		w.ann.awaitReleased(a, phone.Cancelled)
	})
	t.Run("ringing: the phone rings on", func(t *testing.T) {
		w := newTown(t)
		a, offer := w.ring()
		w.bob.halt()
		w.bob.awaitReleased(offer.Leg, phone.LineDown)
		w.must(w.bob.account.Handset().Answer(a.ID()))
		w.ann.awaitAccepted(a)
		w.must(a.Release(soon(t), phone.NormalClearing))
	})
}

func TestACrashedCallIsEndedByTheNextRun(t *testing.T) {
	x := network(t)
	c := config(t, x, "Ann")
	ann := linkedAs(t, x, c, "+15550100001", "Ann")
	bob := linked(t, x, "+15550100002", "Bob")
	w := &town{x, t, ann, bob}
	a, b := w.talk()
	party := a.Party()
	// A second run of the same link throws the first one out, as after a crash.
	again := unlinked(t, x, c)
	again.awaitStatus(phone.LineReady)
	<-ann.done
	ann.done <- nil
	if err := again.Recover(soon(t), a.ID(), party, false); err != nil {
		t.Errorf("recover: %v", err)
	}
	bob.awaitReleased(b, phone.NormalClearing)
	for _, e := range again.seen() {
		if _, ok := e.(phone.LegReleased); ok {
			t.Error("the phone was told of a call that it does not have")
		}
	}
	if err := again.Recover(soon(t), a.ID(), phone.Party{}, false); err == nil {
		t.Error("recovered a call with nobody")
	}
}
