package audio

import "time"

const (
	// What is missing is invented; that is believable for fadeFrom, and has
	// given way to comfort noise by fadeTo.
	fadeFrom = 80 * time.Millisecond
	fadeTo   = 200 * time.Millisecond
	// maxSustain bounds how much the decoder's invention is amplified: 8 dB.
	maxSustain = 2.5
	// A wave less like itself than noisy is taken for noise, one as much as
	// voiced for a voice.
	noisy, voiced = 0.3, 0.7
)

// concealer invents sound where there is none, out of two sources: the
// decoder, which is right for noise and hears what it missed, and the last
// period of a voice, repeated (waveform substitution: Goodman et al., 1986;
// ITU-T G.711 appendix I), which keeps a syllable standing where decoders let
// it sink at once.
type concealer struct {
	comfort comfort
	run     int // samples invented since the last real one
	from    int // fadeFrom, fadeTo in samples
	to      int
	ramp    int     // samples until the voice has taken over from the decoder
	wave    []int16 // the last period
	at      int     // in wave
	voice   float64 // its share, 0..1
	level   float64 // RMS of the last real sound
	gain    float64 // that the decoder's last sample was given
}

func newConcealer(r SampleRate) concealer {
	return concealer{
		from: r.N(fadeFrom), to: r.N(fadeTo), ramp: r.N(overlap),
		wave: make([]int16, 0, r.N(maxLag)),
	}
}

// faded says that comfort noise is all that is heard.
func (c *concealer) faded() bool { return c.run >= c.to }

// begin learns from the sound before the gap how it may go on.
func (c *concealer) begin(q *playout, s *stretcher) {
	past := q.buf[:q.w]
	lag, like := s.period(q)
	c.wave = append(c.wave[:0], past[len(past)-lag:]...)
	c.voice = min(max((like-noisy)/(voiced-noisy), 0), 1)
	c.level = rms(past[len(past)-s.over:])
	c.gain, c.at = 1, 0
}

// fill invents out and returns how many samples of it are comfort noise alone.
func (c *concealer) fill(out []int16, dec Decoder) (comfort int) {
	if c.faded() {
		clear(out)
		comfort = len(out)
	} else {
		c.imitate(out, dec)
	}
	for i := range out {
		if g := c.noiseGain(c.run + i); g > 0 {
			out[i] = clip(float64(out[i])*(1-g) + c.comfort.next()*g)
		}
	}
	c.run += len(out)
	return comfort
}

// imitate goes on with the sound before the gap. The decoder is asked also
// where the voice alone is heard: it must know of the gap.
func (c *concealer) imitate(out []int16, dec Decoder) {
	if n, err := dec.Conceal(out); err != nil {
		clear(out[max(0, min(n, len(out))):])
	}
	c.sustain(out)
	c.speak(out)
}

// sustain keeps up the level of the last real sound.
func (c *concealer) sustain(out []int16) {
	to := c.gain
	if now := rms(out); now > 0 {
		to = min(max(c.level/now, 1), maxSustain)
	}
	step := (to - c.gain) / float64(len(out))
	for i := range out {
		c.gain += step
		out[i] = clip(float64(out[i]) * c.gain)
	}
}

// speak puts the repeated voice over what the decoder made up.
func (c *concealer) speak(out []int16) {
	for i := range out {
		share := c.voice * min(float64(c.run+i)/float64(c.ramp), 1)
		out[i] = clip(float64(out[i])*(1-share) + float64(c.wave[c.at])*share)
		if c.at++; c.at == len(c.wave) {
			c.at = 0
		}
	}
}

// noiseGain is the share of comfort noise after n invented samples, 0..1.
func (c *concealer) noiseGain(n int) float64 {
	switch {
	case n <= c.from:
		return 0
	case n >= c.to:
		return 1
	}
	return float64(n-c.from) / float64(c.to-c.from)
}

// end leads from what was being invented into out, as if it went on.
func (c *concealer) end(out []int16, q *playout, s *stretcher) {
	noise := c.noiseGain(c.run)
	c.run = 0
	lag, _ := s.period(q)
	past := q.buf[:q.w]
	n := min(s.over, len(out))
	for i := range n {
		w := float64(i) / float64(n)
		old := float64(past[len(past)-lag+i%lag])
		if noise == 1 {
			old = c.comfort.next()
		}
		out[i] = clip(float64(out[i])*w + old*(1-w))
	}
}

// clip rounds to 16 bits without wrapping.
func clip(v float64) int16 {
	switch {
	case v >= 32767:
		return 32767
	case v <= -32768:
		return -32768
	case v < 0:
		return int16(v - 0.5)
	}
	return int16(v + 0.5)
}
