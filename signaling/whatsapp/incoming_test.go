package whatsapp_test

import (
	"errors"
	"testing"
	"time"

	"tring/exchange"
	"tring/exchange/chat"
	"tring/phone"
	"tring/signaling/whatsapp"
)

// missed waits for a call that must not ring.
func (s *station) missed(want phone.Cause) phone.IncomingOffer {
	s.t.Helper()
	e := s.await("a missed call", func(e phone.LineEvent) bool { _, ok := e.(phone.OfferMissed); return ok }).(phone.OfferMissed)
	if e.Cause != want || e.Offer.Leg != nil {
		s.t.Errorf("missed because of %s with leg %v, want %s without", e.Cause.String(), e.Offer.Leg, want.String())
	}
	for _, e := range s.seen() {
		if _, rang := e.(phone.OfferReceived); rang {
			s.t.Error("a missed call rang")
		}
	}
	return e.Offer
}

// offers counts how often a call rang.
func (s *station) offers() (n int) {
	for _, e := range s.seen() {
		if _, ok := e.(phone.OfferReceived); ok {
			n++
		}
	}
	return n
}

func TestCallsThatMustNotRing(t *testing.T) {
	t.Run("delivered from the offline queue", func(t *testing.T) {
		w := newTown(t)
		w.inject(chat.Fault{Kind: chat.FaultOffline, Account: w.bob.account.Number()})
		leg := w.ann.dial(w.bob)
		if o := w.bob.missed(phone.Stale); o.ID != leg.ID() || o.From.Number != "+15550100001" {
			t.Errorf("offer %+v", o)
		}
		w.must(leg.Release(soon(t), phone.Cancelled))
	})
	t.Run("older than a minute", func(t *testing.T) {
		w := newTown(t)
		w.inject(chat.Fault{Kind: chat.FaultStale, Account: w.bob.account.Number(), Delay: 2 * time.Minute})
		leg := w.ann.dial(w.bob)
		w.bob.missed(phone.Stale)
		w.must(leg.Release(soon(t), phone.Cancelled))
	})
	t.Run("over before it was delivered", func(t *testing.T) {
		w := newTown(t)
		w.inject(chat.Fault{Kind: chat.FaultReorder, Account: w.bob.account.Number(), Stanza: "offer", Device: new(uint16(1)), Times: 1})
		leg := w.ann.dial(w.bob)
		w.must(leg.Release(soon(t), phone.Cancelled))
		w.bob.missed(phone.Cancelled)
	})
	t.Run("undecryptable for good", func(t *testing.T) {
		w := populate(t, network(t, chat.RuleUndecryptable), func(c *whatsapp.Config) { c.Timers = quick() })
		w.inject(chat.Fault{Kind: chat.FaultBadKey, Account: w.bob.account.Number()})
		leg := w.ann.dial(w.bob)
		w.bob.missed(phone.DecryptionFailed)
		_ = leg.Release(soon(t), phone.Cancelled)
	})
	t.Run("a third call at once", func(t *testing.T) {
		w := newTown(t)
		carl, dora := linked(t, w.Exchange, "+15550100003", "Carl"), linked(t, w.Exchange, "+15550100004", "Dora")
		w.talk()
		second := carl.dial(w.bob)
		w.bob.rings(second.ID())
		third := dora.dial(w.bob)
		e := w.bob.await("busy", func(e phone.LineEvent) bool { m, ok := e.(phone.OfferMissed); return ok && m.Offer.ID == third.ID() })
		if c := e.(phone.OfferMissed).Cause; c != phone.Busy {
			t.Errorf("the third call: %s", c.String())
		}
		dora.awaitAlerting(third) // bob's phone rings on
		w.must(third.Release(soon(t), phone.Cancelled))
		w.must(second.Release(soon(t), phone.Cancelled))
	})
}

func TestAKeyThatCannotBeReadIsAskedForAgain(t *testing.T) {
	w := populate(t, network(t))
	w.inject(chat.Fault{Kind: chat.FaultBadKey, Account: w.bob.account.Number(), Device: new(uint16(1)), Times: 1})
	leg := w.ann.dial(w.bob)
	offer := w.bob.rings(leg.ID())
	w.must(offer.Leg.Answer(soon(t)))
	talk(t, leg)
	talk(t, offer.Leg)
	w.ann.awaitMedia(leg)
	w.bob.awaitMedia(offer.Leg)
	w.must(leg.Release(soon(t), phone.NormalClearing))
}

func TestACallDeliveredTwiceRingsOnce(t *testing.T) {
	w := newTown(t)
	w.inject(chat.Fault{Kind: chat.FaultDuplicate, Account: w.bob.account.Number(), Device: new(uint16(1))})
	w.inject(chat.Fault{Kind: chat.FaultDuplicate, Account: w.ann.account.Number(), Device: new(uint16(1))})
	leg, offer := w.ring()
	w.must(offer.Leg.Answer(soon(t)))
	w.ann.awaitAccepted(leg)
	w.must(leg.Release(soon(t), phone.NormalClearing))
	w.bob.awaitReleased(offer.Leg, phone.NormalClearing)
	if n := w.bob.offers(); n != 1 {
		t.Errorf("rang %d times", n)
	}
}

func TestACallIsDeliveredAgainAfterAReconnect(t *testing.T) {
	w := newTown(t)
	leg, offer := w.ring()
	if _, err := w.Chat().DropSockets(w.bob.account.Number()); err != nil {
		t.Fatal(err)
	}
	w.bob.await("reconnect", func(e phone.LineEvent) bool {
		c, ok := e.(phone.LineChanged)
		return ok && c.Info.Status == phone.LineOffline && c.Info.Detail != ""
	})
	w.bob.awaitStatus(phone.LineReady)
	w.must(offer.Leg.Answer(soon(t)))
	w.ann.awaitAccepted(leg)
	if n := w.bob.offers(); n != 1 {
		t.Errorf("rang %d times", n)
	}
	w.must(leg.Release(soon(t), phone.NormalClearing))
}

func TestTheSocketIsLostInTheMiddleOfACall(t *testing.T) {
	w := newTown(t)
	a, b := w.talk()
	if _, err := w.Chat().DropSockets(w.ann.account.Number()); err != nil {
		t.Fatal(err)
	}
	// Hung up without a socket: it is said when the socket is back.
	if err := a.Release(soon(t), phone.NormalClearing); err != nil && !errors.Is(err, phone.ErrUnconfirmed) {
		t.Errorf("release: %v", err)
	}
	w.bob.awaitReleased(b, phone.NormalClearing)
}

func TestCallWaiting(t *testing.T) {
	w := newTown(t)
	carl := linked(t, w.Exchange, "+15550100003", "Carl")
	first, atBob := w.talk()
	second := carl.dial(w.bob)
	waiting := w.bob.rings(second.ID())
	w.must(atBob.Release(soon(t), phone.NormalClearing))
	w.must(waiting.Leg.Answer(soon(t)))
	carl.awaitAccepted(second)
	w.ann.awaitReleased(first, phone.NormalClearing)
	w.must(second.Release(soon(t), phone.NormalClearing))
	w.bob.awaitReleased(waiting.Leg, phone.NormalClearing)
}

func TestBothCallEachOtherAtOnce(t *testing.T) {
	w := newTown(t)
	out := w.ann.dial(w.bob)
	in := w.bob.dial(w.ann)
	atBob, atAnn := w.bob.rings(out.ID()), w.ann.rings(in.ID())
	w.must(atAnn.Leg.Answer(soon(t)))
	w.bob.awaitAccepted(in)
	w.must(out.Release(soon(t), phone.Cancelled))
	w.bob.awaitReleased(atBob.Leg, phone.Cancelled)
	w.must(in.Release(soon(t), phone.NormalClearing))
	w.ann.awaitReleased(atAnn.Leg, phone.NormalClearing)
}

func TestAVideoCallIsAnsweredWithSoundOnly(t *testing.T) {
	w := newTown(t)
	leg, err := w.ann.Dial(soon(t), "", w.bob.number(), phone.DialOptions{Video: true})
	w.must(err)
	offer := w.bob.rings(leg.ID())
	if !offer.Video {
		t.Error("the offer does not say video")
	}
	w.must(offer.Leg.Answer(soon(t)))
	w.ann.awaitAccepted(leg)
	talk(t, leg)
	talk(t, offer.Leg)
	w.bob.awaitMedia(offer.Leg)
	w.must(leg.Release(soon(t), phone.NormalClearing))
}

func TestACallWithoutARelayIsShownAndCannotBeAnswered(t *testing.T) {
	w := newTown(t)
	w.inject(chat.Fault{Kind: chat.FaultNoRelay})
	leg := w.ann.dial(w.bob)
	offer := w.bob.rings(leg.ID())
	if err := offer.Leg.Answer(soon(t)); !errors.Is(err, phone.Incompatible) {
		t.Errorf("answer: %v", err)
	}
	w.must(leg.Release(soon(t), phone.Cancelled))
}

func TestAnAnswerWithoutSoundEndsTheCall(t *testing.T) {
	w := newTown(t, func(c *whatsapp.Config) { c.Timers = quick() })
	w.must(w.SetMediaFault(exchange.Scope{}, exchange.MediaFault{Silent: true}))
	leg, offer := w.ring()
	w.must(offer.Leg.Answer(soon(t)))
	e := w.ann.await("the end", func(e phone.LineEvent) bool { r, ok := e.(phone.LegReleased); return ok && r.Leg.ID() == leg.ID() })
	if c := e.(phone.LegReleased).Cause; c != phone.MediaTimeout {
		t.Errorf("ended because of %s", c.String())
	}
	w.bob.awaitReleased(offer.Leg, phone.MediaTimeout)
}
