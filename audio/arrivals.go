package audio

import "math"

const (
	// arrivalMemory is how far back the distribution of arrivals reaches: long
	// enough to meet one packet in fifty, short enough to forget a disturbance.
	arrivalMemory = 2500 // ms
	maxArrivals   = 128
	// outliers is the share of packets that may come after their turn; waiting
	// for them too would cost more delay than they are worth.
	outliers = 0.02
)

// arrivals is the distribution of how late packets come. Time is counted in
// samples handed out, so that the speaker's clock, the sender's clock, the
// network and the punctuality of this machine are measured as one.
type arrivals struct {
	late     [maxArrivals]int64 // hand-out position − timestamp, newest at next−1
	size     int                // how many to remember
	n, next  int
	half     int64 // half a packet, samples
	mean     float64
	lastLate int64
	lastTime int64
}

func newArrivals(frame int, rate SampleRate) arrivals {
	memory := rate.N(arrivalMemory * 1e6)
	return arrivals{size: min(max(memory/max(frame, 1), 16), maxArrivals), half: int64(frame / 2)}
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
}

// target is the delay, hand-out position − timestamp, at which all but the
// outliers come in time.
func (a *arrivals) target() int64 {
	allow := 0
	if a.n >= 16 {
		allow = max(1, int(float64(a.n)*outliers))
	}
	var top [4]int64 // the latest, in falling order
	for i := range top {
		top[i] = math.MinInt64
	}
	for _, v := range a.late[:a.n] {
		for i := 0; i <= allow; i++ {
			if v > top[i] {
				v, top[i] = top[i], v
			}
		}
	}
	if top[allow] == math.MinInt64 {
		return int64(a.mean)
	}
	return top[allow]
}
