package hooks

import (
	"context"
	"slices"
	"time"

	"tring/phone"
)

// Source is where events come from; *phone.Phone is one.
type Source interface {
	Follow(ctx context.Context, since time.Time) <-chan phone.Event
}

// Names selects events by kind ("call.offer"); empty selects all.
type Names []string

func (n Names) match(e phone.Event) bool {
	return len(n) == 0 || slices.Contains(n, string(e.Kind))
}
