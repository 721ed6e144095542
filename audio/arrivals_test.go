package audio

import (
	"math/rand/v2"
	"testing"
	"time"
)

const ms16 = 16 // samples in a millisecond at 16 kHz

// arrive feeds n packets of 20 ms whose lateness in samples late gives.
func arrive(a *arrivals, n int, late func(i int) int64) {
	for i := range n {
		timestamp := a.lastTime + 20*ms16
		a.add(timestamp+late(i), timestamp)
	}
}

func TestEvenJitterIsWaitedForWhole(t *testing.T) {
	a, r := newArrivals(20*ms16, 16000), rand.New(rand.NewPCG(1, 1))
	arrive(&a, 500, func(int) int64 { return r.Int64N(60 * ms16) })
	if a.target < 55*ms16 || a.target > 60*ms16 {
		t.Errorf("target %d ms, want nearly 60", a.target/ms16)
	}
}

func TestAStallOfHalfASecondIsOneEventAndNotWaitedFor(t *testing.T) {
	a := newArrivals(20*ms16, 16000)
	arrive(&a, 200, func(int) int64 { return 0 })
	arrive(&a, 25, func(i int) int64 { return int64(500-20*i) * ms16 })
	arrive(&a, 10, func(int) int64 { return 0 })
	if a.target != 0 {
		t.Errorf("target %d ms, want 0", a.target/ms16)
	}
}

func TestPacketsThatComeInThreesAreWaitedFor(t *testing.T) {
	a := newArrivals(20*ms16, 16000)
	arrive(&a, 300, func(i int) int64 { return int64(40-20*(i%3)) * ms16 })
	if a.target != 40*ms16 {
		t.Errorf("target %d ms, want 40", a.target/ms16)
	}
}

func TestADisturbanceIsForgottenAfterThreeSeconds(t *testing.T) {
	a, r := newArrivals(20*ms16, 16000), rand.New(rand.NewPCG(1, 1))
	arrive(&a, 300, func(int) int64 { return r.Int64N(100 * ms16) })
	arrive(&a, int(calmAfter/(20*time.Millisecond))+1, func(int) int64 { return 0 })
	if a.target != 0 {
		t.Errorf("target %d ms, want 0", a.target/ms16)
	}
}

func TestAFewThatComeVeryLateAreGivenUp(t *testing.T) {
	a := newArrivals(20*ms16, 16000)
	arrive(&a, 500, func(i int) int64 {
		if i%100 == 50 {
			return 300 * ms16
		}
		return int64(i%2) * 5 * ms16
	})
	if a.target > 10*ms16 {
		t.Errorf("target %d ms for one packet in a hundred, want 5", a.target/ms16)
	}
}

func TestTheTargetFallsSlowlyWhilePacketsAreStillLateNowAndThen(t *testing.T) {
	a := newArrivals(20*ms16, 16000)
	tail := func(most int64) func(int) int64 {
		return func(i int) int64 {
			if i%25 == 0 {
				return most * ms16
			}
			return 0
		}
	}
	arrive(&a, 500, tail(100))
	before := a.target
	arrive(&a, 550, tail(70)) // the late ones of before are out of memory for a second
	if fell := (before - a.target) / ms16; fell < 1 || fell > 10 {
		t.Errorf("the target fell by %d ms within a second, want about 5", fell)
	}
	arrive(&a, 150, func(int) int64 { return 0 })
	if a.target != 0 {
		t.Errorf("after three seconds of calm the target is %d ms, want 0", a.target/ms16)
	}
}
