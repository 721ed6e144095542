package phone

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// open reads what the last run left: our own words about people, calls that
// a crash left open, and the log.
func (p *Phone) open() {
	own, err := p.store.People()
	if err != nil {
		p.notice("", "The contacts could not be read: "+err.Error())
	}
	p.people.own = own
	p.rebuildBook(nil)
	if len(p.lines) > 0 { // somebody who only reads the log ends no calls
		p.closeCrashed()
	}
	p.task(p.ctx, func(context.Context) func() {
		cleared := p.clearUp(time.Now())
		err := p.index.load(p.store)
		wrote, locks := map[string]time.Time{}, map[string]time.Time{}
		err = errors.Join(err, p.eachEvent(time.Now().Add(-recentTime), func(e Event) {
			noteText(wrote, e)
			noteLock(locks, e)
		}))
		return func() {
			keepLater(p.wrote, wrote)
			keepLater(p.locks, locks)
			if err != nil {
				p.notice("", "The call log could not be read: "+err.Error())
			}
			if cleared != nil {
				p.notice("", "What is too old could not be removed: "+cleared.Error())
			}
			p.count()
			p.emit(Event{Kind: EventLog, What: "loaded"})
		}
	})
}

// keepLater adds what was read of the past to what is known since.
func keepLater(known, read map[string]time.Time) {
	for key, at := range read {
		if at.After(known[key]) {
			known[key] = at
		}
	}
}

// begin writes a new call to the log and takes it among the living. When the
// log fails the call goes on, with an id of its own kind: a full disk is no
// reason to miss a call.
func (p *Phone) begin(c *live) {
	if p.stopTest != nil {
		p.stopTest() // the devices are wanted
	}
	if p.desk.cut != nil {
		p.desk.cut()
	}
	if err := p.store.Begin(&c.Call); err != nil {
		p.unlogged++
		c.ID = fmt.Sprintf("x%d", p.unlogged)
		p.notice(c.Line, "The call cannot be written to the log: "+err.Error())
	}
	p.calls = append(p.calls, c)
}

// counted keeps the index, and what waits for a person, true.
func (p *Phone) counted(c Call) {
	if c.State != Terminated {
		return
	}
	p.index.put(DigestOf(LogEntry{Call: c}))
	p.count()
}

// count says anew what waits for a person.
func (p *Phone) count() { p.missed, p.unheard = p.index.unseen() }

// knows reports whether a call of the network was told before, now or in an
// earlier run.
func (p *Phone) knows(t *trunk, networkID string) bool {
	if networkID == "" {
		return false
	}
	_, known, err := p.store.Known(t.info.Name, networkID)
	if err != nil {
		p.log.Error("the log could not be read", "err", err)
	}
	return known
}

// logged reports whether an id is a call of the log.
func (p *Phone) logged(id string) bool {
	entries, err := p.store.Calls([]string{id})
	return err == nil && len(entries) > 0
}
