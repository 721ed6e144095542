package cloud

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

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

// mayDial says why no call may be placed after so many today, or nil. The phone
// counts them, and the customers' own limits are kept with them in the book.
func (l Limits) mayDial(today int) error {
	if today >= l.Dials {
		return fmt.Errorf("%w (%d)", errDialsToday, l.Dials)
	}
	return nil
}

// pacer spreads what Meta allows per second.
type pacer struct {
	mu    sync.Mutex
	asked []time.Time // permissions
}

// perSecond is how many permissions may be asked for in a second.
const perSecond = 5

// turn takes the next turn to ask for a permission, and says how long to wait
// for it.
func (l *pacer) turn(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := now
	if n := len(l.asked); n >= perSecond {
		if free := l.asked[n-perSecond].Add(time.Second); free.After(at) {
			at = free
		}
		l.asked = l.asked[n-perSecond+1:]
	}
	l.asked = append(l.asked, at)
	return at.Sub(now)
}
