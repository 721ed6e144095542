package noise

import (
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"slices"
)

// symmetric is the SymmetricState of the Noise specification, section 5.2.
type symmetric struct {
	hash, chain []byte
	cipher      Cipher
}

func newSymmetric(pattern string, prologue []byte) *symmetric {
	start := []byte(pattern)
	if len(start) != sha256.Size {
		sum := sha256.Sum256(start)
		start = sum[:]
	}
	// The first key is never used with a secret: the first encrypted part of
	// every pattern comes after a key has been mixed in.
	s := &symmetric{hash: start, chain: start, cipher: newCipher(start)}
	s.mixHash(prologue)
	return s
}

func (s *symmetric) mixHash(data []byte) {
	sum := sha256.Sum256(slices.Concat(s.hash, data))
	s.hash = sum[:]
}

func (s *symmetric) mixKey(priv *ecdh.PrivateKey, pub []byte) error {
	key, err := ecdh.X25519().NewPublicKey(pub)
	if err != nil {
		return fmt.Errorf("the client's key is no X25519 key: %w", err)
	}
	secret, err := priv.ECDH(key)
	if err != nil {
		return fmt.Errorf("no secret can be agreed with the client's key: %w", err)
	}
	var next []byte
	s.chain, next = expand(s.chain, secret)
	s.cipher = newCipher(next)
	return nil
}

func (s *symmetric) seal(plaintext []byte) []byte {
	out := s.cipher.Seal(nil, plaintext, s.hash)
	s.mixHash(out)
	return out
}

func (s *symmetric) open(ciphertext []byte) ([]byte, error) {
	plaintext, err := s.cipher.Open(slices.Clone(ciphertext), s.hash)
	if err != nil {
		return nil, err
	}
	s.mixHash(ciphertext)
	return plaintext, nil
}

// split ends the handshake: the client's key first, then the server's.
func (s *symmetric) split() (in, out Cipher) {
	first, second := expand(s.chain, nil)
	return newCipher(first), newCipher(second)
}

func expand(salt, input []byte) (first, second []byte) {
	out, err := hkdf.Key(sha256.New, input, salt, "", 64)
	if err != nil {
		panic(err) // 64 bytes are within HKDF's limit
	}
	return out[:32], out[32:]
}
