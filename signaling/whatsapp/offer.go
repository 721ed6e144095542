package whatsapp

import (
	"errors"
	"time"

	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/stanza"
)

// incoming is an offer with all that the session found out about it.
type incoming struct {
	signal       *stanza.Signal
	key          [32]byte
	err          error // why there is no key
	party        phone.Party
	received     time.Time
	own          types.JID
	registration uint32
}

// genuine: who calls one other person is who created the call; a call of many
// may be offered by anybody in it. The server vouches for the sender only.
func (i incoming) genuine() bool {
	s := i.signal
	from := s.Device()
	return s.Body.GroupCall || stanza.SameUser(from, s.Ref.Creator) || stanza.SameUser(from, s.Body.CallerPN)
}

// describe tells the phone of an offer, by our own clock.
func (b *board) describe(i incoming) phone.IncomingOffer {
	s := i.signal
	return phone.IncomingOffer{
		ID: s.Ref.ID, From: i.party, Video: s.Body.Video, Group: s.Body.GroupCall, OfferedAt: b.registry.Ours(s.Time), Received: i.received,
		Platform: phone.CleanName(s.Platform), Version: phone.CleanName(s.Version),
	}
}

// offered judges an offer and lets it ring, or not.
func (b *board) offered(in incoming) {
	b.work.Post(func() {
		s := in.signal
		if l, ok := b.legs[s.Ref.ID]; ok {
			if l.alive() {
				l.again(in)
			}
			return
		}
		if b.registry.Repeated(s, in.received) {
			return
		}
		if !in.genuine() {
			b.log.Info("ignored an offer that is not its creator's", "call", maskID(s.Ref.ID))
			return
		}
		verdict, cause := b.registry.Judge(s, in.received, b.syncing)
		b.admit(in, verdict, cause)
	})
}

func (b *board) admit(in incoming, v call.Verdict, cause phone.Cause) {
	switch {
	case v == call.Known:
	case v == call.Missed:
		b.registry.Bury(in.signal.Ref.ID, in.received)
		b.tell(phone.OfferMissed{Offer: b.describe(in), Cause: cause})
	case b.alive() >= b.config.Choices.MaxCalls:
		b.refuseBusy(in)
	default:
		b.ring(in)
	}
}

// refuseBusy: this device cannot take another call; the person's phone rings
// on.
func (b *board) refuseBusy(in incoming) {
	b.registry.Bury(in.signal.Ref.ID, in.received)
	if b.wire != nil {
		d := stanza.RejectDraft(in.signal.Ref, in.signal.From, "busy")
		b.out.put(letter{node: d.With(b.wire.NewID()), worth: func() bool { return true }})
	}
	b.tell(phone.OfferMissed{Offer: b.describe(in), Cause: phone.Busy})
}

// ring makes a call of an offer and feeds it what overtook it.
func (b *board) ring(in incoming) {
	s := in.signal
	l := newLeg(b, call.New(b.incomingPlan(in)), in.party, b.answerCodec())
	l.key, l.offer = in.key, b.describe(in)
	l.offer.Leg = l
	b.add(l)
	l.handle(in.input())
	for _, early := range b.registry.Early(s.Ref.ID, in.received) {
		l.handle(call.FromSignal(early, in.received))
	}
}

func (b *board) incomingPlan(in incoming) call.Plan {
	s := in.signal
	peer := stanza.Bare(s.Ref.Creator)
	if s.Body.GroupCall {
		peer = stanza.Bare(s.Device()) // who invites need not be who began it
	}
	return call.Plan{
		Ref: s.Ref, Own: in.own, Peer: peer, PeerPN: stanza.Bare(s.Body.CallerPN), Device: s.Device(),
		Group: s.Body.GroupCall, Mediable: in.mediable(), Metadata: s.Body.Metadata, Registration: in.registration,
		Choices: b.config.Choices.Choices, Timers: b.config.Timers,
	}
}

// mediable: the call can carry sound: there is a key, a relay, and audio at a
// rate that we have.
func (i incoming) mediable() bool {
	b := i.signal.Body
	return i.err == nil && !b.GroupCall && b.Relay != nil && b.Offers(16000)
}

// input is what the offer means to the call. A missing key is no failure: the
// call is shown.
func (i incoming) input() call.Input {
	on := call.Offered
	if i.err != nil && !errors.Is(i.err, errNoKey) {
		on = call.Unreadable
	}
	return call.Input{On: on, At: i.received, Device: i.signal.Device(), Signal: i.signal}
}

// again: the same offer once more, perhaps now with a key that can be read.
func (l *Leg) again(in incoming) {
	if in.err == nil && l.key == [32]byte{} {
		l.key = in.key
	}
	l.call.Mediable = l.call.Mediable || in.mediable()
	l.handle(in.input())
}

// noticed: a call that must not ring.
func (b *board) noticed(in incoming) {
	b.work.Post(func() {
		id := in.signal.Ref.ID
		if _, here := b.legs[id]; here || b.registry.Buried(id) {
			return
		}
		b.registry.Bury(id, in.received)
		b.tell(phone.OfferMissed{Offer: b.describe(in), Cause: phone.Stale})
	})
}
