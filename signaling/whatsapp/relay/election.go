package relay

import "time"

const (
	// patience is how long the elected leg may stay silent before sound goes over
	// every leg again. Peers send a packet every 60 ms, also in silence, so that
	// this is six of them (evidence: vinikjkkj/zapo).
	patience = 400 * time.Millisecond
	// The caller's election is slow and the callee's quick: were they alike, two
	// ends that elected different relays would go on swapping them for ever. The
	// difference must be longer than the way there and back.
	callerSettles = 2 * time.Second
	calleeSettles = 2 * 60 * time.Millisecond
)

// election decides over which legs our sound goes: over all until the far end
// was heard, then over the one on which it is heard, and over all again as
// soon as that one falls silent. Phones choose their relay themselves, and a
// relay forwards only what it was sent.
type election struct {
	settles time.Duration // how long the elected leg must be silent to be replaced
	leg     *leg          // nil until the far end was heard
	heard   time.Time
}

func newElection(caller bool) election {
	if caller {
		return election{settles: callerSettles}
	}
	return election{settles: calleeSettles}
}

// Heard notes that authentic, new media came over a leg, and reports whether
// that leg was elected by it.
func (e *election) Heard(l *leg, now time.Time) bool {
	if e.leg != l && e.leg != nil && now.Sub(e.heard) < e.settles {
		return false
	}
	changed := e.leg != l
	e.leg, e.heard = l, now
	return changed
}

// Sends reports whether our sound goes over a leg.
func (e *election) Sends(l *leg, now time.Time) bool {
	return e.leg == nil || e.leg == l || now.Sub(e.heard) >= patience
}

// Gone takes a leg that broke or does not answer out of the election.
func (e *election) Gone(l *leg) {
	if e.leg == l {
		e.leg = nil
	}
}
