package portaudio

import (
	"time"

	"tring/audio"
)

// patience is how late the microphone may be before silence takes its place:
// beyond the worst scheduling seen with both processors busy, below what an
// ear calls an interruption.
const patience = 100 * time.Millisecond

// beat decides how long a Read may wait, so that samples arrive on time even
// when the microphone does not. It is pure: the caller brings the time.
type beat struct {
	due     time.Time // when the last frame was complete
	failing bool      // the microphone missed its last frame
	late    int       // samples invented since then; they are dropped if they come after all
}

// deadline is when a frame of n samples must be complete.
func (b *beat) deadline(now time.Time, n int) time.Time {
	frame := audio.DeviceRate.D(n)
	if !b.failing {
		return now.Add(frame + patience)
	}
	if now.Sub(b.due) > patience { // the reader was away; do not hurry after it
		b.due = now
	}
	return b.due.Add(frame)
}

// done notes that got of n samples came by now, and the rest is silence.
func (b *beat) done(now time.Time, got, n int) {
	switch {
	case got == n:
		*b = beat{due: now}
	case b.failing:
		b.due = b.due.Add(audio.DeviceRate.D(n))
		b.late += n - got
	default:
		*b = beat{due: now, failing: true, late: n - got}
	}
}
