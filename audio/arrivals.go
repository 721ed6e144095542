package audio

import (
	"math"
	"time"
)

const (
	// arrivalMemory is how far back the distribution of arrivals reaches: long
	// enough to know its tail.
	arrivalMemory = 10 * time.Second
	// calmAfter is how long all packets must have come early for the rest of
	// the memory not to count: a disturbance that is over.
	calmAfter = 3 * time.Second
	// fallPerPacket is how far the target falls while packets are still late
	// now and then, as a share of a packet: 5 ms a second. A heavy tail makes
	// the best target jump about, and following it down is heard.
	fallPerPacket = 0.005
	maxArrivals   = 512
	maxOutliers   = 51 // a tenth of them
	// worth is the delay that it is worth to have one packet in a hundred come
	// in time rather than late. WebRTC's NetEq weighs with 20 ms.
	worth = 30 * time.Millisecond
)

// arrivals is the distribution of how late packets come. Time is counted in
// samples handed out, so that the speaker's clock, the sender's clock, the
// network and the punctuality of this machine are measured as one.
type arrivals struct {
	late    [maxArrivals]int64 // hand-out position − timestamp
	size    int                // how many to remember
	recent  int                // how many make calm
	n, next int
	half    int64 // half a packet, samples
	fall    int64 // of the target per packet, samples
	worth   float64

	target int64   // delay, hand-out position − timestamp, to aim at
	mean   float64 // of late, smoothed

	lastLate, lastTime int64
}

func newArrivals(frame int, rate SampleRate) arrivals {
	frame = max(frame, 1)
	return arrivals{
		size:   min(max(rate.N(arrivalMemory)/frame, 16), maxArrivals),
		recent: min(max(rate.N(calmAfter)/frame, 16), maxArrivals),
		half:   int64(frame / 2),
		fall:   max(1, int64(float64(frame)*fallPerPacket)),
		worth:  float64(rate.N(worth)),
	}
}

// reset forgets everything.
func (a *arrivals) reset() { a.n, a.next, a.mean = 0, 0, 0 }

// add notes a packet with this timestamp that arrived when now samples had
// been handed out. Packets that queued up behind a late one and came with it
// do not count as late themselves: a stall is one event, not twenty.
func (a *arrivals) add(now, timestamp int64) {
	late := now - timestamp
	counted := late
	if a.n > 0 && timestamp > a.lastTime && late <= a.lastLate-a.half {
		counted = math.MinInt64
	}
	if a.n == 0 {
		a.mean = float64(late)
	}
	a.mean += (float64(late) - a.mean) / 32
	a.lastLate, a.lastTime = late, timestamp
	a.late[a.next] = counted
	a.next = (a.next + 1) % a.size
	a.n = min(a.n+1, a.size)
	a.follow(a.best())
}

// follow moves the target: up at once, down slowly, and down at once when a
// disturbance is over.
func (a *arrivals) follow(best int64) {
	if calm := a.latest(); calm != math.MinInt64 && a.isCalm(calm) {
		best = min(best, calm)
	} else if a.n > 1 {
		best = max(best, a.target-a.fall)
	}
	a.target = best
}

// isCalm says that with no packet later than latest there is no reason for half
// the wait.
func (a *arrivals) isCalm(latest int64) bool {
	return 2*(float64(latest)-a.mean) < float64(a.target)-a.mean
}

// best is the target that suits the memory best: for each number of outliers it
// weighs the delay that makes all others come in time against their being late.
func (a *arrivals) best() int64 {
	var top [maxOutliers + 1]int64 // the latest, in falling order
	kept := 0
	for _, v := range a.late[:a.n] {
		if kept == len(top) && v <= top[kept-1] || v == math.MinInt64 {
			continue
		}
		kept = min(kept+1, len(top))
		i := kept - 1
		for ; i > 0 && top[i-1] < v; i-- {
			top[i] = top[i-1]
		}
		top[i] = v
	}
	percent := a.worth * 100 / float64(max(a.n, 50))
	least, target := math.Inf(1), a.target
	for i, v := range top[:min(kept, 1+a.n/10)] {
		if cost := float64(v) + percent*float64(i); cost < least {
			least, target = cost, v
		}
	}
	return target
}

// latest is how late the latest of the recent packets was.
func (a *arrivals) latest() int64 {
	top := int64(math.MinInt64)
	for i := 1; i <= min(a.recent, a.n); i++ {
		top = max(top, a.late[(a.next-i+a.size)%a.size])
	}
	return top
}
