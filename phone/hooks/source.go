package hooks

import (
	"context"
	"slices"
	"time"

	"tring/phone"
)

// Source is where events come from; *phone.Phone is one.
type Source interface {
	// Follow tells the stored events since a time and what happens then.
	Follow(ctx context.Context, since time.Time) <-chan phone.Event
	// FollowAfter is Follow from the event after one, whatever the clock said.
	FollowAfter(ctx context.Context, after uint64) <-chan phone.Event
}

// Names selects events by kind ("call.offer"); empty selects all.
type Names []string

func (n Names) match(e phone.Event) bool {
	return len(n) == 0 || slices.Contains(n, string(e.Kind))
}
