package e2e

import (
	"fmt"

	"github.com/pion/srtp/v3"
)

const (
	// DefaultTag is the length in bytes of the tag behind an RTP packet when the
	// relay block names none; it is RFC 3711's 32-bit HMAC-SHA1 tag. RTCP always
	// has the 80-bit one.
	DefaultTag = 4
	// maxTag is the whole of an HMAC-SHA1.
	maxTag = 20
	// replayWindow is how many packets back a late one may be; with several
	// relays it also removes the copies.
	replayWindow = 64
)

// newContext is the SRTP transform of one direction: AES-CM with 128-bit keys
// and HMAC-SHA1 (RFC 3711 section 4).
func newContext(m Master, tag int) (*srtp.Context, error) {
	if tag < 1 || tag > maxTag {
		return nil, fmt.Errorf("the relay asks for packet tags of %d bytes; only 1 to %d exist", tag, maxTag)
	}
	return srtp.CreateContext(m.Key[:], m.Salt[:], srtp.ProtectionProfileAes128CmHmacSha1_32,
		srtp.SRTPAuthenticationTagLength(tag),
		srtp.SRTPReplayProtection(replayWindow),
		srtp.SRTCPReplayProtection(replayWindow))
}
