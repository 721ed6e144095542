package chat

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/libsignal/keys/identity"
	"go.mau.fi/libsignal/keys/prekey"
	"go.mau.fi/libsignal/protocol"
	"go.mau.fi/libsignal/session"
	"go.mau.fi/libsignal/util/optional"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

var errCiphertext = errors.New("the ciphertext is neither msg nor pkmsg, or its padding is wrong")

// encrypt makes the ciphertext of plaintext for one device. Called with
// h.crypto held.
func (h *Handset) encrypt(to types.JID, plaintext []byte, more attrs) (node, error) {
	ctx := context.Background()
	address := to.SignalAddress()
	builder := session.NewBuilderFromSignal(h.signal, address, store.SignalProtobufSerializer)
	if has, err := h.signal.ContainsSession(ctx, address); err != nil {
		return node{}, err
	} else if !has {
		bundle, err := h.fetchBundle(to)
		if err != nil {
			return node{}, err
		}
		if err = builder.ProcessBundle(ctx, bundle); err != nil {
			return node{}, fmt.Errorf("no session can be started with %s: %w", mask(to.User), err)
		}
	}
	sealed, err := session.NewCipher(builder, address).Encrypt(ctx, pad(plaintext))
	if err != nil {
		return node{}, err
	}
	kind := "msg"
	if sealed.Type() == protocol.PREKEY_TYPE {
		kind = "pkmsg"
	}
	out := node{Tag: "enc", Attrs: attrs{"v": "2", "type": kind}, Content: sealed.Serialize()}
	for k, v := range more {
		out.Attrs[k] = v
	}
	return out, nil
}

// decrypt opens a ciphertext of a device. Called with h.crypto held.
func (h *Handset) decrypt(from types.JID, enc *node) ([]byte, error) {
	ctx := context.Background()
	address := from.SignalAddress()
	builder := session.NewBuilderFromSignal(h.signal, address, store.SignalProtobufSerializer)
	cipher := session.NewCipher(builder, address)
	var plain []byte
	var err error
	switch text(enc, "type") {
	case "pkmsg":
		m, failed := protocol.NewPreKeySignalMessageFromBytes(raw(*enc),
			store.SignalProtobufSerializer.PreKeySignalMessage, store.SignalProtobufSerializer.SignalMessage)
		if failed != nil {
			return nil, failed
		}
		plain, err = cipher.DecryptMessage(ctx, m)
	case "msg":
		m, failed := protocol.NewSignalMessageFromBytes(raw(*enc), store.SignalProtobufSerializer.SignalMessage)
		if failed != nil {
			return nil, failed
		}
		plain, err = cipher.Decrypt(ctx, m)
	default:
		return nil, errCiphertext
	}
	if err != nil {
		return nil, err
	}
	h.remember()
	return unpad(plain)
}

// fetchBundle asks the server for a device's keys, as a client would.
func (h *Handset) fetchBundle(to types.JID) (*prekey.Bundle, error) {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.findDevice(to)
	if d == nil || s.withholdsKeys(d) {
		return nil, errors.New("the device has no keys at the server")
	}
	oneTimeID, oneTime := optional.NewEmptyUint32(), ecc.ECPublicKeyable(nil)
	if k, ok := s.takeSpare(d); ok {
		oneTimeID, oneTime = optional.NewOptionalUint32(number(k.ID)), djb(k.Value)
	}
	return prekey.NewBundle(number(d.registration), uint32(d.id), oneTimeID, number(d.signed.ID),
		oneTime, djb(d.signed.Value), [64]byte(d.signed.Signature), identity.NewKey(djb(d.identity))), nil
}

func djb(key []byte) ecc.ECPublicKeyable { return ecc.NewDjbECPublicKey([32]byte(key)) }

func number(id []byte) uint32 {
	var wide [4]byte
	copy(wide[4-len(id):], id)
	return binary.BigEndian.Uint32(wide[:])
}

// pad appends 1 to 15 bytes, each saying how many they are.
func pad(plain []byte) []byte {
	n := randomBytes(1)[0]&0xf | 1
	for range n {
		plain = append(plain, n)
	}
	return plain
}

func unpad(plain []byte) ([]byte, error) {
	if len(plain) == 0 {
		return nil, errCiphertext
	}
	n := int(plain[len(plain)-1])
	if n == 0 || n > len(plain) {
		return nil, errCiphertext
	}
	return plain[:len(plain)-n], nil
}
