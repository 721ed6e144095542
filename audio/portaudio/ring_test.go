package portaudio

import (
	"runtime"
	"sync/atomic"
	"testing"
)

func newRing(size int) *ring {
	return &ring{head: new(atomic.Uint32), tail: new(atomic.Uint32), samples: make([]int16, size)}
}

func TestARingGivesEverySampleOnceAndInOrder(t *testing.T) {
	r := newRing(64)
	r.head.Store(1<<32 - 40) // the counters wrap early
	r.tail.Store(1<<32 - 40)
	const total = 200_000
	go func() {
		frame := make([]int16, 17)
		for sent := 0; sent < total; {
			n := min(len(frame), total-sent)
			for i := range n {
				frame[i] = int16(sent + i)
			}
			put := r.put(frame[:n])
			if sent += put; put < n {
				runtime.Gosched()
			}
		}
	}()
	frame := make([]int16, 23)
	for got := 0; got < total; {
		n := r.take(frame)
		for _, s := range frame[:n] {
			if s != int16(got) {
				t.Fatalf("sample %d is %d", got, s)
			}
			got++
		}
		if n == 0 {
			runtime.Gosched()
		}
	}
}

func TestAFullRingTakesNoMore(t *testing.T) {
	r := newRing(16)
	if n := r.put(make([]int16, 20)); n != 16 || r.waiting() != 16 {
		t.Errorf("a ring of 16 took %d", n)
	}
	if n := r.skip(99); n != 16 || r.waiting() != 0 {
		t.Errorf("%d were skipped", n)
	}
}
