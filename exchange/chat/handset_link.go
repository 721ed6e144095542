package chat

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waAdv"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// ErrClosed says that the server has been closed.
var ErrClosed = errors.New("the exchange is closed")

// Scan scans the QR code that a client shows, and waits until the client is
// linked or has failed.
func (h *Handset) Scan(ctx context.Context, qr string) error {
	ref, noise, identity, secret, err := parseQR(qr)
	if err != nil {
		return err
	}
	s := h.account.server
	s.mu.Lock()
	r := s.refs[ref]
	if r == nil || string(r.noise[:]) != string(noise) || string(r.identity) != string(identity) {
		s.mu.Unlock()
		return ErrQR
	}
	result, err := r.begin(h.account)
	if err == nil {
		if err = r.vouch(secret); err != nil {
			r.tell(err)
		}
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	return h.linked(ctx, r, result)
}

// EnterCode types the code that a client shows, and waits until the client is
// linked or has failed.
func (h *Handset) EnterCode(ctx context.Context, code string) error {
	code = strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(code))
	if len(code) != 8 {
		return ErrCode
	}
	s := h.account.server
	s.mu.Lock()
	r := h.account.askedCode
	if r == nil || r.code == nil {
		s.mu.Unlock()
		return ErrCode
	}
	asked := r.code
	result, err := r.begin(h.account)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	t, err := typeCode(code, asked.wrapped)
	s.mu.Lock()
	switch {
	case err != nil:
		r.tell(err)
	case r.code != asked:
		r.tell(ErrCode)
	default:
		r.typed(t)
	}
	s.mu.Unlock()
	return h.linked(ctx, r, result)
}

// linked waits for the outcome of linking a client.
func (h *Handset) linked(ctx context.Context, r *registration, result <-chan error) error {
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		s := h.account.server
		s.mu.Lock()
		defer s.mu.Unlock()
		select {
		case err := <-result:
			return err
		default:
		}
		r.tell(context.Cause(ctx))
		return fmt.Errorf("the client did not finish linking: %w", context.Cause(ctx))
	case <-h.account.server.ctx.Done():
		return ErrClosed
	}
}

// PasskeyCode waits for the passkey step of the linking under way and returns
// the code that the handset shows, for comparing with the client's.
func (h *Handset) PasskeyCode(ctx context.Context) (string, error) {
	var code string
	err := h.await(ctx, func() bool {
		if r := h.passkeyStep(); r != nil {
			code = r.passkey.code
		}
		return code != ""
	})
	return code, err
}

// ConfirmPasskey says whether the codes are the same; the linking goes on or
// fails.
func (h *Handset) ConfirmPasskey(same bool) error {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	r := h.passkeyStep()
	if r == nil {
		return ErrNoPasskeyStep
	}
	if !same {
		r.tell(fmt.Errorf("%w: the codes differ", ErrLinking))
		return nil
	}
	r.passkey.confirmed = true
	if err := r.passkeyFinish(); err != nil {
		r.tell(err)
		return err
	}
	return nil
}

// passkeyStep is the client of this account whose passkey step has its code.
func (h *Handset) passkeyStep() *registration {
	for _, r := range h.account.server.refs {
		if r.account == h.account && r.passkey != nil && r.passkey.code != "" {
			return r
		}
	}
	return nil
}

// SignPasskey plays the account's authenticator: it answers the request that a
// client got (JSON) with the assertion (JSON) that a browser would give it.
func (h *Handset) SignPasskey(request string) (string, error) {
	var options types.WebAuthnPublicKey
	if err := json.Unmarshal([]byte(request), &options); err != nil {
		return "", fmt.Errorf("the passkey request cannot be read: %w", err)
	}
	s := h.account.server
	s.mu.Lock()
	key := h.account.passkey
	s.mu.Unlock()
	if key == nil {
		return "", errors.New("the account has no passkey; require one first")
	}
	assertion, err := key.assert(options.Challenge)
	if err != nil {
		return "", err
	}
	out, err := json.Marshal(assertion)
	return string(out), err
}

// Companion is one linked device of an account.
type Companion struct {
	ID       uint16 `json:"id"`
	Platform string `json:"platform"`
	Version  string `json:"version,omitempty"`
	Online   bool   `json:"online"`
	PreKeys  int    `json:"prekeys"` // one-time keys left
	Waiting  int    `json:"waiting"` // stanzas in the offline queue
}

// Companions lists the account's linked devices.
func (h *Handset) Companions() []Companion {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []Companion{}
	for _, id := range h.account.deviceIDs() {
		if d := h.account.devices[id]; id != 0 {
			out = append(out, Companion{id, d.platform, d.version, d.online(), len(d.oneTime), len(d.pending)})
		}
	}
	return out
}

// Unlink removes a companion; it is logged out.
func (h *Handset) Unlink(id uint16) error {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	d := h.account.devices[id]
	if id == 0 || d == nil {
		return errors.New("no such device is linked; list the companions")
	}
	if c, ok := d.link.(*conn); ok {
		c.end(node{Tag: "stream:error", Attrs: attrs{"code": "401"},
			Content: []node{{Tag: "conflict", Attrs: attrs{"type": "device_removed"}}}})
	}
	s.forgetDevice(d)
	return nil
}

// vouch signs a companion's identity, and proves with secret to the companion
// that the signature comes from the handset that it showed the secret to.
func (h *Handset) vouch(companion []byte, keyIndex uint32, secret []byte) ([]byte, *waAdv.ADVSignedDeviceIdentity, error) {
	details, err := proto.Marshal(&waAdv.ADVDeviceIdentity{
		RawID:       proto.Uint32(h.signal.RegistrationID),
		Timestamp:   proto.Uint64(uint64(time.Now().Unix())),
		KeyIndex:    proto.Uint32(keyIndex),
		AccountType: waAdv.ADVEncryptionType_E2EE.Enum(),
		DeviceType:  waAdv.ADVEncryptionType_E2EE.Enum(),
	})
	if err != nil {
		return nil, nil, err
	}
	signed := &waAdv.ADVSignedDeviceIdentity{
		Details: details, AccountSignatureKey: h.identity(),
		AccountSignature: h.sign(whatsmeow.AdvAccountSignaturePrefix, details, companion),
	}
	inner, err := proto.Marshal(signed)
	if err != nil {
		return nil, nil, err
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write(inner)
	container, err := proto.Marshal(&waAdv.ADVSignedDeviceIdentityHMAC{Details: inner, HMAC: mac.Sum(nil)})
	return container, signed, err
}

func (h *Handset) sign(parts ...[]byte) []byte {
	signature := ecc.CalculateSignature(ecc.NewDjbECPrivateKey(*h.signal.IdentityKey.Priv), concat(parts...))
	return signature[:]
}

// keyIndexList is the handset's signed list of valid companions, for usync.
// Called with the lock held.
func (h *Handset) keyIndexList() (signed []byte, at int64) {
	var indexes []uint32
	for id, d := range h.account.devices {
		if id != 0 {
			indexes = append(indexes, d.keyIndex)
		}
	}
	if len(indexes) == 0 {
		return nil, 0
	}
	slices.Sort(indexes)
	at = time.Now().Unix()
	list, err := proto.Marshal(&waAdv.ADVKeyIndexList{
		RawID: proto.Uint32(h.signal.RegistrationID), Timestamp: proto.Uint64(uint64(at)),
		CurrentIndex: proto.Uint32(indexes[len(indexes)-1]), ValidIndexes: indexes,
	})
	if err != nil {
		return nil, 0
	}
	prefix := []byte{6, 2} // of a key index list's signature
	out, err := proto.Marshal(&waAdv.ADVSignedKeyIndexList{Details: list, AccountSignature: h.sign(prefix, list)})
	if err != nil {
		return nil, 0
	}
	return out, at
}
