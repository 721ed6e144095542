package noise

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
)

// Cipher is one direction of an encrypted stream: AES-256-GCM whose nonce
// counts the messages from zero.
type Cipher struct {
	aead  cipher.AEAD
	count uint32
}

func newCipher(key []byte) Cipher {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // our keys always have 32 bytes
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has GCM's block size
	}
	return Cipher{aead: aead}
}

func (c *Cipher) nonce() []byte {
	var nonce [12]byte
	binary.BigEndian.PutUint32(nonce[8:], c.count)
	c.count++
	return nonce[:]
}

// Seal encrypts the next message and appends it to dst.
func (c *Cipher) Seal(dst, plaintext, additional []byte) []byte {
	return c.aead.Seal(dst, c.nonce(), plaintext, additional)
}

// Open decrypts the next message; ciphertext is overwritten.
func (c *Cipher) Open(ciphertext, additional []byte) ([]byte, error) {
	return c.aead.Open(ciphertext[:0], c.nonce(), ciphertext, additional)
}
