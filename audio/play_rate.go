package audio

import "math"

// converter brings a sound of any rate to DeviceRate with a windowed sinc, its
// phases computed beforehand.
type converter struct {
	from   sound
	step   float64 // input samples per output sample
	at     float64 // position of the next output sample in x
	x      []int16 // input at hand
	phases [][]float32
	ended  error
}

const (
	sincPhases = 256
	sincWidth  = 16 // input samples on each side, at equal rates
)

func newConverter(from sound) *converter {
	c := &converter{from: from, step: float64(from.rate()) / float64(DeviceRate)}
	if c.step == 1 {
		return c
	}
	cut := min(1, 1/c.step) * 0.94 // of the lower rate's half
	half := int(math.Ceil(sincWidth / min(1, 1/c.step)))
	c.phases = make([][]float32, sincPhases)
	for i := range c.phases {
		c.phases[i] = sincPhase(float64(i)/sincPhases, cut, half)
	}
	c.x = make([]int16, half-1) // silence before the beginning
	return c
}

// sincPhase is the filter for an output sample that stands by fraction behind
// an input sample.
func sincPhase(fraction, cut float64, half int) []float32 {
	taps, sum := make([]float64, 2*half), 0.0
	for i := range taps {
		x := float64(i-half+1) - fraction
		taps[i] = cut * sinc(cut*x) * (0.5 + 0.5*math.Cos(math.Pi*x/float64(half+1)))
		sum += taps[i]
	}
	out := make([]float32, len(taps))
	for i, t := range taps {
		out[i] = float32(t / sum)
	}
	return out
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// read fills p, and ends with the error of the sound behind it.
func (c *converter) read(p []int16) (int, error) {
	if c.phases == nil {
		return c.from.read(p)
	}
	taps := len(c.phases[0])
	for i := range p {
		if err := c.need(int(c.at) + taps); err != nil {
			return i, err
		}
		first := int(c.at) // need may have moved it
		phase := c.phases[int((c.at-float64(first))*sincPhases)]
		sum := float32(0)
		for k, x := range c.x[first : first+taps] {
			sum += float32(x) * phase[k]
		}
		p[i] = int16(max(-32768, min(32767, sum)))
		c.at += c.step
	}
	return len(p), nil
}

// need makes the first n samples of x available.
func (c *converter) need(n int) error {
	if len(c.x) >= n {
		return nil
	}
	if c.ended != nil {
		return c.ended
	}
	used := int(c.at)
	c.x = append(c.x[:0], c.x[used:]...)
	c.at -= float64(used)
	n -= used
	chunk := make([]int16, max(n-len(c.x), 1024))
	got, err := c.from.read(chunk)
	c.x = append(c.x, chunk[:got]...)
	if c.ended = err; err != nil {
		c.x = append(c.x, make([]int16, len(c.phases[0])/2)...) // silence behind the end
	}
	return c.need(n)
}
