package relay

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"strings"
)

// ErrFingerprint says that whoever answered under a relay's address is not
// that relay. Such a leg is never dialled again.
var ErrFingerprint = errors.New("the relay's certificate is not the expected one; the network may be intercepting calls")

// verifyPin checks the certificate of a DTLS handshake against the one that was
// announced. There is no chain to verify: relays sign their own.
func verifyPin(pin string) func(certificates [][]byte, _ [][]*x509.Certificate) error {
	return func(certificates [][]byte, _ [][]*x509.Certificate) error {
		if len(certificates) == 0 {
			return ErrFingerprint
		}
		sum := sha256.Sum256(certificates[0])
		if !strings.EqualFold(writeFingerprint(sum[:]), pin) {
			return ErrFingerprint
		}
		return nil
	}
}

// writeFingerprint is the form of SDP (RFC 8122 section 5).
func writeFingerprint(sum []byte) string {
	var b strings.Builder
	for i, c := range sum {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(strings.ToUpper(hex.EncodeToString([]byte{c})))
	}
	return b.String()
}
