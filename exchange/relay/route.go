package relay

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// call is one grant in use. mu guards who sits where.
type call struct {
	id  string
	key []byte // the password text

	mu       sync.Mutex
	seats    [2][]*seat
	moved    [2]int // relay that a side was moved to, -1 where it is free
	seen     [2]time.Duration
	told     bool
	released time.Duration // 0 while the call lives
}

// seat is the place of one side of a call on one relay; its legs are the
// addresses that proved its token.
type seat struct {
	call     *call
	side     Side
	relay    *Relay
	endpoint Endpoint
	path     atomic.Pointer[Paths]
	legs     []*leg
}

// maxLegsPerSeat bounds the addresses that one token can hold: several devices
// of the callee ring at once, and each may open two transports.
const maxLegsPerSeat = 16

// sit adds a leg that has proved the seat's token.
func (s *seat) sit(l *leg) bool {
	s.call.mu.Lock()
	defer s.call.mu.Unlock()
	if s.call.released != 0 || len(s.legs) >= maxLegsPerSeat && !slices.Contains(s.legs, l) {
		return false
	}
	if !slices.Contains(s.legs, l) {
		s.legs = append(s.legs, l)
	}
	return true
}

// leave removes a leg whose lease ended.
func (s *seat) leave(l *leg) {
	s.call.mu.Lock()
	defer s.call.mu.Unlock()
	s.legs = slices.DeleteFunc(s.legs, func(other *leg) bool { return other == l })
}

// route finds the leg that hears what is sent from a seat, or why nobody does.
// Relays do not bridge: the other side hears it on the same relay only. A
// moved side's sound leaves and enters the network at the relay it was moved
// to, whatever its own leg is, as if a phone had changed relays.
func (c *call) route(from *seat, toAllocated bool) (*leg, counter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.released != 0 {
		return nil, droppedUnproved
	}
	at, other := from.endpoint.Relay, from.side.Other()
	if to := c.moved[from.side]; to >= 0 {
		at = to
	}
	if to := c.moved[other]; to >= 0 && to != at {
		return nil, droppedMoved
	}
	if l := listening(c.seats[other][at].legs, toAllocated); l != nil {
		return l, forwarded
	}
	if c.moved[other] >= 0 {
		return c.anywhere(other, toAllocated)
	}
	return nil, droppedNobody
}

func (c *call) anywhere(side Side, toAllocated bool) (*leg, counter) {
	for _, s := range c.seats[side] {
		if l := listening(s.legs, toAllocated); l != nil {
			return l, forwarded
		}
	}
	return nil, droppedNobody
}

// listening is the leg that sent media most recently or, where none has and
// toAllocated says so, the one that registered most recently.
func listening(legs []*leg, toAllocated bool) *leg {
	var best *leg
	var bestMedia, bestAllocated int64
	for _, l := range legs {
		media, allocated := l.media.Load(), l.allocated.Load()
		if allocated == 0 || media == 0 && !toAllocated {
			continue
		}
		if best == nil || media > bestMedia || media == bestMedia && allocated > bestAllocated {
			best, bestMedia, bestAllocated = l, media, allocated
		}
	}
	return best
}

// abandoned says whether a side that was bound once has had no leg for the
// given time; true only once per call.
func (c *call) abandoned(now, after time.Duration) (Side, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.told || c.released != 0 {
		return 0, false
	}
	for side := range c.seats {
		if c.bound(Side(side)) {
			c.seen[side] = now
		}
		if c.seen[side] != 0 && now-c.seen[side] > after {
			c.told = true
			return Side(side), true
		}
	}
	return 0, false
}

func (c *call) bound(side Side) bool {
	return slices.ContainsFunc(c.seats[side], func(s *seat) bool { return len(s.legs) > 0 })
}
