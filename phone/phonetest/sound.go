package phonetest

import (
	"encoding/binary"
	"errors"
	"io"
	"sync"
	"time"

	"tring/audio"
)

// Codec keeps every sample: 8 kHz, 20 ms, 320 bytes a packet.
var Codec = audio.Codec{Name: "pcm", PayloadType: 96, ClockRate: 8000, Rate: 8000, Frame: 20 * time.Millisecond}

// Codecs makes the encoder and decoder of Codec.
func Codecs(audio.Codec) (audio.Encoder, audio.Decoder, error) { return pcm{}, pcm{}, nil }

// pcm packs samples as they are, big-endian (RFC 3551 section 4.5.11, L16).
type pcm struct{}

func (pcm) Encode(samples []int16, buf []byte) ([]byte, error) {
	if len(buf) < 2*len(samples) {
		return nil, io.ErrShortBuffer
	}
	for i, s := range samples {
		binary.BigEndian.PutUint16(buf[2*i:], uint16(s))
	}
	return buf[:2*len(samples)], nil
}

func (pcm) SetLoss(float64) {}

func (pcm) Decode(packet []byte, samples []int16) (int, error) {
	n := min(len(packet)/2, len(samples))
	for i := range n {
		samples[i] = int16(binary.BigEndian.Uint16(packet[2*i:]))
	}
	return n, nil
}

var errNoFEC = errors.New("samples as they are carry no redundancy")

func (pcm) DecodeFEC([]byte, []int16) (int, error) { return 0, errNoFEC }

func (pcm) Conceal(samples []int16) (int, error) { clear(samples); return len(samples), nil }

func (pcm) Duration(packet []byte) (int, error) {
	if len(packet) == 0 || len(packet)%2 != 0 {
		return 0, errors.New("not whole samples")
	}
	return len(packet) / 2, nil
}

// pipe carries packets one way. It holds a second of sound; more is thrown
// away, as a network would.
type pipe struct {
	packets chan audio.Packet
	over    chan struct{}
	once    sync.Once

	mu       sync.Mutex
	sequence uint16
	stamp    uint32
}

func newPipe() *pipe {
	return &pipe{packets: make(chan audio.Packet, 50), over: make(chan struct{})}
}

func (p *pipe) close() { p.once.Do(func() { close(p.over) }) }

func (p *pipe) write(payload []byte, samples uint32, marker bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	packet := audio.Packet{
		Sequence: p.sequence, Timestamp: p.stamp, Marker: marker, Arrival: time.Now(),
		Payload: append([]byte(nil), payload...),
	}
	p.sequence++
	p.stamp += samples
	select {
	case p.packets <- packet:
	default:
	}
}

func (p *pipe) read(into *audio.Packet) error {
	select {
	case got := <-p.packets:
		payload := append(into.Payload[:0], got.Payload...)
		*into = got
		into.Payload = payload
		return nil
	case <-p.over:
		return io.EOF
	}
}

// stream is a leg's sound; packets flow once the call is answered.
type stream struct{ leg *Leg }

func (s stream) Codec() audio.Codec { return Codec }

func (s stream) WritePacket(payload []byte, samples uint32, marker bool) error {
	answered, err := s.leg.state()
	if err != nil {
		return io.EOF
	}
	if answered {
		s.leg.peer.in.write(payload, samples, marker)
		s.leg.peer.hear(0)
	}
	return nil
}

func (s stream) ReadPacket(p *audio.Packet) error { return s.leg.in.read(p) }

func (s stream) Network() audio.NetworkStats {
	return audio.NetworkStats{RTT: 2 * s.leg.line.net.Delay, Path: "phonetest", Encrypted: "in one process"}
}
