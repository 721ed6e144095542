package phone

import (
	"slices"
	"time"
)

// alarm is something to do at a time, on the phone's goroutine.
type alarm struct {
	at   time.Time
	ring func()
}

// alarms is what is due later, soonest first. It knows no clock: the phone's
// loop sets one timer to next and calls due. All times must carry a monotonic
// reading, or a clock that is set back puts them out of order.
type alarms struct{ list []*alarm }

func (a *alarms) set(at time.Time, ring func()) *alarm {
	n := &alarm{at, ring}
	i, _ := slices.BinarySearchFunc(a.list, at, func(b *alarm, t time.Time) int {
		if b.at.After(t) {
			return 1
		}
		return -1
	})
	a.list = slices.Insert(a.list, i, n)
	return n
}

// cancel forgets an alarm; nil and a past one are no error.
func (a *alarms) cancel(n *alarm) {
	if i := slices.Index(a.list, n); i >= 0 {
		a.list = slices.Delete(a.list, i, i+1)
	}
}

// next is when the soonest alarm is due.
func (a *alarms) next() (time.Time, bool) {
	if len(a.list) == 0 {
		return time.Time{}, false
	}
	return a.list[0].at, true
}

// due removes and returns the soonest alarm if its time has come. One at a
// time, because what an alarm does may cancel the next.
func (a *alarms) due(now time.Time) *alarm {
	if len(a.list) == 0 || a.list[0].at.After(now) {
		return nil
	}
	n := a.list[0]
	a.list = slices.Delete(a.list, 0, 1)
	return n
}
