package rtc

import (
	"errors"
	"slices"
	"sync"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// track is our voice in the peer connection. Its headers are its own: sound
// and keypad digits share one source and one row of sequence numbers.
type track struct {
	mu     sync.Mutex
	header rtp.Header
	packet rtp.Header // of the packet that is being sent
	opus   uint8
	digits uint8
	keypad bool // whether digits were negotiated
	out    webrtc.TrackLocalWriter
	early  []spoken
}

// spoken is a frame of our sound that waits for the path.
type spoken struct {
	timestamp uint32
	payload   []byte
	marker    bool
}

// maxEarly is how many frames may wait: 200 ms, which the far end's jitter
// buffer takes at once. The oldest make room.
const maxEarly = 10

var errNoOpus = errors.New("Opus was not negotiated")

// Bind is told what both sides agreed on.
func (t *track) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var agreed webrtc.RTPCodecParameters
	for _, codec := range c.CodecParameters() {
		switch codec.MimeType {
		case opus.MimeType:
			agreed, t.opus = codec, uint8(codec.PayloadType)
		case digits.MimeType:
			t.digits, t.keypad = uint8(codec.PayloadType), true
		}
	}
	if agreed.MimeType == "" {
		return agreed, errNoOpus
	}
	t.header.Version, t.header.SSRC, t.out = 2, uint32(c.SSRC()), c.WriteStream()
	return agreed, nil
}

// Unbind ends the track.
func (t *track) Unbind(webrtc.TrackLocalContext) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.out = nil
	return nil
}

// ID names the track.
func (*track) ID() string { return "microphone" }

// RID is for simulcast, which sound has not.
func (*track) RID() string { return "" }

// StreamID names the stream.
func (*track) StreamID() string { return "line" }

// Kind is audio.
func (*track) Kind() webrtc.RTPCodecType { return webrtc.RTPCodecTypeAudio }

// skip lets the clock run without sending.
func (t *track) skip(samples uint32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.header.Timestamp += samples
}

// speech is frame for what somebody says. Who is answered may speak before the
// path stands on our side: that is kept, and goes first once it does.
func (t *track) speech(payload []byte, samples uint32, marker bool) (sent bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := t.header.Timestamp
	t.header.Timestamp += samples
	if t.catchUp() {
		if sent, err = t.write(t.opus, at, payload, marker); sent || err != nil {
			return sent, err
		}
	}
	t.early = append(t.early, spoken{at, slices.Clone(payload), marker})
	t.early = t.early[max(0, len(t.early)-maxEarly):]
	return false, nil
}

// catchUp sends what was kept, and reports whether nothing is left.
func (t *track) catchUp() bool {
	for len(t.early) > 0 {
		e := t.early[0]
		if sent, _ := t.write(t.opus, e.timestamp, e.payload, e.marker); !sent {
			return false
		}
		t.early = t.early[1:]
	}
	return true
}

// frame sends one frame of sound and moves the clock on.
func (t *track) frame(payload []byte, samples uint32, marker bool) (sent bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	sent, err = t.write(t.opus, t.header.Timestamp, payload, marker)
	t.header.Timestamp += samples
	return sent, err
}

// now is the clock.
func (t *track) now() uint32 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.header.Timestamp
}

// event sends one packet of a keypad digit that began at a time of the clock.
func (t *track) event(began uint32, payload []byte, marker bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	_, err := t.write(t.digits, began, payload, marker)
	return err
}

func (t *track) write(pt uint8, timestamp uint32, payload []byte, marker bool) (bool, error) {
	if t.out == nil {
		return false, nil // the path does not stand yet
	}
	t.packet = t.header
	t.packet.PayloadType, t.packet.Timestamp, t.packet.Marker = pt, timestamp, marker
	n, err := t.out.WriteRTP(&t.packet, payload)
	if n == 0 || err != nil { // pion writes nothing before SRTP has its keys
		return false, err
	}
	t.header.SequenceNumber++
	return true, nil
}
