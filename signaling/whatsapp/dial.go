package whatsapp

import (
	"context"
	"crypto/rand"
	"fmt"

	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/stanza"
)

// Dial places a call and returns when the offer has been handed to the
// network. Errors wrap a Cause.
func (l *Line) Dial(ctx context.Context, id string, to phone.Party, o phone.DialOptions) (phone.Leg, error) {
	s, err := l.ready()
	if err != nil {
		return nil, err
	}
	d, err := s.prepare(ctx, to, o)
	if err != nil {
		return nil, err
	}
	l.config.Log.Info("dial", "phone", id, "call", maskID(d.spec.Ref.ID), "devices", len(d.devices), "keys", len(d.spec.Keys), "token", len(d.spec.Token) > 0)
	leg, err := l.place(ctx, d)
	if err != nil {
		return nil, err
	}
	go s.giveToken(d.peer)
	return leg, nil
}

// dialling is an offer in preparation.
type dialling struct {
	peer    types.JID
	party   phone.Party
	own     types.JID
	devices []types.JID
	key     [32]byte
	spec    stanza.OfferSpec
}

// prepare finds the callee, its devices and its token, and encrypts a fresh
// key for every device.
func (s *session) prepare(ctx context.Context, to phone.Party, o phone.DialOptions) (dialling, error) {
	d := dialling{own: s.client.Store.GetLID()}
	if d.own.IsEmpty() {
		return d, fmt.Errorf("%w %w", phone.LineDown, errNoLID)
	}
	var err error
	if d.peer, d.party, err = s.callee(ctx, to); err != nil {
		return d, err
	}
	if d.devices, err = s.devices(ctx, d.peer); err != nil {
		return d, err
	}
	rand.Read(d.key[:])
	return d, s.fill(ctx, &d, o)
}

func (s *session) fill(ctx context.Context, d *dialling, o phone.DialOptions) error {
	ch := s.line.config.Choices
	keys, identity, err := s.sealAll(ctx, d.devices, d.key)
	if err != nil {
		return err
	}
	d.spec = stanza.OfferSpec{
		Ref: stanza.Ref{ID: stanza.NewCallID(), Creator: d.own}, Callee: d.peer, Devices: len(d.devices), Keys: keys, Identity: identity,
		Token: s.token(ctx, d.peer), TokenTag: ch.TokenElement, Rates: ch.Rates, Video: o.Video, Capability: ch.Capability, Overlay: ch.Overlay,
	}
	return nil
}

// place makes the call and waits until its offer was sent.
func (l *Line) place(ctx context.Context, d dialling) (*Leg, error) {
	var leg *Leg
	sent := make(chan struct{})
	if err := l.inspect(ctx, func(b *board) { leg = b.place(d, sent) }); err != nil {
		return nil, networkError(err)
	}
	select {
	case <-sent:
		return leg, nil
	case <-leg.board.gone:
		return nil, phone.LineDown
	case <-ctx.Done():
		go leg.Release(context.WithoutCancel(ctx), phone.Cancelled)
		return nil, fmt.Errorf("%w: %w", phone.Cancelled, ctx.Err())
	}
}

func (b *board) place(d dialling, sent chan struct{}) *Leg {
	c := call.New(call.Plan{
		Ref: d.spec.Ref, Outgoing: true, Own: d.own, Peer: d.peer, Rung: d.devices, Offer: stanza.OfferDraft(d.spec),
		PeerPN: numberID(d.party.Number), Choices: b.config.Choices.Choices, Timers: b.config.Timers,
	})
	l := newLeg(b, c, d.party, opus16)
	l.key, l.spec, l.sent = d.key, d.spec, sent
	b.add(l)
	l.handle(call.Input{On: call.Place})
	return l
}
