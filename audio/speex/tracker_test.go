package speex

import (
	"math"
	"testing"
)

const certain = 2 * enough

// follow feeds the tracker a delay that changes by ppm, every hop, for a while.
func follow(t *tracker, delay, ppm, seconds float64) (last float64) {
	for passed := 0.0; passed < seconds*float64(rate); passed += 2 * hop {
		t.advance(2 * hop)
		delay += 2 * hop * ppm * 1e-6
		t.update(delay, certain)
	}
	return delay
}

func TestADelayIsBelievedWhenItIsSeenTwice(t *testing.T) {
	var tr tracker
	if tr.update(1000, certain) || tr.locked {
		t.Error("one measurement was believed")
	}
	if !tr.update(1001, certain) || tr.delay != 1001 {
		t.Errorf("two that agree were not: %+v", tr)
	}
}

func TestMeasurementsThatDoNotStandOutAreIgnored(t *testing.T) {
	var tr tracker
	for range 10 {
		tr.update(1000, enough-1)
	}
	if tr.locked {
		t.Error("noise was taken for an echo")
	}
}

func TestOneOutlierChangesNothing(t *testing.T) {
	var tr tracker
	follow(&tr, 2000, 0, 5)
	if tr.update(500, certain); math.Abs(tr.delay-2000) > 0.1 {
		t.Errorf("the delay is %.1f after one outlier", tr.delay)
	}
	follow(&tr, 2000, 0, 1)
	if tr.update(500, certain); math.Abs(tr.delay-2000) > 0.1 {
		t.Errorf("the delay is %.1f after two outliers with the truth between them", tr.delay)
	}
}

func TestADriftIsMeasured(t *testing.T) {
	for _, ppm := range []float64{100, -100, 20, 300} {
		var tr tracker
		last := follow(&tr, 1500, ppm, 10)
		if math.Abs(tr.drift*1e6-ppm) > 5 || math.Abs(tr.delay-last) > 0.5 {
			t.Errorf("a drift of %v ppm is %.1f, and the delay of %.2f is %.2f", ppm, tr.drift*1e6, last, tr.delay)
		}
	}
}

func TestTheDriftCarriesTheDelayThroughSilence(t *testing.T) {
	var tr tracker
	last := follow(&tr, 1500, 100, 10)
	for range 20 * int(rate) / frame { // nobody speaks for 20 s
		tr.advance(frame)
	}
	if want := last + 20*float64(rate)*100e-6; math.Abs(tr.delay-want) > 4 {
		t.Errorf("after the silence the delay is %.1f, want %.1f", tr.delay, want)
	}
}

func TestTheFarEndIsReadWithinItsMemory(t *testing.T) {
	var m memory
	for _, delay := range []float64{-1e9, 0, 5, lead, 1e9, math.Inf(1)} {
		tr := tracker{delay: delay}
		if got := tr.aligned(m.longest()); got < shortest || got > m.longest() {
			t.Errorf("a delay of %v is read at %v", delay, got)
		}
	}
}
