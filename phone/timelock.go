package phone

import (
	"errors"
	"fmt"
	"time"
)

// A network that has had enough keeps an account from writing to and calling
// people it does not know: WhatsApp calls it a reach-out time-lock. Every further
// try makes it longer. So nothing is tried: no text of a rule, no call to
// somebody new, until it is over, and over restarts.

// lockTime is how long a refusal without a time counts as a time-lock.
const lockTime = 24 * time.Hour

// noteLock takes from a stored event until when a line is locked.
func noteLock(locks map[string]time.Time, e Event) {
	until := time.Time{}
	switch {
	case e.Info != nil:
		until = e.Info.LockedUntil
	case e.Kind == EventEnded && e.Call.Direction == Outbound && e.Call.Cause == Restricted:
		until = e.At.Add(lockTime)
	}
	if until.After(locks[e.Line]) {
		locks[e.Line] = until
	}
}

// locked keeps what an event says of a time-lock, and tells people.
func (p *Phone) locked(e Event) {
	was := p.locks[e.Line]
	noteLock(p.locks, e)
	if until := p.locks[e.Line]; until.After(was) && until.After(time.Now()) {
		p.notice(e.Line, "WhatsApp does not let this account write to or call people it has not talked to, until "+until.Format("2 January 15:04")+
			". Rules send no texts meanwhile. Do not try: that makes it longer.")
	}
}

// textRefused notes that the network refused a text because of a time-lock.
func (p *Phone) textRefused(line string, err error) {
	if errors.Is(err, Restricted) {
		p.locked(Event{Line: line, Info: &LineInfo{LockedUntil: time.Now().Add(lockTime)}})
	}
}

// lockOf is why a line must leave people alone that it does not know, or nil.
func (p *Phone) lockOf(line string, now time.Time) error {
	if until := p.locks[line]; until.After(now) {
		return fmt.Errorf("until %s: %w", until.Format("2 January 15:04"), Restricted)
	}
	return nil
}
