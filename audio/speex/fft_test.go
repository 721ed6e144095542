package speex

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"
)

func TestTheTransformIsThatOfTheDefinition(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{4, 8, 64, 128} {
		x, want := make([]complex64, n), make([]complex128, n)
		for i := range x {
			x[i] = complex(random.Float32()-0.5, random.Float32()-0.5)
		}
		for k := range want {
			for i, v := range x {
				want[k] += complex128(v) * cmplx.Rect(1, -2*math.Pi*float64(i*k)/float64(n))
			}
		}
		newFFT(n).transform(x)
		for k, v := range x {
			if cmplx.Abs(complex128(v)-want[k]) > 1e-5*float64(n) {
				t.Fatalf("of %d numbers, number %d is %v, want %v", n, k, v, want[k])
			}
		}
	}
}

func BenchmarkTransform(b *testing.B) {
	x := make([]complex64, span)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range x {
		x[i] = complex(random.Float32()-0.5, random.Float32()-0.5)
	}
	f := newFFT(span)
	for b.Loop() {
		f.transform(x)
		for i := range x {
			x[i] *= 0.01
		}
	}
}
