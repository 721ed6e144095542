package portaudio

import (
	"sync/atomic"
	"time"

	"tring/audio"
	"tring/audio/speex"
)

// rated is a running half at DeviceRate, whatever the rate of its device.
type rated struct {
	*half
	rate      audio.SampleRate
	resampler *speex.Resampler // nil when the device has our rate
	raw       []int16          // at the device's rate
	spare     []int16          // microphone: converted, not read yet
	cushion   cushion          // speaker
	dropped   atomic.Uint64    // microphone: the device's samples that nobody read in time
}

// longestFrame bounds a Read or Write that is converted at once.
const longestFrame = 100 * time.Millisecond

func newRated(h *half, rate audio.SampleRate, kind Kind) (*rated, error) {
	r := &rated{half: h, rate: rate}
	if rate == audio.DeviceRate {
		return r, nil
	}
	from, to := rate, audio.DeviceRate
	if kind == Speaker {
		from, to = to, from
	}
	resampler, err := speex.NewResampler(from, to)
	if err != nil {
		return nil, err
	}
	r.resampler = resampler
	r.raw = make([]int16, rate.N(longestFrame)+16)
	r.spare = make([]int16, 0, 2*audio.DeviceRate.N(longestFrame))
	return r, nil
}

// foreign is how many of the device's samples n of ours are, rounded up.
func (r *rated) foreign(n int) int {
	return (n*int(r.rate) + int(audio.DeviceRate) - 1) / int(audio.DeviceRate)
}

// ours is the other way round.
func (r *rated) ours(n int) int { return n * int(audio.DeviceRate) / int(r.rate) }

// read waits until p can be filled or the deadline has passed, and says how
// much it has got. late is how many samples to drop first, if they are there.
func (r *rated) read(p []int16, late int, deadline time.Time) int {
	r.dropStale(len(p))
	n := 0
	for n < len(p) {
		n += r.useSpare(p[n:])
		part := p[n:min(len(p), n+audio.DeviceRate.N(longestFrame))]
		if len(part) == 0 {
			break
		}
		need := r.foreign(len(part))
		if r.ring.waiting() < need {
			r.await(need, deadline) // an error leaves a part, which take finds
		}
		if extra := r.ring.waiting() - need; late > 0 && extra > 0 {
			late -= r.ours(r.ring.skip(min(r.foreign(late), extra)))
		}
		got := r.take(part)
		if n += got; got < len(part) && r.ring.waiting() == 0 && len(r.spare) == 0 {
			break
		}
	}
	return n
}

// stale is how much may wait beyond what is read. Whoever reads after a longer
// pause wants to hear now, not what was said then.
const stale = 100 * time.Millisecond

// dropStale drops what waited too long, so that it does not stay a delay for
// the rest of the call.
func (r *rated) dropStale(n int) {
	keep := r.foreign(n)
	if r.ring.waiting() > keep+r.rate.N(stale) {
		r.dropped.Add(uint64(r.ring.skip(r.ring.waiting() - keep)))
	}
}

func (r *rated) useSpare(p []int16) int {
	n := copy(p, r.spare)
	r.spare = append(r.spare[:0], r.spare[n:]...)
	return n
}

// take fills p from the ring as far as it goes; what is converted beyond p is
// spared for the next time.
func (r *rated) take(p []int16) int {
	if r.resampler == nil {
		return r.ring.take(p)
	}
	raw := r.raw[:r.ring.take(r.raw[:r.foreign(len(p))])]
	made, _ := r.resampler.Convert(r.spare[:cap(r.spare)], raw)
	r.spare = r.spare[:made]
	return r.useSpare(p)
}

// piled is how much may wait for the speaker when more comes. A speaker that
// stood still leaves a pile, and it would stay a delay for the rest of the call.
const piled = 60 * time.Millisecond

// write queues as much of p as there is room for, or nothing on a pile.
func (r *rated) write(p []int16) int {
	if r.ring.waiting() > r.rate.N(piled) {
		return 0
	}
	r.pad(p)
	if r.resampler == nil {
		return r.ring.put(p)
	}
	room := r.ours(len(r.ring.samples) - r.ring.waiting() - 16)
	p = p[:max(0, min(len(p), room, audio.DeviceRate.N(longestFrame)))]
	made, _ := r.resampler.Convert(r.raw, p)
	r.ring.put(r.raw[:made])
	return len(p)
}

// silence is what a cushion is made of, up to 192 kHz.
var silence [2048]int16

// pad puts silence before p where the speaker is written too late for comfort.
func (r *rated) pad(p []int16) {
	margin, known := r.margin()
	if !known {
		return
	}
	if r.cushion.thin(margin, r.lost(), isQuiet(p)) {
		period := r.rate.N(audio.Period)
		r.ring.put(silence[:min(period-r.ring.waiting()%period, len(silence))])
	}
}

// margin is how long from now on the speaker does without more. That is not
// known while its callback is due or under way.
func (r *rated) margin() (m time.Duration, known bool) {
	calls, age := r.calls(), r.age()
	m = lasts(r.ring.waiting(), r.rate.N(audio.Period), age)
	return m, age <= audio.Period && r.calls() == calls
}

// queued is how many of our samples wait in the ring.
func (r *rated) queued() int { return r.ours(r.ring.waiting()) }

// losses counts samples lost (microphone) or times run dry (speaker).
func (r *rated) losses() uint64 { return r.dropped.Load() + uint64(r.lost()) }
