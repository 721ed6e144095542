package whatsapp

import (
	"context"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/stanza"
)

// onCall takes in one <call>. It runs on whatsmeow's handler goroutine, in
// the order of the socket: first the confirmation, then the key, then the
// board.
func (s *session) onCall(key callKey) {
	n := s.tap.take(key)
	if n == nil {
		s.line.config.Log.Info("ignored a call stanza of an older connection, it will come again", "kind", key.tag)
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
		s.line.config.Log.Info("could not confirm a call stanza", "error", phone.MaskText(err.Error()))
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
	if sig.Body.LinkToken != "" {
		p.Group = "call link"
	}
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

// onNotice: a call that was, or that a group has; it never rings.
func (s *session) onNotice(sig stanza.Signal) {
	in := incoming{signal: &sig, received: time.Now(), party: s.caller(sig)}
	s.line.onBoard(func(b *board) { b.noticed(in) })
}
