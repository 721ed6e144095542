package relay

// class is what a message on the channel is.
type class int

const (
	unknownMessage class = iota
	stunClass
	rtcpClass
	rtpClass
)

// classify sorts a message by its first two bytes (RFC 7983, with RFC 5761 for
// RTCP). The first byte of RTCP may have bits that no parser expects, so that
// the second alone decides.
func classify(b []byte) class {
	switch {
	case len(b) < 2:
		return unknownMessage
	case b[0]>>6 == 0 && b[0] != groupEnvelope && len(b) >= stunHeader:
		return stunClass
	case b[0]>>6 == 2 && b[1] >= 192 && b[1] <= 223 && len(b) >= 8:
		return rtcpClass
	case b[0]>>6 == 2 && len(b) >= 12:
		return rtpClass
	}
	return unknownMessage
}

// groupEnvelope is the first byte of a packet that a relay forwards from a
// group call. No STUN type that relays use begins with it.
const groupEnvelope = 0x09

// envelopeLengths are the headers of the envelope by its second byte
// (evidence: oxidezap/whatsapp-rust).
var envelopeLengths = map[byte]int{2: 8, 4: 12, 7: 18}

// unwrap takes a packet out of a group's envelope; other messages, and
// envelopes of no known kind, stay as they are.
func unwrap(b []byte) []byte {
	if len(b) < 2 || b[0] != groupEnvelope {
		return b
	}
	if n := envelopeLengths[b[1]]; n > 0 && len(b) > n {
		return b[n:]
	}
	return b
}
