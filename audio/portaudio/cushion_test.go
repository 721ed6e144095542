package portaudio

import (
	"testing"
	"time"

	"tring/audio"
)

const ms = time.Millisecond

// write is one write of a speaker's life, and whether silence goes before it.
type write struct {
	margin time.Duration
	dry    uint32
	quiet  bool
	thin   bool
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
		"the first sound waits for a margin":        {{{margin: 1 * ms, thin: true}}},
		"the first sound has one":                   {{{margin: 9 * ms}}},
		"a comfortable margin is left alone":        {again(1000, write{margin: 4 * ms, quiet: true})},
		"a small one is widened after a second":     {{{margin: 9 * ms}}, again(99, write{margin: 1 * ms, quiet: true}), {{margin: 1 * ms, quiet: true, thin: true}}, again(99, write{margin: 11 * ms, quiet: true})},
		"the least of them counts":                  {{{margin: 9 * ms}}, again(50, write{margin: 9 * ms, quiet: true}), {{margin: 2 * ms}}, again(48, write{margin: 9 * ms}), {{margin: 9 * ms, quiet: true, thin: true}}},
		"nobody is interrupted":                     {{{margin: 9 * ms}}, again(500, write{margin: 1 * ms}), {{margin: 3 * ms, quiet: true, thin: true}}},
		"where it ran dry there is a gap to widen":  {{{margin: 9 * ms}}, again(5, write{margin: 9 * ms}), {{margin: 1 * ms, dry: 1, thin: true}}, again(5, write{margin: 11 * ms, dry: 1})},
		"a margin from before the gap says nothing": {{{margin: 9 * ms}}, again(98, write{margin: 0}), {{margin: 9 * ms, dry: 1}}, again(500, write{margin: 9 * ms, dry: 1, quiet: true})},
	} {
		t.Run(name, func(t *testing.T) {
			var c cushion
			for _, part := range writes {
				for i, w := range part {
					if got := c.thin(w.margin, w.dry, w.quiet); got != w.thin {
						t.Fatalf("write %d %+v: silence before it: %v", i, w, got)
					}
				}
			}
		})
	}
}

// room is a speaker on a clock of its own: its callback takes a period at a
// time from what was written.
type room struct {
	period  time.Duration // of its clock
	now     time.Duration
	called  time.Duration // when the last callback was
	waiting int
	dry     uint32
	cushion cushion
	padded  int
}

// until lets the callbacks happen until a moment.
func (r *room) until(now time.Duration) {
	for ; r.called+r.period <= now; r.called += r.period {
		if r.waiting < 480 {
			r.dry++
		}
		r.waiting = max(0, r.waiting-480)
	}
	r.now = now
}

func (r *room) write(quiet bool) {
	if r.cushion.thin(lasts(r.waiting, 480, r.now-r.called), r.dry, quiet) {
		silence := 480 - r.waiting%480
		r.waiting += silence
		r.padded += silence
	}
	r.waiting += 480
}

// A speaker whose clock is 100 ppm ahead takes six periods more in ten minutes
// than are written; sound has a pause now and then.
func TestASpeakerWithAFasterClockNeverRunsDry(t *testing.T) {
	r := room{period: audio.Period - time.Microsecond}
	r.until(5 * ms)
	for i := range 60_000 {
		r.write(i%500 < 20)
		r.until(r.now + audio.Period)
	}
	if r.dry > 0 || r.padded < 6*480 || r.padded > 7*480 {
		t.Errorf("in ten minutes it ran dry %d times and got %d samples of silence", r.dry, r.padded)
	}
}

// However the two streams happened to start, writes up to 3 ms late are in time.
func TestAWriterThatIsLateNowAndThenRunsNoSpeakerDry(t *testing.T) {
	for phase := range 10 {
		r := room{period: audio.Period}
		start := time.Duration(phase)*ms + ms/2
		r.until(start)
		for i := range 6000 {
			due := start + time.Duration(i)*audio.Period
			if i > 200 && i%7 == 0 {
				due += time.Duration(i%4) * ms
			}
			r.until(due)
			r.write(i%100 < 20)
		}
		if r.dry > 0 || r.padded > 480 {
			t.Errorf("%v after the callback: dry %d times, %d samples of silence", start, r.dry, r.padded)
		}
	}
}

func TestQuietIsBelow40DBFS(t *testing.T) {
	for peak, want := range map[int16]bool{0: true, 328: true, 329: false, -328: true, -329: false, -32768: false} {
		if got := isQuiet([]int16{0, peak, 0}); got != want {
			t.Errorf("a peak of %d is quiet: %v", peak, got)
		}
	}
}
