package whatsapp

import (
	"context"
	"io"
	"sync"

	"tring/audio"
	"tring/signaling/whatsapp/relay"
)

// media is the sound of one call below the phone: a relay.Session, or what a
// test puts in its place.
type media interface {
	audio.Stream
	Rekey(peerDevice string) error
	Update(relay.Block)
	StartMedia()
	Redial()
	Legs() []relay.LegStats
	Events() <-chan relay.Event
	Close() error
}

// opener opens the legs of a call to all of its relays.
type opener func(ctx context.Context, c relay.Config) (media, error)

func openRelay(ctx context.Context, c relay.Config) (media, error) { return relay.Open(ctx, c) }

// stream is a leg's sound as the phone sees it: it exists from the first
// moment, and the relay is put behind it when the network has named one.
type stream struct {
	done chan struct{} // closed when the leg is released
	once sync.Once

	mu    sync.Mutex
	ready chan struct{} // closed when there is media
	media media
	codec audio.Codec
	muted bool // the far end's microphone

	watch    mlowWatch // the reader's alone
	mismatch func()    // told once when the far end sends MLow
}

func newStream(codec audio.Codec) *stream {
	return &stream{ready: make(chan struct{}), done: make(chan struct{}), codec: codec}
}

// attach puts the media behind the stream.
func (s *stream) attach(m media) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.media == nil {
		s.media = m
		close(s.ready)
	}
}

// detach takes the media away; readers wait for the next.
func (s *stream) detach() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.media != nil {
		s.media, s.ready = nil, make(chan struct{})
	}
}

// end makes readers return io.EOF.
func (s *stream) end() { s.once.Do(func() { close(s.done) }) }

func (s *stream) behind() media {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.media
}

// Codec is how sound is packed. It is settled when the call is answered.
func (s *stream) Codec() audio.Codec {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.codec
}

func (s *stream) setCodec(c audio.Codec) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codec = c
}

func (s *stream) setMuted(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.muted = on
}

// WritePacket sends a frame; before there is a relay the frame is dropped, as
// it would be on any network that is not up yet.
func (s *stream) WritePacket(payload []byte, samples uint32, marker bool) error {
	select {
	case <-s.done:
		return io.ErrClosedPipe
	default:
	}
	if m := s.behind(); m != nil {
		return m.WritePacket(payload, samples, marker)
	}
	return nil
}

// await waits for the relay.
func (s *stream) await() (media, error) {
	s.mu.Lock()
	m, ready := s.media, s.ready
	s.mu.Unlock()
	if m != nil {
		return m, nil
	}
	select {
	case <-ready:
		return s.await()
	case <-s.done:
		return nil, io.EOF
	}
}

// ReadPacket waits for the next packet, at first for the relay itself.
func (s *stream) ReadPacket(p *audio.Packet) error {
	m, err := s.await()
	if err != nil {
		return err
	}
	if err := m.ReadPacket(p); err != nil {
		if s.behind() != m {
			return s.ReadPacket(p)
		}
		return err
	}
	if s.watch.sees(p, s.Codec().ClockRate) && s.mismatch != nil {
		s.mismatch()
	}
	return nil
}

// Network is what the relay measured.
func (s *stream) Network() audio.NetworkStats {
	stats := audio.NetworkStats{Encrypted: "end to end"}
	if m := s.behind(); m != nil {
		stats = m.Network()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	stats.RemoteMuted = s.muted
	return stats
}
