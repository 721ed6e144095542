package audio

import (
	"fmt"
	"math"
)

// Resampler changes the rate by a whole factor, up or down, with a windowed
// sinc filter in its phases. It delays by half its length, 0.75 ms for 16 kHz,
// and allocates nothing after NewResampler.
type Resampler struct {
	factor  int
	up      bool
	filters [][]float32 // up: one per phase; down: one for all
	history int         // samples kept from one call to the next
	x       []float32   // history, then what is at hand
}

// perPhase is the filter's length in samples of the lower rate; a multiple of
// four for dot.
const perPhase = 24

// NewResampler makes a resampler between two rates of which one is a multiple
// of the other.
func NewResampler(from, to SampleRate) (*Resampler, error) {
	high, low := max(from, to), min(from, to)
	if low <= 0 || high%low != 0 {
		return nil, fmt.Errorf("cannot turn %d Hz into %d Hz: neither is a multiple of the other", from, to)
	}
	r := &Resampler{factor: int(high / low), up: to > from}
	if taps := lowpass(r.factor); r.up {
		r.filters, r.history = phases(taps, r.factor), perPhase-1
	} else {
		r.filters, r.history = [][]float32{taps}, len(taps)-1
	}
	r.x = make([]float32, r.history+from.N(maxPacket))
	return r, nil
}

// lowpass passes the band of the lower rate: a Blackman-windowed sinc of unity
// gain at the higher one.
func lowpass(factor int) []float32 {
	n := factor * perPhase
	taps := make([]float32, n)
	cut := 0.46 / float64(factor) // cycles per sample of the higher rate
	for i := range taps {
		x, turn := float64(i)-float64(n-1)/2, 2*math.Pi*(float64(i)+0.5)/float64(n)
		window := 0.42 - 0.5*math.Cos(turn) + 0.08*math.Cos(2*turn)
		taps[i] = float32(2 * cut * window)
		if x != 0 {
			taps[i] = float32(window * math.Sin(2*math.Pi*cut*x) / (math.Pi * x))
		}
	}
	return taps
}

// phases deals the taps out to the samples that raise puts in place of one,
// latest sample last.
func phases(taps []float32, factor int) [][]float32 {
	filters := make([][]float32, factor)
	for phase := range filters {
		filters[phase] = make([]float32, perPhase)
		for k := range perPhase {
			filters[phase][k] = float32(factor) * taps[(perPhase-1-k)*factor+phase]
		}
	}
	return filters
}

// Convert fills dst from src, at most 120 ms, and returns the samples written.
// The lengths stand in the ratio of the rates.
func (r *Resampler) Convert(dst, src []int16) int {
	if r.factor == 1 {
		return copy(dst, src)
	}
	x := r.x[:r.history+len(src)]
	for i, v := range src {
		x[r.history+i] = float32(v)
	}
	n := 0
	if r.up {
		n = r.raise(dst, x, len(src))
	} else {
		n = r.lower(dst, x, len(src)/r.factor)
	}
	copy(x, x[len(src):])
	return n
}

// lower computes only the samples that are kept.
func (r *Resampler) lower(dst []int16, x []float32, n int) int {
	for i := range dst[:n] {
		dst[i] = clip(float64(dot(r.filters[0], x[i*r.factor:])))
	}
	return n
}

func (r *Resampler) raise(dst []int16, x []float32, n int) int {
	for i := range n {
		for phase, filter := range r.filters {
			dst[i*r.factor+phase] = clip(float64(dot(filter, x[i:])))
		}
	}
	return n * r.factor
}

// dot multiplies and adds in four lanes, so that no addition waits for the one
// before it. len(a) is a multiple of four.
func dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	b = b[:len(a)]
	for len(a) >= 4 && len(b) >= 4 {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	return s0 + s1 + s2 + s3
}
