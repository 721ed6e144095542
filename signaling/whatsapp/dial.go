package whatsapp

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"

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
	return fmt.Errorf("%w (%s)", phone.NetworkLost, Mask(err.Error()))
}

func keyMessage(key [32]byte) []byte {
	plain, _ := proto.Marshal(&waE2E.Message{Call: &waE2E.Call{CallKey: key[:]}}) // cannot fail: no required fields
	return plain
}

// sealAll encrypts the call key for every device that can take calls. A device
// that cannot be encrypted for is left out; it is still told when the call is
// over.
func (s *session) sealAll(ctx context.Context, devices []types.JID, key [32]byte) ([]waBinary.Node, *waBinary.Node, error) {
	var able []types.JID
	for _, d := range devices {
		if !stanza.Hosted(d) {
			able = append(able, d)
		}
	}
	if len(able) == 0 {
		return nil, nil, fmt.Errorf("%w It is a business that takes no calls here.", phone.Incompatible)
	}
	s.seal.Lock()
	defer s.seal.Unlock()
	nodes, identify, err := s.client.DangerousInternals().EncryptMessageForDevices(ctx, able, s.NewID(), keyMessage(key), nil, waBinary.Attrs{"count": "0"})
	if err != nil {
		return nil, nil, networkError(err)
	}
	if len(nodes) < len(able) {
		s.line.config.Log.Warn("some devices could not be given the call key", "devices", len(able), "keys", len(nodes))
		if s.line.config.Choices.StripKeys {
			nodes, identify = nil, false
		}
	}
	if len(nodes) == 0 && !s.line.config.Choices.StripKeys {
		return nil, nil, fmt.Errorf("%w None of their devices has keys on the server.", phone.Unreachable)
	}
	return nodes, s.identity(identify), nil
}

// identity is our signed device identity; without it the server drops an offer
// that carries a first message.
func (s *session) identity(wanted bool) *waBinary.Node {
	if !wanted || s.client.Store.Account == nil {
		return nil
	}
	n := s.client.DangerousInternals().MakeDeviceIdentityNode()
	return &n
}

// Reseal implements wire.
func (s *session) Reseal(ctx context.Context, device types.JID, key [32]byte, count int) (waBinary.Node, *waBinary.Node, error) {
	s.seal.Lock()
	defer s.seal.Unlock()
	in := s.client.DangerousInternals()
	bundle := in.FetchPreKeysNoError(ctx, []types.JID{device})[device]
	if bundle == nil {
		return waBinary.Node{}, nil, fmt.Errorf("the server has no keys of that device")
	}
	if err := s.client.Store.Sessions.DeleteSession(ctx, device.SignalAddress().String()); err != nil {
		return waBinary.Node{}, nil, fmt.Errorf("forget the old session: %w", err)
	}
	enc, pre, err := in.EncryptMessageForDevice(ctx, keyMessage(key), device, bundle, waBinary.Attrs{"count": strconv.Itoa(count)}, nil)
	if err != nil {
		return waBinary.Node{}, nil, fmt.Errorf("encrypt the call key again: %w", err)
	}
	to := waBinary.Node{Tag: "to", Attrs: waBinary.Attrs{"jid": device}, Content: []waBinary.Node{*enc}}
	return to, s.identity(pre), nil
}

// offerAgain answers a device that could not read the key. It asks the network
// for fresh keys, so it leaves the board's goroutine.
func (l *Leg) offerAgain(a call.Reencrypt) {
	w := l.board.wire
	if w == nil {
		return
	}
	key, spec := l.key, l.spec
	go func() {
		ctx, cancel := context.WithTimeout(l.ctx, sendTimeout)
		defer cancel()
		to, identity, err := w.Reseal(ctx, a.Device, key, a.Count)
		if err != nil {
			l.board.log.Info("could not encrypt the call key again", "call", maskID(l.id), "error", Mask(err.Error()))
			return
		}
		spec.Keys, spec.Identity, spec.Devices = []waBinary.Node{to}, identity, 1
		l.board.work.post(func() { l.board.send(l, call.Send{Draft: stanza.OfferDraft(spec)}) })
	}()
}

// token is the privacy token that the callee gave us, nil if there is none.
func (s *session) token(ctx context.Context, peer types.JID) []byte {
	token, err := s.client.DangerousInternals().EnsureTCToken(ctx, peer)
	if err != nil {
		s.line.config.Log.Info("no privacy token", "error", Mask(err.Error()))
	}
	return token
}

// tokenBucket is how long a token that we gave counts as fresh (AB property
// tctoken_duration of WhatsApp Web).
const tokenBucket = 604800 // seconds

// giveToken gives the callee our own privacy token, once a week, so that it
// can call back.
func (s *session) giveToken(peer types.JID) {
	in := s.client.DangerousInternals()
	last := in.GetTCTokenSenderTS(peer)
	if now := time.Now(); last.IsZero() || last.Unix()/tokenBucket != now.Unix()/tokenBucket {
		in.IssuePrivacyTokenAndSave(peer, now)
	}
}
