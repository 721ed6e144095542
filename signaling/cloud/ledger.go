package cloud

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// ledger keeps Meta's limits on our side. The customers' own limits are kept
// with them in the book.
type ledger struct {
	limits Limits

	mu    sync.Mutex
	dials []time.Time
}

func newLedger(l Limits) *ledger { return &ledger{limits: l} }

// day is the length of Meta's rolling day.
const day = 24 * time.Hour

// recent are the times that are not older than a span.
func recent(times []time.Time, now time.Time, span time.Duration) []time.Time {
	for i, t := range times {
		if now.Sub(t) < span {
			return times[i:]
		}
	}
	return nil
}

var errDialsToday = errors.New("this number has placed all the calls that Meta allows in a day")

// mayDial says why no call may be placed now, or nil.
func (l *ledger) mayDial(now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dials = recent(l.dials, now, day)
	if len(l.dials) >= l.limits.Dials {
		return fmt.Errorf("%w (%d)", errDialsToday, l.limits.Dials)
	}
	return nil
}

func (l *ledger) dialled(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dials = append(l.dials, now)
}
