package relay

import (
	"container/heap"
	"sync"
	"time"
)

// maxDelayed bounds the datagrams that a delay line holds.
const maxDelayed = 8192

// delayed is a datagram that waits to be delivered.
type delayed struct {
	at   time.Duration
	turn uint64 // keeps the order of datagrams that are due together
	leg  *leg
	up   bool
	data []byte
}

// delayLine holds datagrams back. One goroutine, run, hands them on in time.
type delayLine struct {
	mu    sync.Mutex
	queue delayQueue
	turn  uint64
	wake  chan struct{}
	now   func() time.Duration
}

func newDelayLine(now func() time.Duration) *delayLine {
	return &delayLine{wake: make(chan struct{}, 1), now: now}
}

// put keeps a copy of data until at; it says whether there was room.
func (d *delayLine) put(l *leg, up bool, data []byte, at time.Duration) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.queue) >= maxDelayed {
		return false
	}
	d.turn++
	heap.Push(&d.queue, delayed{at: at, turn: d.turn, leg: l, up: up, data: append([]byte(nil), data...)})
	select {
	case d.wake <- struct{}{}:
	default:
	}
	return true
}

// run delivers until done is closed.
func (d *delayLine) run(done <-chan struct{}, deliver func(delayed)) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		next, ok, wait := d.pop()
		if ok {
			deliver(next)
			continue
		}
		timer.Reset(wait)
		select {
		case <-done:
			return
		case <-d.wake:
		case <-timer.C:
		}
	}
}

// pop returns the datagram that is due, or how long nothing will be.
func (d *delayLine) pop() (delayed, bool, time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.queue) == 0 {
		return delayed{}, false, time.Hour
	}
	if wait := d.queue[0].at - d.now(); wait > 0 {
		return delayed{}, false, wait
	}
	return heap.Pop(&d.queue).(delayed), true, 0
}

type delayQueue []delayed

func (q delayQueue) Len() int { return len(q) }
func (q delayQueue) Less(i, j int) bool {
	return q[i].at < q[j].at || q[i].at == q[j].at && q[i].turn < q[j].turn
}
func (q delayQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *delayQueue) Push(x any)   { *q = append(*q, x.(delayed)) }
func (q *delayQueue) Pop() any {
	old := *q
	last := old[len(old)-1]
	old[len(old)-1] = delayed{}
	*q = old[:len(old)-1]
	return last
}
