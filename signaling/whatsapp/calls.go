package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/stanza"
)

// The call module of wppconnect-team/wa-js as Go methods: offer, accept,
// reject, end, the incoming event, and the check that replaces its switch for
// enabling calls. Calls are looked up in our own registry only.

// Errors of the call module, in its own words.
var (
	ErrNotUser      = errors.New("call_is_not_user: only people can be called")
	ErrNoContact    = errors.New("contact_not_found: there is no such account")
	ErrCallNotFound = errors.New("call_not_found: there is no such call")
	ErrNotRinging   = errors.New("call_is_not_incoming_ring: this call does not ring here")
	ErrManyRinging  = errors.New("several calls ring; say which")
)

// Offer places a call to a number, contact or id, and returns it.
func (l *Line) Offer(ctx context.Context, to string, video bool) (phone.Leg, error) {
	if j := idOf(to); !j.IsEmpty() && callable(j) != nil {
		return nil, ErrNotUser
	}
	party, err := l.Resolve(ctx, to)
	if errors.Is(err, phone.NotOnNetwork) {
		return nil, fmt.Errorf("%w: %w", ErrNoContact, err)
	}
	if err != nil {
		return nil, err
	}
	return l.Dial(ctx, "", party, phone.DialOptions{Video: video})
}

// Accept answers a ringing call; without an id the only one.
func (l *Line) Accept(ctx context.Context, id string) error {
	leg, err := l.ringing(ctx, id)
	if err != nil {
		return err
	}
	return leg.Answer(ctx)
}

// Reject declines a ringing call; without an id the only one.
func (l *Line) Reject(ctx context.Context, id string) error {
	leg, err := l.ringing(ctx, id)
	if err != nil {
		return err
	}
	return leg.Release(ctx, phone.Declined)
}

// RejectCall is Reject under its older name.
func (l *Line) RejectCall(ctx context.Context, id string) error { return l.Reject(ctx, id) }

// End ends a call in whatever state it is; without an id the one that is not
// only ringing here.
func (l *Line) End(ctx context.Context, id string) error {
	leg, err := l.find(ctx, id, func(s call.State) bool { return s != call.Ringing && s != call.KeyWait })
	if err != nil {
		return err
	}
	why := phone.NormalClearing
	if s, ok := leg.state(ctx); ok && s < call.KeyWait {
		why = phone.Cancelled
	}
	return leg.Release(ctx, why)
}

// IncomingCall is the call module's event about a call that rings.
type IncomingCall struct {
	ID        string `json:"id"`
	IsGroup   bool   `json:"isGroup"`
	IsVideo   bool   `json:"isVideo"`
	OfferTime int64  `json:"offerTime"` // Unix seconds; when it was received if the network does not say
	Sender    string `json:"sender"`    // the person
	PeerJID   string `json:"peerJid"`   // the person's device
}

// DescribeIncoming writes an offer as the call module's event. Each offer is
// told once, so this is unique per id.
func DescribeIncoming(o phone.IncomingOffer) IncomingCall {
	at := o.OfferedAt
	if at.IsZero() {
		at = o.Received
	}
	sender := o.From.LID
	if sender == "" {
		sender = numberID(o.From.Number).String()
	}
	return IncomingCall{ID: o.ID, IsGroup: o.Group, IsVideo: o.Video, OfferTime: at.Unix(), Sender: sender, PeerJID: o.From.Device}
}

// CallInfo is one call that exists, for whoever looks from outside.
type CallInfo struct {
	ID       string
	Peer     types.JID
	Outgoing bool
	State    call.State
	Since    time.Time
}

// Calls lists the calls that exist.
func (l *Line) Calls(ctx context.Context) ([]CallInfo, error) {
	var list []CallInfo
	err := l.inspect(ctx, func(b *board) {
		for _, leg := range b.legs {
			if leg.call.Alive() {
				list = append(list, CallInfo{leg.id, leg.call.Peer, leg.call.Outgoing, leg.call.State(), leg.since})
			}
		}
	})
	slices.SortFunc(list, func(a, b CallInfo) int { return a.Since.Compare(b.Since) })
	return list, err
}

// inspect looks at the board from its own goroutine.
func (l *Line) inspect(ctx context.Context, look func(*board)) error {
	l.mu.Lock()
	b := l.board
	l.mu.Unlock()
	done := make(chan struct{})
	if b == nil || !b.work.post(func() { look(b); close(done) }) {
		return phone.LineDown
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *Leg) state(ctx context.Context) (s call.State, ok bool) {
	done := make(chan struct{})
	if !l.board.work.post(func() { s = l.call.State(); close(done) }) {
		return s, false
	}
	select {
	case <-done:
		return s, true
	case <-ctx.Done():
		return s, false
	}
}

func (l *Line) ringing(ctx context.Context, id string) (*Leg, error) {
	return l.find(ctx, id, func(s call.State) bool { return s == call.Ringing })
}

// find looks a call up by id, or, without one, takes the only one that fits.
func (l *Line) find(ctx context.Context, id string, fits func(call.State) bool) (*Leg, error) {
	var known *Leg
	var found []*Leg
	err := l.inspect(ctx, func(b *board) {
		if leg := b.legs[id]; leg != nil && leg.call.Alive() {
			known = leg
		}
		for _, leg := range b.legs {
			if leg.call.Alive() && fits(leg.call.State()) && (id == "" || leg.id == id) {
				found = append(found, leg)
			}
		}
	})
	switch {
	case err != nil:
		return nil, err
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, fmt.Errorf("%w: %s", ErrManyRinging, names(found))
	case known != nil:
		return nil, ErrNotRinging
	}
	return nil, ErrCallNotFound
}

// names lists calls for an error.
func names(legs []*Leg) string {
	var list []string
	for _, l := range legs {
		list = append(list, l.id+" ("+l.Party().Display()+")")
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// errBlind says that received stanzas are not seen.
var errBlind = errors.New("calls cannot be received: whatsmeow's receive log has changed, this version does not fit it")

// CallingEnabled says whether this line may call, and if not, why.
func (l *Line) CallingEnabled(ctx context.Context) error {
	s, err := l.ready()
	if err != nil {
		return err
	}
	if s.client.Store.GetLID().IsEmpty() {
		return errNoLID
	}
	if !s.tap.seen.Load() {
		return errBlind
	}
	if s.client.Store.Account == nil {
		return errors.New("the link has no signed identity, without which offers are dropped; unlink it and link it again")
	}
	if _, err := s.devices(ctx, stanza.Bare(s.client.Store.GetLID())); err != nil && !errors.Is(err, phone.Unreachable) {
		return err
	}
	return nil
}
