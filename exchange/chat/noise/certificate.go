package noise

import (
	"crypto/ecdh"
	"fmt"
	"time"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow/proto/waCert"
	"google.golang.org/protobuf/proto"
)

// A local network has no revocation, so its certificates simply last: from a
// day before they are made (clocks differ) for ten years.
const (
	validBefore = 24 * time.Hour
	validFor    = 10 * 365 * 24 * time.Hour
)

const (
	rootSerial         = 0 // what clients demand as the intermediate's issuer
	intermediateSerial = 1
	leafSerial         = 2
)

// NewResponder makes a responder whose static key is certified by the root
// key, through an intermediate one. All three are X25519 private keys.
func NewResponder(root, intermediate, static [32]byte, now time.Time) (*Responder, error) {
	leaf, err := ecdh.X25519().NewPrivateKey(static[:])
	if err != nil {
		return nil, fmt.Errorf("the static key cannot be used: %w", err)
	}
	middle, err := PublicKey(intermediate)
	if err != nil {
		return nil, err
	}
	first, err := certify(root, rootSerial, intermediateSerial, middle[:], now)
	if err != nil {
		return nil, err
	}
	second, err := certify(intermediate, intermediateSerial, leafSerial, leaf.PublicKey().Bytes(), now)
	if err != nil {
		return nil, err
	}
	chain, err := proto.Marshal(&waCert.CertChain{Intermediate: first, Leaf: second})
	return &Responder{static: leaf, chain: chain}, err
}

// PublicKey is the public half of an X25519 private key. That of the root is
// what clients must trust.
func PublicKey(private [32]byte) ([32]byte, error) {
	key, err := ecdh.X25519().NewPrivateKey(private[:])
	if err != nil {
		return [32]byte{}, fmt.Errorf("the private key cannot be used: %w", err)
	}
	return [32]byte(key.PublicKey().Bytes()), nil
}

func certify(issuer [32]byte, issuerSerial, serial uint32, key []byte, now time.Time) (*waCert.CertChain_NoiseCertificate, error) {
	details, err := proto.Marshal(&waCert.CertChain_NoiseCertificate_Details{
		Serial:       proto.Uint32(serial),
		IssuerSerial: proto.Uint32(issuerSerial),
		Key:          key,
		NotBefore:    proto.Uint64(uint64(now.Add(-validBefore).Unix())),
		NotAfter:     proto.Uint64(uint64(now.Add(validFor).Unix())),
	})
	if err != nil {
		return nil, err
	}
	signature := ecc.CalculateSignature(ecc.NewDjbECPrivateKey(issuer), details)
	return &waCert.CertChain_NoiseCertificate{Details: details, Signature: signature[:]}, nil
}
