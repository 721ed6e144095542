package whatsapp

import (
	"context"
	"errors"
	"fmt"

	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/stanza"
)

// errNoPeer says that a crashed call cannot be ended: nobody knows with whom
// it was.
var errNoPeer = errors.New("the other side of the call is not known")

// Recover ends a call that a crashed run left open. id is the leg's ID, party
// the other end with the device that was in the call, as far as it is known.
func (l *Line) Recover(ctx context.Context, id string, party phone.Party, incoming bool) error {
	s, err := l.ready()
	if err != nil {
		return err
	}
	peer, device, err := s.recovered(ctx, party)
	if err != nil {
		return err
	}
	plan := call.Plan{
		Ref: stanza.Ref{ID: id, Creator: s.client.Store.GetLID()}, Outgoing: !incoming, Own: s.client.Store.GetLID(),
		Peer: peer, Device: device, Choices: l.config.Choices.Choices, Timers: l.config.Timers,
	}
	if incoming {
		plan.Ref.Creator = device
	} else if plan.Rung, err = s.devices(ctx, peer); err != nil {
		return err
	}
	return l.endOrphan(ctx, plan, party)
}

// recovered is with whom a crashed call was.
func (s *session) recovered(ctx context.Context, p phone.Party) (peer, device types.JID, err error) {
	lid, pn := partyIDs(p)
	if lid, _ = s.pair(ctx, lid, pn); lid.IsEmpty() {
		return lid, lid, errNoPeer
	}
	device = lid
	if d, err := types.ParseJID(p.Device); err == nil && stanza.SameUser(d, lid) {
		device = d
	}
	return lid, device, nil
}

// endOrphan lets an ordinary call, put into its last state, end itself.
func (l *Line) endOrphan(ctx context.Context, plan call.Plan, party phone.Party) error {
	var leg *Leg
	made := make(chan struct{})
	l.onBoard(func(b *board) {
		b.work.Post(func() {
			leg = newLeg(b, call.Orphan(plan), party, opus16)
			leg.quiet = true
			b.add(leg)
			close(made)
		})
	})
	select {
	case <-made:
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", phone.ErrUnconfirmed, ctx.Err())
	}
	return leg.Release(ctx, phone.Crashed)
}
