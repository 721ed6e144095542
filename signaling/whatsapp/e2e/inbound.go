package e2e

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"tring/audio"
)

// Why a packet was dropped.
var (
	ErrMalformed = errors.New("the packet is not well-formed")
	ErrReplayed  = errors.New("the packet came before")
	ErrForged    = errors.New("the packet's tag does not fit the call's key")
	ErrForeign   = errors.New("the packet is of another stream")
)

// Inbound opens what one device of the far end sends. When another device
// answers, another Inbound takes its place. It is used by one goroutine at a
// time.
type Inbound struct {
	srtp        *srtp.Context
	payloadType uint8
	tag         int
	header      rtp.Header
	control     rtcp.Header
	plain       []byte

	ssrc    uint32 // of the sound, latched at the first authentic packet
	latched bool
}

// NewInbound opens packets protected under the far device's keys. tag is the
// length in bytes of what authenticates one.
func NewInbound(m Master, payloadType uint8, tag int) (*Inbound, error) {
	ctx, err := newContext(m, tag)
	if err != nil {
		return nil, err
	}
	return &Inbound{srtp: ctx, payloadType: payloadType, tag: tag, plain: make([]byte, maxHeader+audio.MaxPayload+maxTag)}, nil
}

// SSRC is the stream that was latched, and whether one was.
func (in *Inbound) SSRC() (uint32, bool) { return in.ssrc, in.latched }

// RTP opens one packet into p, except for its arrival. The stream of the first
// authentic packet of sound is the one listened to: it may differ from the
// derived one. Errors are those above.
func (in *Inbound) RTP(packet []byte, p *audio.Packet) error {
	n, err := in.header.Unmarshal(packet)
	if err != nil || len(packet) < n+in.tag || len(packet) > cap(in.plain) {
		return ErrMalformed
	}
	if in.latched && in.header.SSRC != in.ssrc {
		return ErrForeign
	}
	plain, err := in.srtp.DecryptRTP(in.plain[:cap(in.plain)], packet, &in.header)
	if err != nil {
		return reason(err)
	}
	payload, ok := unpad(plain[n:], in.header.Padding)
	if !ok || len(payload) > audio.MaxPayload {
		return ErrMalformed
	}
	if in.header.PayloadType != in.payloadType {
		return ErrForeign
	}
	in.ssrc, in.latched = in.header.SSRC, true
	p.Sequence, p.Timestamp, p.Marker = in.header.SequenceNumber, in.header.Timestamp, in.header.Marker
	p.Payload = append(p.Payload[:0], payload...)
	return nil
}

// unpad cuts RTP padding, whose last byte counts it (RFC 3550 section 5.1).
func unpad(payload []byte, padded bool) ([]byte, bool) {
	if !padded {
		return payload, true
	}
	if len(payload) == 0 || int(payload[len(payload)-1]) > len(payload) || payload[len(payload)-1] == 0 {
		return nil, false
	}
	return payload[:len(payload)-int(payload[len(payload)-1])], true
}

// minControl is a report's header with the index and tag of SRTCP behind it.
const minControl = 8 + 4 + 10

// RTCP opens a compound report and tells r what it says: about the far stream's
// clock, and about ours. Unknown parts are passed over.
func (in *Inbound) RTCP(packet []byte, ours uint32, r *Reception, now time.Time) error {
	if len(packet) < minControl || len(packet) > cap(in.plain) {
		return ErrMalformed
	}
	plain, err := in.srtp.DecryptRTCP(in.plain[:cap(in.plain)], packet, &in.control)
	if err != nil {
		return reason(err)
	}
	readReports(plain, ours, r, now)
	return nil
}

// readReports walks a compound packet. It reads lengths, never trusts them, and
// masks bit 0x10 of the first byte, which some clients set as a profile mark.
func readReports(b []byte, ours uint32, r *Reception, now time.Time) {
	for len(b) >= 8 && b[0]>>6 == 2 {
		size := 4 * (int(binary.BigEndian.Uint16(b[2:])) + 1)
		if size > len(b) {
			return
		}
		readReport(b[:size], ours, r, now)
		b = b[size:]
	}
}

func readReport(b []byte, ours uint32, r *Reception, now time.Time) {
	const senderInfo = 20
	blocks := b[min(8, len(b)):]
	switch b[1] {
	case typeSenderReport:
		if len(blocks) < senderInfo {
			return
		}
		r.lastReport, r.lastReportAt = binary.BigEndian.Uint32(blocks[2:]), now
		blocks = blocks[senderInfo:]
	case typeReceiverReport:
	default:
		return
	}
	for count := int(b[0] & 0x0F); count > 0 && len(blocks) >= reportBlockLength; count-- {
		if block := parseReportBlock(blocks); block.SSRC == ours {
			r.heard(block, now)
		}
		blocks = blocks[reportBlockLength:]
	}
}

// reason sorts pion's errors into ours. For a packet of sufficient length the
// one that wraps another is that of a replay, whose type pion keeps to itself.
func reason(err error) error {
	switch {
	case errors.Is(err, srtp.ErrFailedToVerifyAuthTag):
		return ErrForged
	case errors.Unwrap(err) != nil:
		return ErrReplayed
	}
	return ErrMalformed
}
