package portaudio

import (
	"time"

	"tring/audio"
)

// cushion watches how long before the speaker needs sound it is written. A
// speaker that gets it in the last moment runs dry as soon as the processors
// are busy; and where its clock is ahead of the microphone's, every speaker
// comes to that by and by. It is pure: the caller brings the margins.
type cushion struct {
	started bool
	dry     uint32        // times run dry before the last write
	least   time.Duration // of the margins noted
	noted   int           // margins since the last look
}

const (
	// comfortable is what the worst write of a second leaves at least. With three
	// loops on two processors one write in ten thousand was 5 ms later than usual.
	comfortable = 4 * time.Millisecond
	// cushionWatch is how many margins make a picture, in periods: a second.
	cushionWatch = 100
)

// thin takes the margin of the write to come, how often the speaker has run dry
// and whether what is written is quiet. It says whether to put one period of
// silence before it, the least that helps: callbacks take whole periods. That
// is done at once where there is a gap anyway, else in a quiet moment.
func (c *cushion) thin(margin time.Duration, dry uint32, quiet bool) bool {
	if !c.started || dry != c.dry {
		*c = cushion{started: true, dry: dry}
		return margin < comfortable
	}
	if c.noted == 0 || margin < c.least {
		c.least = margin
	}
	c.noted++
	if c.noted < cushionWatch || !quiet {
		return false
	}
	c.noted = 0
	return c.least < comfortable
}

// lasts is how long a speaker does without more while waiting samples wait, its
// callback takes period of them at a time, and the last one was age ago.
func lasts(waiting, period int, age time.Duration) time.Duration {
	return audio.Period*time.Duration(1+waiting/period) - age
}

// quietPeak bounds a period before which a period of silence is not heard: -40 dBFS.
const quietPeak = 328

func isQuiet(period []int16) bool {
	for _, s := range period {
		if s > quietPeak || s < -quietPeak {
			return false
		}
	}
	return true
}
