package audiotest

import (
	"math"
	"math/cmplx"
	"testing"

	"tring/audio"
)

// Tone is the strongest sine found in a piece of sound.
type Tone struct {
	Hz     float64
	Level  float64 // dBFS; 0 is a sine that just does not clip
	Purity float64 // its share of the whole energy, 0..1
}

// FindTone finds the strongest sine in pcm, to about a tenth of the spectrum's
// resolution: 0.1 s of sound tells frequencies 1 Hz apart. Silence has level
// -infinity.
func FindTone(pcm []int16, rate audio.SampleRate) Tone {
	size := 1 << int(math.Log2(float64(max(len(pcm), 2))))
	pcm = pcm[:min(size, len(pcm))]
	power := spectrum(pcm, size)
	best, total := 1, 0.0
	for i := 1; i < len(power)-1; i++ {
		total += power[i]
		if power[i] > power[best] {
			best = i
		}
	}
	if power[best] == 0 {
		return Tone{Level: math.Inf(-1)}
	}
	peak := 0.0 // a Hann window spreads a sine over its neighbours
	for i := max(best-2, 1); i <= min(best+2, len(power)-2); i++ {
		peak += power[i]
	}
	return Tone{
		Hz:     (float64(best) + summit(power, best)) * float64(rate) / float64(size),
		Level:  10 * math.Log10(peak/(0.375*float64(size)*float64(size)/4)),
		Purity: peak / total,
	}
}

// summit is how far the true peak is from bin i, -0.5..0.5: a parabola through
// the logarithms of three bins fits a Hann window's main lobe.
func summit(power []float64, i int) float64 {
	left, mid, right := math.Log(power[i-1]+1e-12), math.Log(power[i]+1e-12), math.Log(power[i+1]+1e-12)
	if curve := left - 2*mid + right; curve != 0 {
		return (left - right) / (2 * curve)
	}
	return 0
}

// spectrum is the power in each bin up to half the rate, of a Hann window.
func spectrum(pcm []int16, size int) []float64 {
	x := make([]complex128, size)
	for i, s := range pcm {
		hann := 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/float64(size))
		x[i] = complex(float64(s)/32768*hann, 0)
	}
	fft(x)
	power := make([]float64, size/2+1)
	for i := range power {
		power[i] = real(x[i])*real(x[i]) + imag(x[i])*imag(x[i])
	}
	return power
}

// fft transforms x, whose length is a power of two, in place.
func fft(x []complex128) {
	n := len(x)
	for i, j := 1, 0; i < n; i++ {
		bit := n >> 1
		for ; j&bit != 0; bit >>= 1 {
			j ^= bit
		}
		if j |= bit; i < j {
			x[i], x[j] = x[j], x[i]
		}
	}
	for size := 2; size <= n; size <<= 1 {
		step := cmplx.Rect(1, -2*math.Pi/float64(size))
		for start := 0; start < n; start += size {
			turn := complex(1, 0)
			for k := start; k < start+size/2; k++ {
				a, b := x[k], x[k+size/2]*turn
				x[k], x[k+size/2] = a+b, a-b
				turn *= step
			}
		}
	}
}

// Level is the RMS of pcm in dBFS, where a full sine has -3.01. Silence is
// -infinity.
func Level(pcm []int16) float64 {
	sum := 0.0
	for _, s := range pcm {
		sum += float64(s) * float64(s)
	}
	if sum == 0 {
		return math.Inf(-1)
	}
	return 10 * math.Log10(sum/float64(len(pcm))/(32768*32768))
}

// WantTone fails t unless pcm, at DeviceRate, is a sine of hz within 1 % and of
// level within slack dB.
func WantTone(t testing.TB, pcm []int16, hz, level, slack float64) {
	t.Helper()
	got := FindTone(pcm, audio.DeviceRate)
	if !got.near(hz, level, slack) {
		t.Errorf("heard %.1f Hz at %.1f dBFS (purity %.2f) in %v of sound, want %.1f Hz at %.1f ± %.1f dBFS",
			got.Hz, got.Level, got.Purity, audio.DeviceRate.D(len(pcm)), hz, level, slack)
	}
}

func (t Tone) near(hz, level, slack float64) bool {
	return math.Abs(t.Hz-hz) <= hz/100 && math.Abs(t.Level-level) <= slack
}

// AwaitTone listens up to thirty times until WantTone would be content: real
// devices take a moment, and a busy machine interrupts them.
func AwaitTone(t testing.TB, listen func() []int16, hz, level, slack float64) {
	t.Helper()
	var pcm []int16
	for range 30 {
		pcm = listen()
		if FindTone(pcm, audio.DeviceRate).near(hz, level, slack) {
			return
		}
	}
	WantTone(t, pcm, hz, level, slack)
}

// WantSilence fails t if pcm is louder than limit dBFS.
func WantSilence(t testing.TB, pcm []int16, limit float64) {
	t.Helper()
	if got := Level(pcm); got > limit {
		t.Errorf("heard %.1f dBFS, want silence below %.1f", got, limit)
	}
}
