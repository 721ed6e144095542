package speex

import "math"

// fft transforms complex numbers whose count is fixed beforehand, in place and
// without allocating.
type fft struct {
	n     int
	turns []complex64 // the first half of the unit circle
	order []uint16    // bit-reversed
}

func newFFT(n int) *fft {
	f := &fft{n: n, turns: make([]complex64, n/2), order: make([]uint16, n)}
	for i := range f.turns {
		sin, cos := math.Sincos(-2 * math.Pi * float64(i) / float64(n))
		f.turns[i] = complex(float32(cos), float32(sin))
	}
	for i := 1; i < n; i++ {
		f.order[i] = f.order[i/2]/2 | uint16(i&1*n/2)
	}
	return f
}

func (f *fft) transform(x []complex64) {
	for i, j := range f.order {
		if i < int(j) {
			x[i], x[j] = x[j], x[i]
		}
	}
	for size := 2; size <= f.n; size *= 2 {
		half, stride := size/2, f.n/size
		for start := 0; start < f.n; start += size {
			low, high := x[start:start+half], x[start+half:start+size]
			for k := range low {
				t := high[k] * f.turns[k*stride]
				low[k], high[k] = low[k]+t, low[k]-t
			}
		}
	}
}
