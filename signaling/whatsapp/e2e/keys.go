package e2e

import (
	"crypto/hkdf"
	"crypto/sha256"
	"strings"
)

// CallKey is the secret of one call, made by the caller and sent to the
// callee's devices under Signal encryption. It is never logged.
type CallKey [32]byte

// Master is what SRTP derives its session keys from (RFC 3711 section 4.3).
type Master struct {
	Key  [16]byte
	Salt [14]byte
}

// masterLength is what WhatsApp derives: key, salt and 16 bytes that nobody
// uses (evidence: oxidezap/whatsapp-rust, purpshell/meowcaller, vinikjkkj/zapo).
const masterLength = 46

// Master returns the keys with which one device of the call protects what it
// sends. The device is named by its ParticipantID.
func (k CallKey) Master(device string) Master {
	okm := expand(k[:], nil, device, masterLength)
	var m Master
	copy(m.Key[:], okm)
	copy(m.Salt[:], okm[len(m.Key):])
	return m
}

// ParticipantID is how a device is named in key derivation: without a resource
// and, for a bare hidden id, as its device 0.
func ParticipantID(jid string) string {
	id, _, _ := strings.Cut(strings.TrimSpace(jid), "/")
	user, isLID := strings.CutSuffix(id, "@lid")
	if isLID && !strings.Contains(user, ":") {
		return user + ":0@lid"
	}
	return id
}

// expand is HKDF with SHA-256 (RFC 5869). Its only error is a length beyond
// 8160 bytes, which no constant here comes near.
func expand(secret, salt []byte, info string, n int) []byte {
	okm, err := hkdf.Key(sha256.New, secret, salt, info, n)
	if err != nil {
		panic("e2e: " + err.Error())
	}
	return okm
}
