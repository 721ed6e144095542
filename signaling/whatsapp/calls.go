package whatsapp

import (
	"context"
	"errors"
	"fmt"

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
	leg, err := l.find(ctx, id, func(s call.State) bool { return id != "" || s != call.Ringing && s != call.KeyWait })
	if err != nil {
		return err
	}
	s, _ := leg.state(ctx)
	return leg.Release(ctx, endOf(s))
}

// endOf is what ending a call means that has come so far.
func endOf(s call.State) phone.Cause {
	switch {
	case s < call.KeyWait:
		return phone.Cancelled
	case s == call.KeyWait || s == call.Ringing:
		return phone.Declined
	}
	return phone.NormalClearing
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
