package audio

import (
	"fmt"
	"time"
)

// Improvement is what is done to the microphone and what it came to, as
// measured. Zero means that nothing is done.
type Improvement struct {
	Echo    bool // the far end's echo is taken out
	Denoise bool // steady noise is lowered
	Gain    bool // the voice is brought to an even loudness

	Found     bool          // an echo is there, and its delay is known
	Delay     time.Duration // from the far end's hand-over to its echo
	Drift     float64       // by which that delay changes, parts per million: two clocks
	Reduction float64       // of the echo, dB; 0 before it was measured
}

// Improver is a Processor that says what it came to.
type Improver interface {
	Improvement() Improvement
}

// String says what the echo canceller came to, in a few words.
func (i Improvement) String() string {
	switch {
	case !i.Echo:
		return "echo cancelling off"
	case !i.Found:
		return "no echo heard yet"
	case i.Reduction == 0:
		return fmt.Sprintf("echo found after %d ms", i.Delay.Milliseconds())
	}
	return fmt.Sprintf("echo lowered by %.0f dB", i.Reduction)
}
