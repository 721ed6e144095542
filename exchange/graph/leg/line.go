package leg

import (
	"io"
	"sync"
	"time"

	"github.com/pion/rtp"

	"tring/audio"
)

// waiting is how many packets may wait for the customer: two seconds of sound.
const waiting = 100

// line is the customer's end of a leg, as an audio.Stream.
type line struct {
	leg  *Leg
	in   chan audio.Packet
	gone chan struct{}
	once sync.Once
}

func newLine(l *Leg) *line {
	return &line{leg: l, in: make(chan audio.Packet, waiting), gone: make(chan struct{})}
}

// Codec is WebRTC's Opus.
func (s *line) Codec() audio.Codec { return audio.OpusWebRTC }

// WritePacket sends the customer's sound to the client, if the relay lets it.
func (s *line) WritePacket(payload []byte, samples uint32, marker bool) error {
	select {
	case <-s.gone:
		return io.EOF
	default:
	}
	if !s.leg.speaks() {
		s.leg.out.pass(samples)
		return nil
	}
	return s.leg.out.sound(payload, samples, marker)
}

// ReadPacket waits for what the client says.
func (s *line) ReadPacket(p *audio.Packet) error {
	select {
	case in := <-s.in:
		in.Payload = append(p.Payload[:0], in.Payload...)
		*p = in
		return nil
	case <-s.gone:
		return io.EOF
	}
}

// deliver hands a packet to the customer; a customer who does not read loses
// the newest.
func (s *line) deliver(p *rtp.Packet) {
	if len(p.Payload) == 0 || len(p.Payload) > audio.MaxPayload {
		return
	}
	in := audio.Packet{
		Sequence: p.SequenceNumber, Timestamp: p.Timestamp, Marker: p.Marker,
		Arrival: time.Now(), Payload: p.Payload,
	}
	select {
	case s.in <- in:
	default:
	}
}

// flush forgets what waits for the customer.
func (s *line) flush() {
	for {
		select {
		case <-s.in:
		default:
			return
		}
	}
}

// Network says how much went through.
func (s *line) Network() audio.NetworkStats {
	r := s.leg.Report()
	return audio.NetworkStats{
		Sent: uint64(r.Sent), Received: uint64(r.Packets), SentBytes: uint64(r.SentBytes), RecvBytes: uint64(r.Bytes),
		Path: "relay of the exchange", Encrypted: "at the relay",
	}
}

func (s *line) close() { s.once.Do(func() { close(s.gone) }) }

var _ audio.Stream = (*line)(nil)
