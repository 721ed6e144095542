package audio

import "time"

// What is missing is invented by the decoder at first; it is trusted for
// fadeFrom and has given way to comfort noise by fadeTo.
const (
	fadeFrom = 60 * time.Millisecond
	fadeTo   = 120 * time.Millisecond
	blendFor = 5 * time.Millisecond
)

// concealer invents sound where there is none.
type concealer struct {
	comfort comfort
	run     int // samples invented since the last real one
	from    int // samples
	to      int
	blend   int
}

func newConcealer(r SampleRate) concealer {
	return concealer{from: r.N(fadeFrom), to: r.N(fadeTo), blend: r.N(blendFor)}
}

// faded says that comfort noise is all that is heard.
func (c *concealer) faded() bool { return c.run >= c.to }

// fill invents out and returns how many samples of it are comfort noise alone.
func (c *concealer) fill(out []int16, dec Decoder) (comfort int) {
	if c.faded() {
		comfort = len(out)
		clear(out)
	} else if n, err := dec.Conceal(out); err != nil {
		clear(out[max(0, n):])
	}
	for i := range out {
		g := c.noiseGain(c.run + i)
		if g > 0 {
			out[i] = clip(float64(out[i])*(1-g) + c.comfort.next()*g)
		}
	}
	c.run += len(out)
	return comfort
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

// end leads from comfort noise into the real sound.
func (c *concealer) end(out []int16) {
	g := c.noiseGain(c.run)
	c.run = 0
	for i := range min(c.blend, len(out)) {
		w := g * float64(c.blend-i) / float64(c.blend)
		out[i] = clip(float64(out[i])*(1-w) + c.comfort.next()*w)
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
