package audio

import (
	"fmt"
	"sync/atomic"
	"time"
)

// uplink carries the microphone to the stream:
//
//	microphone ─ echo ─ gain ─ meter ─ mute ─ player ─ hold ─ resample ─ encode ─ Stream
type uplink struct {
	mic    microphone
	gain   *Gain
	meter  *Meter
	mute   *Gain
	player *player
	hold   *hold

	codec    Codec
	encoder  Encoder
	stream   Stream
	resample *Resampler
	frame    []int16 // at Codec.Rate, filled so far
	packet   [MaxPayload]byte
	silent   bool // the last packet said silence
	lossIn   int  // periods until the far end's loss is asked for
	loss     float64
	sound    [periodLen]int16

	sent, failed atomic.Uint64
}

func newUplink(c SessionConfig) (*uplink, error) {
	codec := c.Stream.Codec()
	r, err := NewResampler(DeviceRate, codec.Rate)
	if err != nil {
		return nil, err
	}
	u := &uplink{
		mic: microphone{processor: c.Processor}, codec: codec,
		encoder: c.Encoder, stream: c.Stream, resample: r,
		frame: make([]int16, 0, codec.Rate.N(codec.Frame)),
	}
	u.gain = &Gain{Source: &u.mic}
	u.meter = &Meter{Source: u.gain}
	u.mute = &Gain{Source: u.meter}
	u.player = &player{source: u.mute}
	u.hold = &hold{source: u.player, tone: c.HoldTone}
	return u, nil
}

// send takes one Period from the microphone, and what the speaker played
// meanwhile, and returns what is sent of it. It is valid until the next call.
func (u *uplink) send(near, far []int16) []int16 {
	u.mic.near, u.mic.far = near, far
	n, _ := u.hold.Read(u.sound[:])
	clear(u.sound[n:])
	u.gather()
	u.listenForLoss()
	return u.sound[:]
}

// gather encodes whenever a frame is complete.
func (u *uplink) gather() {
	var low [periodLen]int16
	rest := low[:u.resample.Convert(low[:], u.sound[:])]
	for len(rest) > 0 {
		n := min(cap(u.frame)-len(u.frame), len(rest))
		u.frame = append(u.frame, rest[:n]...)
		rest = rest[n:]
		if len(u.frame) == cap(u.frame) {
			u.encode()
			u.frame = u.frame[:0]
		}
	}
}

// encode sends one packet. Packets of one or two bytes say silence; they are
// sent like any other, because relays and peers take their absence for loss.
func (u *uplink) encode() {
	packet, err := u.encoder.Encode(u.frame, u.packet[:])
	if err == nil {
		silent := len(packet) <= 2
		err = u.stream.WritePacket(packet, uint32(u.codec.ClockRate.N(u.codec.Frame)), u.silent && !silent)
		u.silent = silent
	}
	if err != nil {
		u.failed.Add(1)
		return
	}
	u.sent.Add(1)
}

// listenForLoss tells the encoder once a second what the far end loses, over
// some seconds: a report counts few packets.
func (u *uplink) listenForLoss() {
	if u.lossIn--; u.lossIn < 0 {
		u.lossIn = int(time.Second/Period) - 1
		u.loss += (u.stream.Network().RemoteLoss - u.loss) / 3
		u.encoder.SetLoss(u.loss)
	}
}

func (u *uplink) String() string {
	return fmt.Sprintf("%v → %s %d Hz %v → stream", u.hold, u.codec.Name, u.codec.Rate, u.codec.Frame)
}

// microphone is the beginning of the uplink: the Period at hand, improved.
type microphone struct {
	processor Processor
	near, far []int16
}

func (m *microphone) Read(frame []int16) (int, error) {
	n := copy(frame, m.near)
	if m.processor != nil {
		m.processor.Process(frame[:n], m.far)
	}
	return n, nil
}

func (m *microphone) String() string {
	if m.processor == nil {
		return "microphone"
	}
	return fmt.Sprint("microphone → ", m.processor)
}
