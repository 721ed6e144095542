package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/stanza"
)

// callee finds the hidden id that calls go to. Without one a call rings
// nowhere, so it is not placed, unless the choices say so.
func (s *session) callee(ctx context.Context, to phone.Party) (types.JID, phone.Party, error) {
	lid, pn := partyIDs(to)
	if lid.IsEmpty() && pn.IsEmpty() {
		return lid, to, fmt.Errorf("%w (no number)", phone.NotOnNetwork)
	}
	if err := callable(lid, pn); err != nil {
		return lid, to, err
	}
	lid, err := s.hiddenID(ctx, lid, pn)
	if err != nil {
		return lid, to, err
	}
	if stanza.SameUser(lid, s.client.Store.GetLID()) {
		return lid, to, fmt.Errorf("%w It is this account's own number.", phone.Forbidden)
	}
	return lid, merge(to, s.party(ctx, lidOnly(lid), pn)), nil
}

func lidOnly(j types.JID) types.JID {
	if j.Server == types.HiddenUserServer {
		return j
	}
	return types.JID{}
}

// hiddenID resolves a number. What the store knows is asked for again once a
// day: people change numbers, and a call to an old id rings nowhere.
func (s *session) hiddenID(ctx context.Context, lid, pn types.JID) (types.JID, error) {
	known, pn := s.pair(ctx, lid, pn)
	if !known.IsEmpty() && (pn.IsEmpty() || s.checked(pn)) {
		return known, nil
	}
	found, err := s.lookUp(ctx, pn)
	switch {
	case err != nil && !known.IsEmpty() && !errors.Is(err, phone.NotOnNetwork):
		return known, nil // the network does not say; the store may be right
	case err != nil:
		return types.JID{}, err
	case found.Server == types.HiddenUserServer:
		s.check(pn)
		return stanza.Bare(found), nil
	case s.line.config.Choices.DialNumber:
		return pn, nil
	}
	return types.JID{}, fmt.Errorf("%w The network does not tell their id for calls.", phone.Unreachable)
}

// checkLife is how long a number's hidden id counts as known.
const checkLife = 24 * time.Hour

func (s *session) checked(pn types.JID) bool {
	s.naming.Lock()
	defer s.naming.Unlock()
	return time.Since(s.asked[pn.User]) < checkLife
}

func (s *session) check(pn types.JID) {
	s.naming.Lock()
	defer s.naming.Unlock()
	if len(s.asked) >= maxPeople {
		clear(s.asked)
	}
	s.asked[pn.User] = time.Now()
}

// callable refuses what is no person.
func callable(ids ...types.JID) error {
	for _, j := range ids {
		switch j.Server {
		case "", types.DefaultUserServer, types.HiddenUserServer:
		default:
			return fmt.Errorf("%w Groups, channels and lists cannot be called.", phone.Forbidden)
		}
		if j.IsBot() {
			return fmt.Errorf("%w Bots cannot be called.", phone.Forbidden)
		}
	}
	return nil
}

// devices lists the callee's devices.
func (s *session) devices(ctx context.Context, peer types.JID) ([]types.JID, error) {
	list, err := s.client.GetUserDevices(ctx, []types.JID{peer})
	if err != nil {
		return nil, networkError(err)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%w The network knows no device of theirs.", phone.Unreachable)
	}
	return list, nil
}

// networkError gives a failed query a cause.
func networkError(err error) error {
	var known phone.Cause
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return fmt.Errorf("%w: %w", phone.Cancelled, err)
	}
	return fmt.Errorf("%w (%s)", phone.NetworkLost, phone.MaskText(err.Error()))
}
