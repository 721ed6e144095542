package relay

import (
	"math"
	"testing"
	"time"
)

func fates(p Path, n int) []fate {
	var l lane
	out := make([]fate, n)
	for i := range out {
		out[i] = l.plan(time.Duration(i)*20*time.Millisecond, 200, p)
	}
	return out
}

func TestTheSameSeedGivesEveryDatagramTheSameFate(t *testing.T) {
	p := Path{Loss: 0.1, Duplicate: 0.1, Reorder: 0.1, Jitter: 80 * time.Millisecond, Seed: 7}
	first, second := fates(p, 1000), fates(p, 1000)
	for i := range first {
		if first[i] != second[i] {
			t.Fatalf("datagram %d: %v and then %v", i, first[i], second[i])
		}
	}
	p.Seed = 8
	if other := fates(p, 1000); other[0] == first[0] && other[1] == first[1] && other[2] == first[2] {
		t.Error("another seed gave the same fates")
	}
}

func TestSwitchingJitterOnChangesNoLoss(t *testing.T) {
	plain, jittery := fates(Path{Loss: 0.2, Seed: 3}, 500), fates(Path{Loss: 0.2, Jitter: time.Second, Seed: 3}, 500)
	for i := range plain {
		if plain[i].copies != jittery[i].copies {
			t.Fatalf("datagram %d arrives %d times, with jitter %d", i, plain[i].copies, jittery[i].copies)
		}
	}
}

func TestLossDuplicationAndReorderingHaveTheirShares(t *testing.T) {
	const n = 20000
	lost, twice, held := 0, 0, 0
	for _, f := range fates(Path{Loss: 0.1, Duplicate: 0.05, Reorder: 0.2, Seed: 1}, n) {
		switch {
		case f.copies == 0:
			lost++
		case f.copies == 2:
			twice++
		}
		if f.copies > 0 && f.delays[0] == reorderHold {
			held++
		}
	}
	for _, c := range []struct {
		what      string
		got, want float64
	}{{"lost", float64(lost) / n, 0.1}, {"twice", float64(twice) / n, 0.045}, {"held", float64(held) / n, 0.18}} {
		if math.Abs(c.got-c.want) > 0.01 {
			t.Errorf("%s: %.3f, want %.3f", c.what, c.got, c.want)
		}
	}
}

func TestDelayAndJitterStayWithinTheirBounds(t *testing.T) {
	var least, most time.Duration = time.Hour, 0
	for _, f := range fates(Path{Delay: 50 * time.Millisecond, Jitter: 80 * time.Millisecond, Seed: 5}, 2000) {
		least, most = min(least, f.delays[0]), max(most, f.delays[0])
	}
	if least < 50*time.Millisecond || least > 52*time.Millisecond || most > 130*time.Millisecond || most < 128*time.Millisecond {
		t.Errorf("delays from %v to %v, want 50 to 130 ms", least, most)
	}
}

func TestARateLimitQueuesHalfASecondAndCutsTheRest(t *testing.T) {
	var l lane
	p := Path{Rate: 8000} // one byte per millisecond
	for i := range 6 {
		f := l.plan(0, 100, p)
		if want := time.Duration(i+1) * 100 * time.Millisecond; f.copies != 1 || f.delays[0] != want {
			t.Fatalf("datagram %d: %v, want one after %v", i, f, want)
		}
	}
	if f := l.plan(0, 100, p); f.copies != 0 {
		t.Errorf("a full queue took a datagram: %v", f)
	}
	if f := l.plan(time.Second, 100, p); f.copies != 1 || f.delays[0] != 100*time.Millisecond {
		t.Errorf("an empty queue: %v", f)
	}
}

func TestPathsThatMakeNoSenseAreRefused(t *testing.T) {
	for _, p := range []Path{{Loss: -0.1}, {Loss: 1.1}, {Duplicate: math.NaN()}, {Delay: -1}, {Jitter: time.Minute}, {Rate: -1}} {
		if p.Check() == nil {
			t.Errorf("%+v was accepted", p)
		}
	}
	if err := (Path{Loss: 1, Delay: MaxPathDelay, Seed: 1}).Check(); err != nil {
		t.Error(err)
	}
}
