package speex

import (
	"sync/atomic"
	"time"

	"tring/audio"
)

// Switches say what is done to the microphone.
type Switches struct {
	Echo    bool // take the far end's echo out
	Denoise bool // lower steady noise by up to 20 dB
	Gain    bool // bring the voice to an even loudness
}

// Processor implements audio.Processor and audio.Improver. With everything switched off it leaves
// the microphone alone; otherwise the voice becomes wideband (16 kHz) and comes
// about 12 ms later.
type Processor struct {
	switches atomic.Pointer[Switches]
	came     atomic.Pointer[audio.Improvement]
	used     Switches // what the library was told last
	lib      *canceller
	lowerN   *Resampler
	lowerF   *Resampler
	raise    *Resampler
	memory   memory
	finder   *finder
	tracker  tracker
	meter    meter

	near, far, aligned []int16 // a frame at the canceller's rate
}

// New makes a processor for one call and one pair of devices.
func New(s Switches) (*Processor, error) {
	lib, err := newCanceller()
	if err != nil {
		return nil, err
	}
	p := &Processor{
		lib: lib, finder: newFinder(),
		near: make([]int16, frame), far: make([]int16, frame), aligned: make([]int16, frame),
	}
	for _, r := range []struct {
		to       **Resampler
		from, at audio.SampleRate
	}{{&p.lowerN, audio.DeviceRate, rate}, {&p.lowerF, audio.DeviceRate, rate}, {&p.raise, rate, audio.DeviceRate}} {
		if *r.to, err = newResampler(r.from, r.at, voiceQuality); err != nil {
			return nil, err
		}
	}
	p.Switch(s)
	p.publish()
	return p, nil
}

// Switch changes what is done. It may be called from any goroutine.
func (p *Processor) Switch(s Switches) { p.switches.Store(&s) }

// Expect says how late the echo should be, from handing a period to the speaker
// to its return from the microphone, as an earlier test of the same devices
// measured it. It is believed until the echo is heard. To be called before
// Process.
func (p *Processor) Expect(delay time.Duration) { p.tracker.expect(float64(rate.N(delay))) }

// Improvement is what was measured last. It may be called from any goroutine.
func (p *Processor) Improvement() audio.Improvement {
	i, s := *p.came.Load(), *p.switches.Load()
	i.Echo, i.Denoise, i.Gain = s.Echo, s.Denoise, s.Gain
	return i
}

// Process improves near, one period at DeviceRate, in place. far is what was
// handed to the speaker meanwhile.
func (p *Processor) Process(near, far []int16) {
	s := *p.switches.Load()
	if s != p.used {
		p.lib.set(s)
		p.used = s
	}
	if s == (Switches{}) {
		return
	}
	p.lowerN.Convert(p.near, near)
	if s.Echo {
		p.lowerF.Convert(p.far, far)
		p.align()
		p.meter.before(p.near, p.aligned)
	}
	p.lib.run(p.near, p.aligned, s)
	if s.Echo {
		p.meter.after(p.near)
	}
	p.raise.Convert(near, p.near)
}

// align finds where the echo is and reads the far end that much later.
func (p *Processor) align() {
	p.memory.put(p.far)
	p.tracker.advance(frame)
	if p.finder.put(p.near, p.far, p.tracker.pause()) {
		if p.tracker.update(p.finder.measure()) {
			p.meter = meter{}
		}
		p.publish()
	}
	p.memory.read(p.aligned, p.tracker.aligned(p.memory.longest()), p.tracker.drift)
}

// publish renews what Improvement says, up to four times a second.
func (p *Processor) publish() {
	p.came.Store(&audio.Improvement{
		Found:     p.tracker.locked,
		Delay:     time.Duration(p.tracker.delay * float64(time.Second) / float64(rate)),
		Drift:     p.tracker.drift * 1e6,
		Reduction: p.meter.reduction(),
	})
}
