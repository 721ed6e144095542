package graph

import (
	"slices"
	"time"
)

// Snapshot is what Meta knows of a number and its customers at one time:
// settings, callbacks, permissions, windows, limits, and the time itself. Calls
// and messages are not in it.
type Snapshot struct {
	ahead    time.Duration
	business business
	books    map[string]book
}

// Snapshot remembers everything for Restore.
func (s *Server) Snapshot() Snapshot {
	ahead := s.clock.lead()
	s.mu.Lock()
	defer s.mu.Unlock()
	out := Snapshot{ahead: ahead, business: s.business.clone(), books: map[string]book{}}
	for number, h := range s.customers {
		out.books[number] = h.book.clone()
	}
	return out
}

// Restore goes back to a snapshot. Customers who came later keep what they have.
func (s *Server) Restore(to Snapshot) {
	s.clock.Advance(to.ahead - s.clock.lead())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.business = to.business.clone()
	for number, b := range to.books {
		s.customers[number].book = b.clone()
	}
	s.direct()
}

// clone copies what changes in place; settings never do.
func (b business) clone() business {
	b.fields, b.restricted = slices.Clone(b.fields), slices.Clone(b.restricted)
	return b
}

func (b book) clone() book {
	b.asked, b.connected = slices.Clone(b.asked), slices.Clone(b.connected)
	return b
}
