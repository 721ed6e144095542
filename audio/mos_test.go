package audio

import (
	"math"
	"testing"
	"time"
)

func TestTheEModelHasItsKnownFigures(t *testing.T) {
	// ITU-T G.107 annex B, table B.1: rating, MOS.
	for _, v := range [][2]float64{{93.2, 4.41}, {90, 4.34}, {80, 4.03}, {70, 3.60}, {60, 3.10}, {50, 2.58}, {0, 1}, {100, 4.5}, {-5, 1}} {
		if got := ratingToMOS(v[0]); math.Abs(got-v[1]) > 0.01 {
			t.Errorf("a rating of %v is a MOS of %.2f, want %.2f", v[0], got, v[1])
		}
	}
	if got := delayImpairment(100 * time.Millisecond); got != 0 {
		t.Errorf("100 ms impair by %.1f, want 0", got)
	}
	if got := delayImpairment(200 * time.Millisecond); math.Abs(got-3.04) > 0.01 { // X = 1
		t.Errorf("200 ms impair by %.2f, want 3.04", got)
	}
	if got := lossImpairment(lossOpus/100, false); math.Abs(got-lossWorst/2) > 1e-9 { // by definition of Bpl
		t.Errorf("a loss of Bpl impairs by %.1f, want half the most", got)
	}
}

func TestMOSFallsWithDelayAndLoss(t *testing.T) {
	last := 5.0
	for _, d := range []time.Duration{50, 150, 250, 400, 800} {
		if got := MOS(d*time.Millisecond, 0, false); got > last || got < 1 {
			t.Errorf("%d ms: MOS %.2f after %.2f", d, got, last)
		} else {
			last = got
		}
	}
	for _, loss := range []float64{-1, 0, 0.05, 0.2, 1, 2} {
		plain, redundant := MOS(0, loss, false), MOS(0, loss, true)
		if plain > redundant || plain < 1 || redundant > 4.5 {
			t.Errorf("loss %v: MOS %.2f, with redundancy %.2f", loss, plain, redundant)
		}
	}
}
