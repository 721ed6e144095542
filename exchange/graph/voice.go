package graph

import (
	"context"
	"slices"
	"sync"
	"time"

	"tring/audio"
	"tring/exchange/voice"
)

// Sound is what a customer says and hears in a call. It runs from when the call
// is accepted until ctx ends, and owns the stream meanwhile.
type Sound func(ctx context.Context, line audio.Stream)

// silentFrame is 20 ms of Opus that says nothing.
var silentFrame = []byte{0xf8, 0xff, 0xfe}

// Silence says nothing and listens to nothing.
func Silence(ctx context.Context, line audio.Stream) {
	var w sync.WaitGroup
	w.Go(func() { eachPacket(line, func(*audio.Packet) {}) })
	defer w.Wait()
	eachFrame(ctx, func() bool { return line.WritePacket(silentFrame, frameSamples, false) == nil })
}

// frameSamples is how far the RTP clock moves per packet.
var frameSamples = uint32(audio.OpusWebRTC.ClockRate.N(audio.OpusWebRTC.Frame))

// eachFrame keeps the beat of 20 ms until ctx ends or does says so.
func eachFrame(ctx context.Context, does func() bool) {
	frame := audio.OpusWebRTC.Frame
	next := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		if !does() {
			return
		}
		next = next.Add(frame)
		timer.Reset(time.Until(next))
	}
}

// eachPacket reads until the call ends.
func eachPacket(line audio.Stream, does func(*audio.Packet)) {
	var p audio.Packet
	for line.ReadPacket(&p) == nil {
		does(&p)
	}
}

// memory is how much of a call a voice remembers.
const memory = 10 * time.Second

// Voice is a customer's mouth and ear.
type Voice struct {
	codecs audio.Codecs

	mu     sync.Mutex
	says   audio.Reader
	heard  []int16 // the latest, oldest first
	total  int     // samples heard in this call
	lost   int     // packets that did not come
	first  time.Time
	began  time.Time
	broken int // packets that are no Opus
}

func newVoice(c audio.Codecs) *Voice { return &Voice{codecs: c} }

// tonePeak is how loud a customer's tone is, of full scale.
const tonePeak = 0.3

// Say makes the customer say something from now on, in this call and in later
// ones; nil is silence.
func (v *Voice) Say(what audio.Reader) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.says = what
}

// Hum makes the customer say a tone.
func (v *Voice) Hum(hz float64) { v.Say(voice.NewTone(hz, tonePeak)) }

// Heard is the latest that the customer heard in this call or in the last one,
// at audio.DeviceRate.
func (v *Voice) Heard(span time.Duration) []int16 {
	v.mu.Lock()
	defer v.mu.Unlock()
	n := min(audio.DeviceRate.N(span), len(v.heard))
	return slices.Clone(v.heard[len(v.heard)-n:])
}

// Hearing is how well a customer hears.
type Hearing struct {
	Total  time.Duration `json:"total"`  // heard in this call
	First  time.Duration `json:"first"`  // from the call's acceptance to the first packet
	Lost   int           `json:"lost"`   // packets
	Broken int           `json:"broken"` // packets that are no Opus
}

// Hearing says how well the customer hears the business.
func (v *Voice) Hearing() Hearing {
	v.mu.Lock()
	defer v.mu.Unlock()
	h := Hearing{Total: audio.DeviceRate.D(v.total), Lost: v.lost, Broken: v.broken}
	if !v.first.IsZero() {
		h.First = v.first.Sub(v.began)
	}
	return h
}

// Talk is a Sound: it says what Say was given and remembers what it hears.
func (v *Voice) Talk(ctx context.Context, line audio.Stream) {
	encoder, decoder, err := v.codecs(line.Codec())
	if err != nil {
		Silence(ctx, line)
		return
	}
	v.begin()
	var w sync.WaitGroup
	w.Go(func() { v.listen(line, decoder) })
	defer w.Wait()
	v.speak(ctx, line, encoder)
}

func (v *Voice) begin() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.heard, v.total, v.lost, v.broken = v.heard[:0], 0, 0, 0
	v.first, v.began = time.Time{}, time.Now()
}

func (v *Voice) speak(ctx context.Context, line audio.Stream, e audio.Encoder) {
	pcm, buffer := make([]int16, audio.OpusWebRTC.Rate.N(audio.OpusWebRTC.Frame)), make([]byte, audio.MaxPayload)
	eachFrame(ctx, func() bool {
		v.fill(pcm)
		packet, err := e.Encode(pcm, buffer)
		return err == nil && line.WritePacket(packet, frameSamples, false) == nil
	})
}

// fill takes the next of what is to be said, or silence.
func (v *Voice) fill(pcm []int16) {
	v.mu.Lock()
	says := v.says
	v.mu.Unlock()
	clear(pcm)
	if says == nil {
		return
	}
	if n, err := says.Read(pcm); err != nil {
		clear(pcm[n:])
		v.Say(nil)
	}
}

// longest is the longest packet of Opus, in samples: 120 ms (RFC 6716 section 3.2).
const longest = 5760

func (v *Voice) listen(line audio.Stream, d audio.Decoder) {
	pcm := make([]int16, longest)
	var expected uint16
	started := false
	eachPacket(line, func(p *audio.Packet) {
		if gap := int16(p.Sequence - expected); started && gap > 0 {
			v.miss(int(gap))
		}
		started, expected = true, p.Sequence+1
		n, err := d.Decode(p.Payload, pcm)
		v.hear(pcm[:max(n, 0)], err != nil, p.Arrival)
	})
}

func (v *Voice) miss(packets int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.lost += packets
}

func (v *Voice) hear(pcm []int16, broken bool, at time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if broken {
		v.broken++
		return
	}
	if v.first.IsZero() {
		v.first = at
	}
	v.total += len(pcm)
	v.heard = append(v.heard, pcm...)
	if most := audio.DeviceRate.N(memory); len(v.heard) > 2*most {
		v.heard = append(v.heard[:0], v.heard[len(v.heard)-most:]...)
	}
}
