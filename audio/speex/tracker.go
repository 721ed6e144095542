package speex

import "math"

const (
	// lead is how much of the filter lies before the echo's beginning, in
	// samples: 6 ms, for what the measurement and the devices wander.
	lead = 96
	// near is how far a measurement may be from what was expected, in samples,
	// to be the same echo: 0.5 ms. Beyond that the delay has jumped.
	sameEcho = 8
	// agreeing is how many measurements in a row must say the same to be
	// believed against what was known.
	agreeing = 2
	// maxDrift bounds the difference of two clocks that is followed: sound
	// cards stay within 200 parts per million.
	maxDrift = 500e-6
	// How much of an error goes into the delay and into the drift at each
	// measurement: an alpha-beta filter that settles in about three seconds.
	alpha = 0.3
	beta  = 0.05
)

// tracker follows the delay of the echo and how fast it changes. It is pure.
type tracker struct {
	locked  bool
	delay   float64 // samples
	drift   float64 // samples of delay for each sample of time
	seen    float64 // a measurement that contradicts
	times   int     // how often it has been seen in a row
	updates int     // measurements that fitted since the delay was found
	since   float64 // samples since the last measurement that fitted
}

// unsure is how much earlier than expected an echo may come: what waits for the
// speaker differs from call to call by a period or two.
const unsure = 2 * float64(frame)

// expect begins with a delay that was measured at another time.
func (t *tracker) expect(delay float64) {
	if !t.locked {
		t.delay = max(0, delay-unsure)
	}
}

// settled is how many measurements must have fitted for the delay to be sure.
const settled = 16

// pause is how many of the finder's samples to let pass between measurements.
func (t *tracker) pause() int {
	if t.updates > settled && t.times == 0 {
		return 4 * hop
	}
	return hop
}

// advance lets n samples of time pass.
func (t *tracker) advance(n int) {
	t.delay += t.drift * float64(n)
	t.since += float64(n)
}

// update takes a measurement. It returns true when the delay was found, or
// found anew at another place.
func (t *tracker) update(delay, sure float64) (moved bool) {
	if sure < enough {
		return false
	}
	if off := delay - t.delay; t.locked && math.Abs(off) < sameEcho {
		t.delay += alpha * off
		t.drift = max(-maxDrift, min(maxDrift, t.drift+beta*off/t.since))
		t.times, t.since = 0, 0
		t.updates++
		return false
	}
	if math.Abs(delay-t.seen) >= sameEcho {
		t.times = 0
	}
	t.seen = delay
	if t.times++; t.times < agreeing {
		return false
	}
	t.locked, t.delay, t.times, t.updates, t.since = true, delay, 0, 0, 0
	return true
}

// aligned is how late the far end must be read so that its echo begins lead
// into the filter.
func (t *tracker) aligned(longest float64) float64 {
	return max(shortest, min(longest, t.delay-lead))
}
