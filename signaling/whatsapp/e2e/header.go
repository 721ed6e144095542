package e2e

import (
	"encoding/binary"

	"github.com/pion/rtp"
)

// extensionProfile stands in the header of every WhatsApp audio packet, mostly
// with no words behind it.
const extensionProfile = 0xDEBE

// comfortNoise is the one extension word of a packet without speech: element 3
// "frame info" with value 1 (RFC 8285 one-byte form).
const comfortNoise = 0x30010000

// maxHeader bounds the two forms that we send.
const maxHeader = 20

// appendHeader writes the RTP header (RFC 3550 section 5.1) of one audio
// packet: 16 bytes, or 20 for a packet that carries no speech.
func appendHeader(b []byte, h *rtp.Header, quiet bool) []byte {
	kind := h.PayloadType
	if h.Marker {
		kind |= 1 << 7
	}
	b = append(b, 2<<6|1<<4, kind)
	b = binary.BigEndian.AppendUint16(b, h.SequenceNumber)
	b = binary.BigEndian.AppendUint32(b, h.Timestamp)
	b = binary.BigEndian.AppendUint32(b, h.SSRC)
	b = binary.BigEndian.AppendUint16(b, extensionProfile)
	if !quiet {
		return binary.BigEndian.AppendUint16(b, 0)
	}
	b = binary.BigEndian.AppendUint16(b, 1)
	return binary.BigEndian.AppendUint32(b, comfortNoise)
}

// Quiet reports whether a payload holds no speech, as WhatsApp's clients
// decide it: Opus' one-byte DTX packets and the short comfort-noise frames
// (evidence: oxidezap/whatsapp-rust).
func Quiet(payload []byte) bool {
	switch n := len(payload); {
	case n <= 2:
		return true
	case n <= 6 && payload[0]&0xF0 == 0x30:
		return true
	case n <= 15:
		return payload[0]&0xF8 == 0x08 || payload[0] == 0x0A
	}
	return false
}
