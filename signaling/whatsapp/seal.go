package whatsapp

import (
	"context"
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
			l.board.log.Info("could not encrypt the call key again", "call", maskID(l.id), "error", phone.MaskText(err.Error()))
			return
		}
		spec.Keys, spec.Identity, spec.Devices = []waBinary.Node{to}, identity, 1
		l.board.work.Post(func() { l.board.send(l, call.Send{Draft: stanza.OfferDraft(spec)}) })
	}()
}

// token is the privacy token that the callee gave us, nil if there is none.
func (s *session) token(ctx context.Context, peer types.JID) []byte {
	token, err := s.client.DangerousInternals().EnsureTCToken(ctx, peer)
	if err != nil {
		s.line.config.Log.Info("no privacy token", "error", phone.MaskText(err.Error()))
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
