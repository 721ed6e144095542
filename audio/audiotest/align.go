package audiotest

import (
	"math"
	"slices"
	"time"

	"tring/audio"
)

// Alignment is what was heard with its changing delay taken out: pieces of
// speech, one after the other, and the delay of each.
type Alignment struct {
	Said, Heard []int16
	Delays      []time.Duration
}

// Delay is the p-th quantile of the pieces' delays, 0..1.
func (a Alignment) Delay(p float64) time.Duration {
	if len(a.Delays) == 0 {
		return 0
	}
	d := slices.Clone(a.Delays)
	slices.Sort(d)
	return d[int(p*float64(len(d)-1)+0.5)]
}

// The search for a piece goes on where the last one was found.
const (
	longestPiece = 1200 * time.Millisecond
	wander       = 350 * time.Millisecond
	pause        = 150 * time.Millisecond
)

// Align finds each piece of what was said in what was heard, where it comes up to most
// later; jitter buffers change the delay during a call. Both are at rate.
func Align(said, heard []int16, rate audio.SampleRate, most time.Duration) Alignment {
	var out Alignment
	pieces := speechPieces(said, rate)
	if len(pieces) == 0 {
		return out
	}
	// A first guess from much of the speech, then one for every piece.
	first, last := pieces[0][0], pieces[min(len(pieces), 12)-1][1]
	guess, _ := find(said[first:last], heard, first, first+rate.N(most), rate)
	low, high := max(0, guess-first-rate.N(wander)), guess-first+rate.N(wander)
	for _, p := range pieces {
		piece := said[p[0]:p[1]]
		at, like := find(piece, heard, p[0]+low, p[0]+high, rate)
		delay := at - p[0]
		if like < 0.5 && len(out.Delays) > 0 { // lost or unlike: where the last one was
			delay = rate.N(out.Delays[len(out.Delays)-1])
		}
		from := min(p[0]+delay, len(heard))
		found := make([]int16, len(piece))
		copy(found, heard[from:])
		out.Said, out.Heard = append(out.Said, piece...), append(out.Heard, found...)
		out.Delays = append(out.Delays, rate.D(delay))
		low, high = max(0, delay-rate.N(wander)), delay+rate.N(wander)
	}
	return out
}

// speechPieces are the stretches of speech in x, cut at pauses.
func speechPieces(x []int16, rate audio.SampleRate) (pieces [][2]int) {
	hop := rate.N(10 * time.Millisecond)
	var level []float64
	for at := 0; at+hop <= len(x); at += hop {
		level = append(level, Level(x[at:at+hop]))
	}
	if len(level) == 0 {
		return nil
	}
	threshold := slices.Max(level) - 35
	longest, gap, shortest := int(longestPiece/audio.Period), int(pause/audio.Period), int(pause/audio.Period)
	start, last := -1, 0
	flush := func() {
		if start >= 0 && last+1-start >= shortest {
			pieces = append(pieces, [2]int{max(0, start-1) * hop, min(len(x), (last+2)*hop)})
		}
		start = -1
	}
	for i, l := range level {
		if l > threshold {
			if start < 0 {
				start = i
			}
			last = i
		}
		if start >= 0 && (i-last >= gap || i-start >= longest) {
			flush()
		}
	}
	flush()
	return pieces
}

// find is where piece comes in x, beginning low..high, by normalised
// correlation in the band of speech, and how alike they are there.
func find(piece, x []int16, low, high int, rate audio.SampleRate) (at int, like float64) {
	low = min(max(low, 0), len(x))
	window := x[low:min(len(x), high+len(piece))]
	size := 1
	for size < len(piece)+len(window) {
		size *= 2
	}
	a, b := voiceBand(piece, size, rate), voiceBand(window, size, rate)
	y := inverse(slices.Clone(b))
	energy := make([]float64, len(window)+1)
	for i := range window {
		energy[i+1] = energy[i] + y[i]*y[i]
	}
	own := 0.0
	for _, v := range inverse(slices.Clone(a))[:len(piece)] {
		own += v * v
	}
	for i := range b {
		b[i] *= complex(real(a[i]), -imag(a[i]))
	}
	like = -2
	for i, c := range inverse(b)[:max(1, len(window)-len(piece)+1)] {
		e := energy[min(i+len(piece), len(window))] - energy[i]
		if r := c / (math.Sqrt(e*own) + 1e-6); r > like {
			at, like = low+i, r
		}
	}
	return at, like
}

// voiceBand is the spectrum of x from 200 to 3400 Hz.
func voiceBand(x []int16, size int, rate audio.SampleRate) []complex128 {
	s := make([]complex128, size)
	for i, v := range x {
		s[i] = complex(float64(v)/32768, 0)
	}
	fft(s)
	for i := range s {
		hz := float64(min(i, size-i)) * float64(rate) / float64(size)
		if hz < 200 || hz > 3400 {
			s[i] = 0
		}
	}
	return s
}

// inverse transforms a spectrum back, in place, and keeps the real part.
func inverse(s []complex128) []float64 {
	for i, v := range s {
		s[i] = complex(real(v), -imag(v))
	}
	fft(s)
	out := make([]float64, len(s))
	for i, v := range s {
		out[i] = real(v) / float64(len(s))
	}
	return out
}
