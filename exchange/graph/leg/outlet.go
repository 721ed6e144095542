package leg

import (
	"errors"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// outlet is the relay's sound toward the client: audio and keypad digits on one
// source, with one sequence.
type outlet struct {
	mu           sync.Mutex
	to           webrtc.TrackLocalWriter // nil until the client is connected
	ssrc         uint32
	opus, digits uint8
	sequence     uint16
	stamp        uint32
	sent         int
	bytes        int
}

func newOutlet() *outlet {
	return &outlet{sequence: uint16(rand.Uint32()), stamp: rand.Uint32()}
}

var errNoOpus = errors.New("the client did not take Opus")

// Bind is called when the path to the client stands.
func (o *outlet) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, codec := range c.CodecParameters() {
		if codec.MimeType == webrtc.MimeTypeOpus {
			o.to, o.ssrc = c.WriteStream(), uint32(c.SSRC())
			o.opus = uint8(codec.PayloadType)
			return codec, nil
		}
	}
	return webrtc.RTPCodecParameters{}, errNoOpus
}

// Unbind is called when the path is gone.
func (o *outlet) Unbind(webrtc.TrackLocalContext) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.to = nil
	return nil
}

// ID names the track.
func (o *outlet) ID() string { return "WhatsAppTrack1" }

// RID is empty: there is no simulcast.
func (o *outlet) RID() string { return "" }

// StreamID names the stream.
func (o *outlet) StreamID() string { return "WhatsAppAudioStream1" }

// Kind is audio.
func (o *outlet) Kind() webrtc.RTPCodecType { return webrtc.RTPCodecTypeAudio }

// sound sends one frame of samples of the RTP clock.
func (o *outlet) sound(payload []byte, samples uint32, marker bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	err := o.send(o.opus, o.stamp, marker, payload)
	o.stamp += samples
	return err
}

// pass lets time go by without sound.
func (o *outlet) pass(samples uint32) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stamp += samples
}

func (o *outlet) send(pt uint8, stamp uint32, marker bool, payload []byte) error {
	if o.to == nil {
		return nil
	}
	h := rtp.Header{Version: 2, PayloadType: pt, Marker: marker, SequenceNumber: o.sequence, Timestamp: stamp, SSRC: o.ssrc}
	o.sequence++
	o.sent++
	o.bytes += len(payload)
	_, err := o.to.WriteRTP(&h, payload)
	if errors.Is(err, io.ErrClosedPipe) {
		return nil // the client has gone
	}
	return err
}

// A digit is sent as RFC 4733 says: packets with the time of its beginning and
// a duration that grows by 20 ms of the 8 kHz clock.
const (
	digitPackets = 5
	digitStep    = 160
	digitVolume  = 10
	endBit       = 0x80
	endPackets   = 3
	keys         = "0123456789*#ABCD"
	between      = 60 * time.Millisecond // of silence after a digit
)

// digit is one event that is being sent.
type digit struct {
	event    byte
	stamp    uint32
	duration uint16
}

// press begins an event.
func (o *outlet) press(event byte) digit {
	o.mu.Lock()
	defer o.mu.Unlock()
	return digit{event: event, stamp: o.stamp}
}

// step sends the event's next packet; the last ones carry the end bit.
func (o *outlet) step(d *digit, end bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	flags := byte(digitVolume)
	first := d.duration == 0
	if end {
		flags |= endBit
	} else {
		d.duration += digitStep
	}
	return o.send(o.digits, d.stamp, first, []byte{d.event, flags, byte(d.duration >> 8), byte(d.duration)})
}
