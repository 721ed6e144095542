package e2e

import (
	"errors"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"

	"tring/audio"
)

// ErrOversized says that a frame is too large to be sent in one packet.
var ErrOversized = errors.New("the sound frame is larger than one packet may be")

// OutboundConfig is what the protected sound of our device needs.
type OutboundConfig struct {
	Master      Master
	SSRC        uint32
	PayloadType uint8
	TagLength   int    // bytes behind an RTP packet, DefaultTag on every relay seen
	CNAME       string // 18 characters; see NewCNAME
}

// Outbound numbers and protects what we send. One of it lives as long as the
// call: sequence numbers, rollover and timestamps never start again, whatever
// happens to the network. It is used by one goroutine at a time, and what a
// method returns is valid until the next call.
type Outbound struct {
	srtp    *srtp.Context
	header  rtp.Header
	parsed  rtp.Header  // pion reads our own header back into this
	control rtcp.Header // and that of reports into this
	next    uint32      // timestamp of the next packet
	cname   string

	plain, packet []byte
	report        []byte

	packets, octets uint32 // as a sender report counts them
}

// NewOutbound starts the timeline of our stream: sequence number 1, timestamp 0,
// because WhatsApp Web subtracts the timestamps of sound and picture from zero
// (evidence: vinikjkkj/zapo).
func NewOutbound(c OutboundConfig) (*Outbound, error) {
	ctx, err := newContext(c.Master, c.TagLength)
	if err != nil {
		return nil, err
	}
	return &Outbound{
		srtp:   ctx,
		header: rtp.Header{PayloadType: c.PayloadType, SSRC: c.SSRC},
		cname:  c.CNAME,
		plain:  make([]byte, 0, maxHeader+audio.MaxPayload),
		packet: make([]byte, maxHeader+audio.MaxPayload+maxTag),
		report: make([]byte, reportRoom),
	}, nil
}

// Packet protects one frame, which moves the timestamp on by samples.
func (o *Outbound) Packet(payload []byte, samples uint32) ([]byte, error) {
	if len(payload) > audio.MaxPayload {
		return nil, ErrOversized
	}
	o.header.SequenceNumber++
	o.header.Timestamp = o.next
	o.next += samples
	o.plain = appendHeader(o.plain[:0], &o.header, Quiet(payload))
	o.plain = append(o.plain, payload...)
	o.packets++
	o.octets += uint32(len(payload))
	return o.srtp.EncryptRTP(o.packet, o.plain, &o.parsed)
}

// Timestamp is that of the next packet.
func (o *Outbound) Timestamp() uint32 { return o.next }

// Skip moves the timestamp of the next packet on, after sound that was never
// sent; the sequence stays without a gap.
func (o *Outbound) Skip(samples uint32) { o.next += samples }

// Description protects the source description that introduces our stream.
func (o *Outbound) Description() ([]byte, error) {
	return o.protect(appendDescription(o.report[:0], o.header.SSRC, o.cname))
}

// Report protects a sender report about our stream and the one heard, with the
// source description behind it. heard may have received nothing yet.
func (o *Outbound) Report(heard *Reception, now time.Time) ([]byte, error) {
	sr := senderReport{
		SSRC: o.header.SSRC, Time: now, Timestamp: o.header.Timestamp,
		Packets: o.packets, Octets: o.octets, Heard: heard.report(now),
	}
	b := sr.append(o.report[:0])
	return o.protect(appendDescription(b, o.header.SSRC, o.cname))
}

func (o *Outbound) protect(plain []byte) ([]byte, error) {
	return o.srtp.EncryptRTCP(o.packet, plain, &o.control)
}
