package speex

import "math"

// fft transforms complex numbers whose count, a power of two and at least four,
// is fixed beforehand, in place and without allocating.
type fft struct {
	n     int
	turns [][]complex64 // for each stage, a part of the unit circle in the order of use
	order []uint16      // bit-reversed
}

func newFFT(n int) *fft {
	f := &fft{n: n, order: make([]uint16, n)}
	for size := 8; size <= n; size *= 2 {
		turns := make([]complex64, size/2)
		for i := range turns {
			sin, cos := math.Sincos(-2 * math.Pi * float64(i) / float64(size))
			turns[i] = complex(float32(cos), float32(sin))
		}
		f.turns = append(f.turns, turns)
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
	for at := 0; at+4 <= len(x); at += 4 {
		four((*[4]complex64)(x[at:]))
	}
	for i, turns := range f.turns {
		size := 8 << i
		for start := 0; start < len(x); start += size {
			butterflies(x[start:start+size/2], x[start+size/2:start+size], turns)
		}
	}
}

// four does the first two stages, which turn by quarters only.
func four(x *[4]complex64) {
	a, b, c, d := x[0]+x[1], x[0]-x[1], x[2]+x[3], x[2]-x[3]
	d = complex(imag(d), -real(d))
	x[0], x[1], x[2], x[3] = a+c, b+d, a-c, b-d
}

// butterflies joins two transforms to one of twice the size.
func butterflies(low, high, turns []complex64) {
	high, turns = high[:len(low)], turns[:len(low)]
	for k, a := range low {
		b, w := high[k], turns[k]
		t := complex(real(b)*real(w)-imag(b)*imag(w), real(b)*imag(w)+imag(b)*real(w))
		low[k], high[k] = a+t, a-t
	}
}
