package audiotest

import (
	"io"
	"sync"
	"time"

	"tring/audio"
)

// streamRoom is how many packets may be on their way; more push the oldest out.
const streamRoom = 256

// Stream is one end of a leg without a network: what is written to one end
// arrives at the other at once. Nothing allocates per packet.
type Stream struct {
	// Lose, if set before packets flow, says which packets of this end get
	// lost on their way.
	Lose func(sequence uint16) bool
	// RemoteLoss is what the far end is said to report.
	RemoteLoss float64

	codec     audio.Codec
	out, in   *wire
	sequence  uint16
	timestamp uint32
}

var _ audio.Stream = (*Stream)(nil)

// NewStreams makes the two ends of a leg that carries c.
func NewStreams(c audio.Codec) (a, b *Stream) {
	there, back := newWire(), newWire()
	return &Stream{codec: c, out: there, in: back}, &Stream{codec: c, out: back, in: there}
}

// Codec is what the leg carries.
func (s *Stream) Codec() audio.Codec { return s.codec }

// WritePacket hands a packet to the other end.
func (s *Stream) WritePacket(payload []byte, samples uint32, marker bool) error {
	p := audio.Packet{Sequence: s.sequence, Timestamp: s.timestamp, Marker: marker, Arrival: time.Now(), Payload: payload}
	s.sequence++
	s.timestamp += samples
	if s.Lose != nil && s.Lose(p.Sequence) {
		return nil
	}
	return s.out.put(&p)
}

// ReadPacket waits for a packet of the other end; io.EOF after Close.
func (s *Stream) ReadPacket(p *audio.Packet) error { return s.in.take(p) }

// Network counts packets.
func (s *Stream) Network() audio.NetworkStats {
	return audio.NetworkStats{
		RemoteLoss: s.RemoteLoss, Sent: s.out.count(), Received: s.in.count(),
		Path: "in memory", Encrypted: "end to end",
	}
}

// Close releases the leg, both ends of it.
func (s *Stream) Close() error {
	s.out.close()
	s.in.close()
	return nil
}

// wire is one direction of a leg.
type wire struct {
	mu     sync.Mutex
	come   sync.Cond
	ring   [streamRoom]audio.Packet
	first  int
	n      int
	passed uint64
	closed bool
}

func newWire() *wire {
	w := &wire{}
	w.come.L = &w.mu
	for i := range w.ring {
		w.ring[i].Payload = make([]byte, 0, audio.MaxPayload)
	}
	return w
}

func (w *wire) put(p *audio.Packet) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return io.ErrClosedPipe
	}
	if w.n == streamRoom {
		w.first, w.n = (w.first+1)%streamRoom, w.n-1
	}
	copyPacket(&w.ring[(w.first+w.n)%streamRoom], p)
	w.n++
	w.passed++
	w.come.Signal()
	return nil
}

func (w *wire) take(p *audio.Packet) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.n == 0 && !w.closed {
		w.come.Wait()
	}
	if w.closed {
		return io.EOF
	}
	copyPacket(p, &w.ring[w.first])
	w.first, w.n = (w.first+1)%streamRoom, w.n-1
	return nil
}

// copyPacket copies a packet and keeps the destination's array.
func copyPacket(dst, src *audio.Packet) {
	payload := append(dst.Payload[:0], src.Payload...)
	*dst = *src
	dst.Payload = payload
}

func (w *wire) count() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.passed
}

func (w *wire) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.come.Broadcast()
}
