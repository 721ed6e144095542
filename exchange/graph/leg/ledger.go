package leg

import (
	"slices"
	"time"

	"github.com/pion/rtp"
)

// frame is how far the RTP clock moves from packet to packet: 20 ms at 48 kHz.
const frame = 960

// ledger keeps what a client's RTP looks like, from the headers, which SRTP
// leaves in the clear. It has no clock; its owner locks.
type ledger struct {
	packets    int
	bytes      int
	digits     int // packets of telephone-event
	lost       int // sequence numbers that never came, reordering not made good
	offBeat    int // audio whose timestamp did not move by 20 ms per packet
	unknown    int // packets of other payload types
	extensions int // packets with header extensions that nobody negotiated
	sources    []uint32

	started  bool
	sequence uint16
	stamp    uint32
	firstAt  time.Time
	firstTS  uint32
	latestAt time.Time
}

// note takes down one packet; opus and digits are the negotiated types.
func (l *ledger) note(b []byte, opus, digits uint8, now time.Time) {
	var h rtp.Header
	if _, err := h.Unmarshal(b); err != nil {
		return
	}
	l.packets++
	l.bytes += len(b)
	if h.Extension {
		l.extensions++
	}
	if !slices.Contains(l.sources, h.SSRC) && len(l.sources) < 16 {
		l.sources = append(l.sources, h.SSRC)
	}
	switch {
	case h.PayloadType == digits && digits != 0:
		l.digits++
		l.follow(h.SequenceNumber)
	case h.PayloadType == opus:
		l.audio(h, now)
	default:
		l.unknown++
	}
}

// audio checks the beat of packets in order.
func (l *ledger) audio(h rtp.Header, now time.Time) {
	if !l.started {
		l.started, l.sequence, l.stamp = true, h.SequenceNumber, h.Timestamp
		l.firstAt, l.firstTS, l.latestAt = now, h.Timestamp, now
		return
	}
	step := int16(h.SequenceNumber - l.sequence)
	if step <= 0 {
		return // late or twice
	}
	if step == 1 && h.Timestamp-l.stamp != frame {
		l.offBeat++
	}
	l.follow(h.SequenceNumber)
	l.stamp, l.latestAt = h.Timestamp, now
}

// follow counts what is missing before a packet.
func (l *ledger) follow(sequence uint16) {
	if step := int16(sequence - l.sequence); l.started && step > 0 {
		l.lost += int(step) - 1
		l.sequence = sequence
	}
}

// drift is how far the client's RTP clock ran ahead of ours.
func (l *ledger) drift() time.Duration {
	if !l.started {
		return 0
	}
	spoken := time.Duration(int32(l.stamp-l.firstTS)) * time.Second / 48000
	return spoken - l.latestAt.Sub(l.firstAt)
}
