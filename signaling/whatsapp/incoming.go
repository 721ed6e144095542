package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

	"tring/phone"
	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/stanza"
)

// keyring keeps the keys of offers that were read, so that a call delivered
// twice is not decrypted twice: Signal messages can be read once only.
type keyring map[string][32]byte

const maxKeys = 64

func (k keyring) put(id string, key [32]byte) {
	if len(k) >= maxKeys {
		clear(k)
	}
	k[id] = key
}

// onCall takes in one <call>. It runs on whatsmeow's handler goroutine, in
// the order of the socket: first the confirmation, then the key, then the
// board.
func (s *session) onCall(key callKey) {
	n := s.tap.take(key)
	if n == nil {
		s.line.config.Log.Warn("a call stanza could not be read: the receive hook of whatsmeow has changed", "kind", key.tag)
		return
	}
	sig, err := stanza.Parse(n)
	if err != nil {
		s.line.config.Log.Info("ignored a call stanza", "kind", key.tag, "error", err)
		return
	}
	if sig.Kind == stanza.EncRekey {
		s.confirmRekey(sig)
		return
	}
	s.confirm(n, sig)
	s.learn(sig)
	s.route(sig)
}

// confirm sends the receipt that offers, accepts and rejects want. All other
// kinds want a typed ack: whatsmeow is about to ack the stanza, and copies an
// outer type, so that it is enough to write it in.
func (s *session) confirm(n *waBinary.Node, sig stanza.Signal) {
	if !sig.WantsReceipt() {
		n.Attrs["type"] = string(sig.Kind)
		return
	}
	if sig.Offline && s.line.config.Choices.QuietOffline {
		return
	}
	s.sendNow(stanza.ReceiptFor(sig))
}

func (s *session) sendNow(n waBinary.Node) {
	ctx, cancel := context.WithTimeout(s.ctx, sendTimeout)
	defer cancel()
	if err := s.Send(ctx, n); err != nil {
		s.line.config.Log.Info("could not confirm a call stanza", "error", Mask(err.Error()))
	}
}

// confirmRekey reads a group's new key only to know which confirmation is due.
func (s *session) confirmRekey(sig stanza.Signal) {
	if _, err := s.unseal(sig); err != nil {
		s.sendNow(stanza.RekeyRetry(sig, s.client.Store.RegistrationID))
		return
	}
	s.sendNow(stanza.ReceiptFor(sig))
}

// learn keeps which number belongs to which hidden id.
func (s *session) learn(sig stanza.Signal) {
	creator, pn := sig.Ref.Creator, sig.Body.CallerPN
	if sig.Kind == stanza.Offer && creator.Server == types.HiddenUserServer && pn.Server == types.DefaultUserServer {
		s.client.StoreLIDPNMapping(s.ctx, stanza.Bare(creator), stanza.Bare(pn))
		s.met(stanza.Bare(creator), stanza.Bare(pn))
	}
}

func (s *session) route(sig stanza.Signal) {
	switch sig.Kind {
	case stanza.Offer:
		s.onOffer(sig)
	case stanza.OfferNotice:
		s.onNotice(sig)
	default:
		s.line.onBoard(func(b *board) { b.signal(&sig) })
	}
}

// onOffer reads the key and puts the call on the board.
func (s *session) onOffer(sig stanza.Signal) {
	in := incoming{signal: &sig, received: time.Now(), registration: s.client.Store.RegistrationID, own: s.client.Store.GetLID()}
	in.party = s.caller(sig)
	if !sig.Offline && !sig.Body.GroupCall {
		in.key, in.err = s.keyOf(sig)
	}
	if !sig.Body.Group.IsEmpty() {
		go s.nameGroup(in)
		return
	}
	s.line.onBoard(func(b *board) { b.offered(in) })
}

// caller is who calls.
func (s *session) caller(sig stanza.Signal) phone.Party {
	p := s.party(s.ctx, sig.Ref.Creator, stanza.Bare(sig.Body.CallerPN))
	p.PushName = first(p.PushName, sig.PushName)
	p.Device = stanza.DeviceText(sig.Device())
	return p
}

// nameGroup asks for the group's name before the call is shown; a group that
// does not say its name in time is shown without.
func (s *session) nameGroup(in incoming) {
	ctx, cancel := context.WithTimeout(s.ctx, 2*time.Second)
	defer cancel()
	if g, err := s.client.GetGroupInfo(ctx, in.signal.Body.Group); err == nil {
		in.party.Group = phone.CleanName(g.Name)
	}
	s.line.onBoard(func(b *board) { b.offered(in) })
}

// errNoKey says that an offer carries no key for this device. It can be shown,
// but not answered.
var errNoKey = errors.New("the offer carries no key for this device")

// keyOf is the call's key, decrypted once.
func (s *session) keyOf(sig stanza.Signal) ([32]byte, error) {
	if key, ok := s.keys[sig.Ref.ID]; ok {
		return key, nil
	}
	key, err := s.unseal(sig)
	if err == nil {
		s.keys.put(sig.Ref.ID, key)
	}
	return key, err
}

func (s *session) unseal(sig stanza.Signal) ([32]byte, error) {
	e, ok := sig.Body.Key(s.client.Store.GetLID())
	if !ok {
		return [32]byte{}, errNoKey
	}
	s.seal.Lock()
	defer s.seal.Unlock()
	plain, _, err := s.client.DangerousInternals().DecryptDM(s.ctx, &e.Node, sig.Device(), e.Type == "pkmsg", sig.Time)
	if err != nil {
		return [32]byte{}, fmt.Errorf("decrypt the call key: %w", err)
	}
	return keyFrom(plain)
}

// keyFrom reads the call key out of the decrypted message.
func keyFrom(plain []byte) ([32]byte, error) {
	var m waE2E.Message
	if err := proto.Unmarshal(plain, &m); err != nil {
		return [32]byte{}, fmt.Errorf("read the call key: %w", err)
	}
	key := m.GetCall().GetCallKey()
	if len(key) != 32 {
		return [32]byte{}, fmt.Errorf("the call key has %d bytes instead of 32", len(key))
	}
	return [32]byte(key), nil
}

// onNotice: a call that was, or that a group has; it never rings.
func (s *session) onNotice(sig stanza.Signal) {
	in := incoming{signal: &sig, received: time.Now(), party: s.caller(sig)}
	s.line.onBoard(func(b *board) { b.noticed(in) })
}

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

func (i incoming) describe() phone.IncomingOffer {
	s := i.signal
	return phone.IncomingOffer{
		ID: s.Ref.ID, From: i.party, Video: s.Body.Video, Group: s.Body.GroupCall, OfferedAt: s.Time, Received: i.received,
		Platform: phone.CleanName(s.Platform), Version: phone.CleanName(s.Version),
	}
}

// offered judges an offer and lets it ring, or not.
func (b *board) offered(in incoming) {
	b.work.post(func() {
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
		verdict, cause := b.registry.Judge(s, in.received, b.syncing)
		b.admit(in, verdict, cause)
	})
}

func (b *board) admit(in incoming, v call.Verdict, cause phone.Cause) {
	switch {
	case v == call.Known:
	case v == call.Missed:
		b.registry.Bury(in.signal.Ref.ID, in.received)
		b.tell(phone.OfferMissed{Offer: in.describe(), Cause: cause})
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
	b.tell(phone.OfferMissed{Offer: in.describe(), Cause: phone.Busy})
}

// ring makes a call of an offer and feeds it what overtook it.
func (b *board) ring(in incoming) {
	s := in.signal
	l := newLeg(b, call.New(b.incomingPlan(in)), in.party, b.answerCodec())
	l.key, l.offer = in.key, in.describe()
	l.offer.Leg = l
	b.add(l)
	l.handle(in.input())
	for _, early := range b.registry.Early(s.Ref.ID, in.received) {
		l.handle(call.FromSignal(early, in.received))
	}
}

func (b *board) incomingPlan(in incoming) call.Plan {
	s := in.signal
	return call.Plan{
		Ref: s.Ref, Own: in.own, Peer: stanza.Bare(s.Ref.Creator), PeerPN: stanza.Bare(s.Body.CallerPN), Device: s.Device(),
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
	b.work.post(func() {
		id := in.signal.Ref.ID
		if _, here := b.legs[id]; here || b.registry.Buried(id) {
			return
		}
		b.registry.Bury(id, in.received)
		b.tell(phone.OfferMissed{Offer: in.describe(), Cause: phone.Stale})
	})
}
