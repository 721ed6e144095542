package speex

import "math"

const (
	// window is how much of the microphone is compared with the far end, at
	// half the canceller's rate: 0.5 s.
	window = 4096
	// span is how much of the far end: the window and, before it, as much
	// again, so that delays up to 0.5 s are found.
	span = 2 * window
	// hop is how often they are compared: every 0.25 s while the delay is not
	// sure, and every second when it is.
	hop = window / 2
	// enough is how far, in multiples of the mean, the peak of a correlation
	// must stand out to be an echo.
	enough = 9
	// audible is the mean square, of the far end, below which nothing can be
	// heard to come back: -55 dBFS.
	audible = 3.2e-6
)

// finder measures how much later than the far end its echo reaches the
// microphone. It correlates both in the frequency domain and weighs every
// frequency alike (generalised cross-correlation with phase transform), which
// makes a sharp peak even of a reverberating voice.
type finder struct {
	near, far   [span]float32 // rings at half the rate
	at          int           // where the next sample goes
	fresh       int           // samples since the last measurement
	filled      int
	fft         *fft
	x           []complex64
	nearH, farH halver
}

func newFinder() *finder { return &finder{fft: newFFT(span), x: make([]complex64, span)} }

// put takes a frame of both; true means that it is time to measure: pause
// samples after the last time, once a window is there.
func (f *finder) put(near, far []int16, pause int) bool {
	for i := 0; i+1 < len(near); i += 2 {
		f.near[f.at] = f.nearH.step(near[i], near[i+1])
		f.far[f.at] = f.farH.step(far[i], far[i+1])
		f.at = (f.at + 1) % span
		f.fresh++
	}
	f.filled = min(f.filled+len(near)/2, window)
	if f.fresh < pause || f.filled < window {
		return false
	}
	f.fresh = 0
	return true
}

// measure gives the delay in samples of the canceller's rate. sure says how far
// it stands out; below enough there is no echo, or nothing to hear it by.
func (f *finder) measure() (delay, sure float64) {
	energy := 0.0
	for i := range f.x {
		from := (f.at + i) % span
		far, near := f.far[from], float32(0)
		if i >= span-window {
			near = f.near[from]
		}
		f.x[i] = complex(far, near) // one transform for two real signals
		energy += float64(far) * float64(far)
	}
	if energy/span < audible*32768*32768 {
		return 0, 0
	}
	f.fft.transform(f.x)
	f.whiten()
	f.fft.transform(f.x)
	return f.peak()
}

// whiten replaces the joint spectrum of both by the phase of their
// cross-spectrum, below 3.4 kHz where voices and loudspeakers are.
func (f *finder) whiten() {
	const low, high = span * 100 / 8000, span * 3400 / 8000
	for k := 1; k < span/2; k++ {
		a, b := f.x[k], f.x[span-k]
		bc := complex(real(b), -imag(b))
		far, near := a+bc, (a-bc)*complex(0, -1) // twice each, which the phase forgets
		cross := near * complex(real(far), -imag(far))
		size := float32(math.Sqrt(float64(real(cross)*real(cross) + imag(cross)*imag(cross))))
		if k < low || k > high || size == 0 {
			f.x[k], f.x[span-k] = 0, 0
			continue
		}
		cross *= complex(1/size, 0)
		// A forward transform of the conjugate stands for the backward one.
		f.x[k], f.x[span-k] = complex(real(cross), -imag(cross)), cross
	}
	f.x[0], f.x[span/2] = 0, 0
}

// peak finds the greatest correlation among delays of 0 to window.
func (f *finder) peak() (delay, sure float64) {
	best, sum := 1, 0.0
	for i := 1; i < window-1; i++ {
		v := real(f.x[i])
		sum += float64(v) * float64(v)
		if v > real(f.x[best]) {
			best = i
		}
	}
	if sum == 0 {
		return 0, 0
	}
	left, mid, right := float64(real(f.x[best-1])), float64(real(f.x[best])), float64(real(f.x[best+1]))
	summit := 0.0
	if curve := left - 2*mid + right; curve < 0 {
		summit = (left - right) / (2 * curve)
	}
	return 2 * (float64(best) + summit), mid / math.Sqrt(sum/window)
}

// halver halves the rate with a short half-band filter.
type halver struct{ x [7]float32 }

// step takes two samples and gives one, three samples late.
func (h *halver) step(a, b int16) float32 {
	copy(h.x[:], h.x[2:])
	h.x[5], h.x[6] = float32(a), float32(b)
	return 0.5*h.x[3] + 0.28125*(h.x[2]+h.x[4]) - 0.03125*(h.x[0]+h.x[6])
}
