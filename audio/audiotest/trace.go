package audiotest

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Arrival is one packet of a recorded or generated trace.
type Arrival struct {
	Sequence uint16
	Sent     time.Duration // since the first packet, by the sender's clock
	Arrived  time.Duration // by the receiver's clock; negative: never
}

// Trace is what a network did to the packets of a call, in the order of
// sending.
type Trace []Arrival

// Arrivals are the packets that came, in the order in which they did.
func (t Trace) Arrivals() Trace {
	came := slices.DeleteFunc(slices.Clone(t), func(a Arrival) bool { return a.Arrived < 0 })
	slices.SortStableFunc(came, func(a, b Arrival) int { return int(a.Arrived - b.Arrived) })
	return came
}

// Lost is the share of packets that never came.
func (t Trace) Lost() float64 {
	return 1 - float64(len(t.Arrivals()))/float64(max(len(t), 1))
}

// transit is the travelling time of generated traces. The odd part keeps
// arrivals off the beat of the speaker.
const transit = 23700 * time.Microsecond

// Clean is n packets, one every frame, all on time.
func Clean(n int, frame time.Duration) Trace {
	t := make(Trace, n)
	for i := range t {
		sent := time.Duration(i) * frame
		t[i] = Arrival{Sequence: uint16(i), Sent: sent, Arrived: sent + transit}
	}
	return t
}

// each changes packets one by one.
func (t Trace) each(f func(i int, a *Arrival)) Trace {
	for i := range t {
		f(i, &t[i])
	}
	return t
}

// Lossy loses packets at random.
func (t Trace) Lossy(share float64, seed uint64) Trace {
	r := rand.New(rand.NewPCG(seed, 3))
	return t.each(func(_ int, a *Arrival) {
		if r.Float64() < share {
			a.Arrived = -1
		}
	})
}

// Runs loses packets in runs of a mean length: Gilbert's model.
func (t Trace) Runs(share, mean float64, seed uint64) Trace {
	r, bad := rand.New(rand.NewPCG(seed, 4)), false
	leave := 1 / mean
	enter := leave * share / (1 - share)
	return t.each(func(_ int, a *Arrival) {
		if bad {
			bad = r.Float64() >= leave
		} else {
			bad = r.Float64() < enter
		}
		if bad {
			a.Arrived = -1
		}
	})
}

// Strings loses packets in runs of exactly length.
func (t Trace) Strings(share float64, length int, seed uint64) Trace {
	r, left := rand.New(rand.NewPCG(seed, 8)), 0
	enter := share / (1 - share) / float64(length)
	return t.each(func(_ int, a *Arrival) {
		switch {
		case left > 0:
			left--
		case r.Float64() < enter:
			left = length - 1
		default:
			return
		}
		a.Arrived = -1
	})
}

// Bursts loses packets on a link that is good or bad and changes with the given
// probabilities; while it is bad it loses half of them (Gilbert and Elliott).
func (t Trace) Bursts(toBad, toGood float64, seed uint64) Trace {
	r, bad := rand.New(rand.NewPCG(seed, 5)), false
	return t.each(func(_ int, a *Arrival) {
		if bad {
			bad = r.Float64() >= toGood
		} else {
			bad = r.Float64() < toBad
		}
		if bad && r.IntN(2) == 0 {
			a.Arrived = -1
		}
	})
}

// Jittery delays every packet by up to spread, evenly.
func (t Trace) Jittery(spread time.Duration, seed uint64) Trace {
	r := rand.New(rand.NewPCG(seed, 6))
	return t.each(func(_ int, a *Arrival) { a.delay(time.Duration(r.Float64() * float64(spread))) })
}

// HeavyTailed delays packets by a Pareto distribution of shape 2 whose median
// is half of scale, capped at twenty times scale. Packets overtake one another.
func (t Trace) HeavyTailed(scale time.Duration, seed uint64) Trace {
	r := rand.New(rand.NewPCG(seed, 7))
	return t.each(func(_ int, a *Arrival) {
		extra := 1.2 * float64(scale) * (1/math.Sqrt(1-r.Float64()) - 1)
		a.delay(min(time.Duration(extra), 20*scale))
	})
}

// Stall holds everything back that would arrive from at on for a time, and
// lets it through together then.
func (t Trace) Stall(at, length time.Duration) Trace {
	return t.each(func(_ int, a *Arrival) {
		if a.Arrived >= at && a.Arrived < at+length {
			a.Arrived = at + length
		}
	})
}

// Drift makes the sender's clock faster by parts per million.
func (t Trace) Drift(ppm float64) Trace {
	return t.each(func(_ int, a *Arrival) {
		a.delay(-time.Duration(float64(a.Sent) * ppm / 1e6))
	})
}

func (a *Arrival) delay(d time.Duration) {
	if a.Arrived >= 0 {
		a.Arrived = max(0, a.Arrived+d)
	}
}

// ReadTrace reads lines of "sequence sent arrived", times in milliseconds; an
// arrival of "-" is a loss. Empty lines and lines after # are left out.
func ReadTrace(r io.Reader) (Trace, error) {
	var t Trace
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text := lines.Text()
		if text == "" || text[0] == '#' {
			continue
		}
		var a Arrival
		var sent float64
		var came string
		if _, err := fmt.Sscan(text, &a.Sequence, &sent, &came); err != nil {
			return nil, fmt.Errorf("trace, line %d: want \"sequence sent-ms arrived-ms\": %w", n, err)
		}
		a.Sent, a.Arrived = milliseconds(sent), -1
		if came != "-" {
			var ms float64
			if _, err := fmt.Sscan(came, &ms); err != nil {
				return nil, fmt.Errorf("trace, line %d: arrival %q is neither milliseconds nor \"-\"", n, came)
			}
			a.Arrived = milliseconds(ms)
		}
		t = append(t, a)
	}
	return t, lines.Err()
}

// Write writes t as ReadTrace reads it.
func (t Trace) Write(w io.Writer) error {
	for _, a := range t {
		came := "-"
		if a.Arrived >= 0 {
			came = fmt.Sprintf("%.3f", a.Arrived.Seconds()*1000)
		}
		if _, err := fmt.Fprintf(w, "%d %.3f %s\n", a.Sequence, a.Sent.Seconds()*1000, came); err != nil {
			return err
		}
	}
	return nil
}

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }
