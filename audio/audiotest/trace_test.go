package audiotest

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestATraceReadsAsItWasWritten(t *testing.T) {
	want := Clean(200, 20*time.Millisecond).Lossy(.1, 1).Jittery(30*time.Millisecond, 2)
	var text strings.Builder
	if err := want.Write(&text); err != nil {
		t.Fatal(err)
	}
	got, err := ReadTrace(strings.NewReader("# a comment\n\n" + text.String()))
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d of %d packets, %v", len(got), len(want), err)
	}
	for i := range got {
		if off := got[i].Arrived - want[i].Arrived; got[i].Sequence != want[i].Sequence || got[i].Sent != want[i].Sent || off.Abs() > time.Microsecond {
			t.Fatalf("packet %d is %+v, want %+v", i, got[i], want[i])
		}
	}
}

func TestABadTraceSaysWhere(t *testing.T) {
	for _, text := range []string{"1 2 3\nnonsense", "1 0 0\n1 2", "1 0 0\n1 2 soon", "1 0 0\n99999 2 3"} {
		if _, err := ReadTrace(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestGeneratedTracesLoseAndDelayAsTheySay(t *testing.T) {
	clean := func() Trace { return Clean(20000, 20*time.Millisecond) }
	for name, s := range map[string]struct {
		trace Trace
		lost  float64
	}{
		"random": {clean().Lossy(.1, 1), .1},
		"runs":   {clean().Runs(.1, 3, 1), .1},
		"bursts": {clean().Bursts(.05, .25, 1), .5 * .05 / .30},
	} {
		if got := s.trace.Lost(); math.Abs(got-s.lost) > .01 {
			t.Errorf("%s: %.3f lost, want %.3f", name, got, s.lost)
		}
	}
	var late []time.Duration
	for _, a := range clean().HeavyTailed(20*time.Millisecond, 1) {
		late = append(late, a.Arrived-a.Sent-transit)
	}
	slices.Sort(late)
	if half := late[len(late)/2]; half < 9*time.Millisecond || half > 11*time.Millisecond {
		t.Errorf("the median of the heavy tail is %v, want 10 ms", half)
	}
	if most := late[len(late)-1]; most != 400*time.Millisecond {
		t.Errorf("the latest is %v, want 400 ms", most)
	}
	if !slices.IsSortedFunc(clean().Jittery(time.Second, 1).Arrivals(), func(a, b Arrival) int { return int(a.Arrived - b.Arrived) }) {
		t.Error("arrivals are not in the order in which they came")
	}
}
