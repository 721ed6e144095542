package portaudio

import (
	"testing"
	"time"
)

const ms = time.Millisecond

// write is one write of a speaker's life, and what is to be added before it.
type write struct {
	margin time.Duration
	dry    uint32
	quiet  bool
	add    time.Duration
}

func again(n int, w write) []write {
	writes := make([]write, n)
	for i := range writes {
		writes[i] = w
	}
	return writes
}

func TestASpeakerIsWrittenInTimeBeforeItNeedsTo(t *testing.T) {
	for name, writes := range map[string][][]write{
		"the first sound waits for a margin":           {{{margin: 1 * ms, add: 3 * ms}}},
		"the first sound has one":                      {{{margin: 9 * ms}}},
		"a comfortable margin is left alone":           {again(1000, write{margin: 4 * ms, quiet: true})},
		"a small one is widened once a second":         {{{margin: 9 * ms}}, again(99, write{margin: 1 * ms, quiet: true}), {{margin: 1 * ms, quiet: true, add: 3 * ms}}, again(99, write{margin: 1 * ms, quiet: true})},
		"the least of them counts":                     {{{margin: 9 * ms}}, again(50, write{margin: 9 * ms, quiet: true}), {{margin: 2 * ms}}, again(48, write{margin: 9 * ms}), {{margin: 9 * ms, quiet: true, add: 2 * ms}}},
		"nobody is interrupted":                        {{{margin: 9 * ms}}, again(500, write{margin: 1 * ms}), {{margin: 3 * ms, quiet: true, add: 3 * ms}}},
		"where it ran dry there is a gap to widen":     {{{margin: 9 * ms}}, again(5, write{margin: 9 * ms}), {{margin: 1 * ms, dry: 1, add: 3 * ms}}, again(5, write{margin: 4 * ms, dry: 1})},
		"a margin from before the gap says nothing":    {{{margin: 9 * ms}}, again(98, write{margin: 0}), {{margin: 9 * ms, dry: 1}}, again(500, write{margin: 9 * ms, dry: 1, quiet: true})},
		"a speaker written late gets all there may be": {{{margin: -2 * ms, add: 6 * ms}}},
	} {
		t.Run(name, func(t *testing.T) {
			var c cushion
			for _, part := range writes {
				for i, w := range part {
					if got := c.add(w.margin, w.dry, w.quiet); got != w.add {
						t.Fatalf("write %d %+v: %v is added", i, w, got)
					}
				}
			}
		})
	}
}

// A speaker whose clock is 100 ppm ahead of the microphone's asks for a period
// 1 µs sooner each time; sound has a pause now and then.
func TestASpeakerWithAFasterClockNeverRunsDry(t *testing.T) {
	var c cushion
	margin, added := 9*ms, time.Duration(0)
	for period := range 60_000 { // ten minutes
		margin -= time.Microsecond
		if margin < 0 {
			t.Fatalf("dry after %d periods", period)
		}
		add := c.add(margin, 0, period%500 < 20)
		margin, added = margin+add, added+add
	}
	if lag := added - 60*ms; lag > 1*ms {
		t.Errorf("%v of silence were added for 60 ms of drift", added)
	}
}

func TestQuietIsBelow40DBFS(t *testing.T) {
	for peak, want := range map[int16]bool{0: true, 328: true, 329: false, -328: true, -329: false, -32768: false} {
		if got := isQuiet([]int16{0, peak, 0}); got != want {
			t.Errorf("a peak of %d is quiet: %v", peak, got)
		}
	}
}
