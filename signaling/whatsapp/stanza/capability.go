package stanza

import "slices"

// Capability is the blob of a <capability> element: a version byte, the number
// of mask bytes, and a bit mask whose least significant bit comes first.
type Capability []byte

// MLow is the capability bit that tells the peer it may encode MLow toward us;
// without it the peer encodes plain Opus (oxidezap/whatsapp-rust).
const MLow = 31

// Blobs as seen on the wire. Nobody has published what the other bits mean, so
// they are copied whole and only MLow is ever changed.
var (
	// WebCapability is what WhatsApp Web sends in offers and preaccepts.
	WebCapability = Capability{0x01, 0x05, 0xf7, 0x09, 0xe4, 0xbb, 0x13}
	// LeanCapability is WebCapability without bit 18, as whatsapp-rust and
	// meowcaller send it.
	LeanCapability = Capability{0x01, 0x05, 0xf7, 0x09, 0xe0, 0xbb, 0x13}
)

// Has reports whether bit n is set; false outside of the mask.
func (c Capability) Has(n int) bool {
	i := 2 + n/8
	return n >= 0 && len(c) > i && int(c[1]) > n/8 && c[i]&(1<<(n%8)) != 0
}

// Without returns a copy with bit n cleared.
func (c Capability) Without(n int) Capability {
	out := slices.Clone(c)
	if i := 2 + n/8; n >= 0 && i < len(out) {
		out[i] &^= 1 << (n % 8)
	}
	return out
}
