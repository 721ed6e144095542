package cloud

import "time"

// Pickup is how many of the customers' calls of the last week were answered.
// Meta hides the call button of numbers that rarely answer; it does not say
// where its line is, so we warn early.
type Pickup struct {
	Offered, Answered int
}

// Rate is the share that was answered; 1 before there is any call.
func (p Pickup) Rate() float64 {
	if p.Offered == 0 {
		return 1
	}
	return float64(p.Answered) / float64(p.Offered)
}

// The share below which Low warns, and the calls that it takes to say so.
const (
	lowPickup   = 0.5
	enoughCalls = 5
)

// Low reports whether so few calls are answered that Meta may hide the button.
func (p Pickup) Low() bool { return p.Offered >= enoughCalls && p.Rate() < lowPickup }

// gauge keeps the calls of a week. It is pure: the caller brings the time and
// the lock.
type gauge struct{ calls []picked }

type picked struct {
	at       time.Time
	answered bool
}

// maxPicked bounds the calls that are kept.
const maxPicked = 2000

func (g *gauge) note(at time.Time, answered bool) {
	if g.calls = append(g.calls, picked{at, answered}); len(g.calls) > maxPicked {
		g.calls = g.calls[1:]
	}
}

func (g *gauge) rate(now time.Time) Pickup {
	var p Pickup
	for _, c := range g.calls {
		if now.Sub(c.at) > 7*day {
			continue
		}
		p.Offered++
		if c.answered {
			p.Answered++
		}
	}
	return p
}
