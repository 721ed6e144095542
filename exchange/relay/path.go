package relay

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

// Path is how badly the network between a phone and a relay behaves in one
// direction. The zero value is a perfect network.
type Path struct {
	Loss      float64       // share of datagrams lost, 0..1
	Duplicate float64       // share that arrives twice, 0..1
	Reorder   float64       // share held back for reorderHold, 0..1
	Delay     time.Duration // added to every datagram, up to MaxPathDelay
	Jitter    time.Duration // added at random, evenly from 0 to this, up to MaxPathDelay
	Rate      int           // bits per second, 0 without limit; a queue over 500 ms is cut
	Seed      uint64        // the same seed gives the n-th datagram the same fate
}

// Paths is a path in each direction.
type Paths struct {
	Up   Path // from the phone to the relay
	Down Path // from the relay to the phone
}

// MaxPathDelay bounds Delay and Jitter each.
const MaxPathDelay = 10 * time.Second

const (
	reorderHold = 100 * time.Millisecond // longer than a 60 ms packet
	rateQueue   = 500 * time.Millisecond
)

// Check says what is wrong with a path.
func (p Path) Check() error {
	for _, share := range []float64{p.Loss, p.Duplicate, p.Reorder} {
		if !(share >= 0 && share <= 1) {
			return fmt.Errorf("loss, duplicate and reorder are shares from 0 to 1, not %v", share)
		}
	}
	if p.Delay < 0 || p.Delay > MaxPathDelay || p.Jitter < 0 || p.Jitter > MaxPathDelay {
		return fmt.Errorf("delay and jitter must lie between 0 and %v", MaxPathDelay)
	}
	if p.Rate < 0 {
		return fmt.Errorf("the rate limit cannot be negative")
	}
	return nil
}

func (p Path) perfect() bool {
	p.Seed = 0
	return p == Path{}
}

// fate is what happens to one datagram: it arrives len(delays) times.
type fate struct {
	copies int
	delays [2]time.Duration
}

// lane decides the fate of datagrams in one direction of one leg.
type lane struct {
	mu   sync.Mutex
	seed uint64
	rng  *rand.Rand
	free time.Duration // when the rate-limited wire has sent what it holds
}

// plan decides what happens to a datagram of size bytes sent now. Every
// datagram draws the same number of random values, so that its fate depends
// on the seed and on its place in the stream alone.
func (l *lane) plan(now time.Duration, size int, p Path) fate {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.rng == nil || l.seed != p.Seed {
		l.seed, l.rng = p.Seed, rand.New(rand.NewPCG(p.Seed, 0))
	}
	lost, twice, held := l.rng.Float64() < p.Loss, l.rng.Float64() < p.Duplicate, l.rng.Float64() < p.Reorder
	first, second := l.rng.Float64(), l.rng.Float64()
	queued, cut := l.queue(now, size, p.Rate)
	if lost || cut {
		return fate{}
	}
	base := p.Delay + queued
	if held {
		base += reorderHold
	}
	f := fate{copies: 1}
	f.delays[0] = base + time.Duration(first*float64(p.Jitter))
	f.delays[1] = base + time.Duration(second*float64(p.Jitter))
	if twice {
		f.copies = 2
	}
	return f
}

// queue is how long a datagram waits for a wire of the given rate, or that
// the queue before it is full.
func (l *lane) queue(now time.Duration, size, rate int) (time.Duration, bool) {
	if rate == 0 {
		return 0, false
	}
	if l.free < now {
		l.free = now
	}
	if l.free-now > rateQueue {
		return 0, true
	}
	l.free += time.Duration(int64(size) * 8 * int64(time.Second) / int64(rate))
	return l.free - now, false
}
