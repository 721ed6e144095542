package phone

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// open reads what the last run left: our own words about people, calls that
// a crash left open, and the log.
func (p *Phone) open() {
	own, err := p.store.People()
	if err != nil {
		p.notice("", "The contacts could not be read: "+err.Error())
	}
	p.own = own
	p.rebuildBook(nil)
	if len(p.lines) > 0 { // somebody who only reads the log ends no calls
		p.closeCrashed()
	}
	p.task(p.ctx, func(context.Context) func() {
		cleared := p.clearUp(time.Now())
		err := p.index.load(p.store)
		wrote, textErr := p.wroteSince(time.Now().Add(-recentTime))
		err = errors.Join(err, textErr)
		return func() {
			for who, at := range wrote {
				if at.After(p.wrote[who]) {
					p.wrote[who] = at
				}
			}
			if err != nil {
				p.notice("", "The call log could not be read: "+err.Error())
			}
			if cleared != nil {
				p.notice("", "What is too old could not be removed: "+cleared.Error())
			}
			p.missed = p.index.missed()
			p.emit(Event{Kind: EventLog, What: "loaded"})
		}
	})
}

// clearUp removes what is older than the configuration keeps.
func (p *Phone) clearUp(now time.Time) error {
	var err error
	if keep := p.cfg.KeepLog; keep > 0 {
		err = p.store.Prune(now.Add(-keep))
	}
	if keep := p.cfg.Recording.Keep; keep > 0 && p.cfg.Recordings != "" {
		err = errors.Join(err, clearRecordings(p.cfg.Recordings, now.Add(-keep)))
	}
	return err
}

// closeCrashed ends, in the log, the calls of a run that died. The network is
// told once the line is back.
func (p *Phone) closeCrashed() {
	open, err := p.store.Unended()
	if err != nil {
		p.notice("", "Calls of the last run could not be read: "+err.Error())
	}
	for _, c := range open {
		p.toRecover = append(p.toRecover, c)
		c.State, c.Cause = Terminated, Crashed
		c.Reconnecting, c.OnRecord, c.Held, c.Muted = false, false, false, false
		c.Deadline = time.Time{}
		c.Outcome, c.Seconds = OutcomeOf(c), c.Duration(c.Ended).Seconds()
		p.emitCall(&c, Event{Kind: EventEnded, Line: c.Line, Call: &c, What: "crashed"})
	}
}

// recoverCalls ends at the network what a crashed run left open on a line.
func (p *Phone) recoverCalls(t *trunk) {
	r, can := t.Line.(Recoverer)
	var later []Call
	for _, c := range p.toRecover {
		switch {
		case c.Line != t.info.Name:
			later = append(later, c)
		case can && c.NetworkID != "":
			p.task(p.ctx, func(ctx context.Context) func() {
				ctx, cancel := context.WithTimeout(ctx, releaseTime)
				defer cancel()
				if err := r.Recover(ctx, c.NetworkID, c.Party, c.Direction == Inbound); err != nil {
					return func() { p.log.Warn("a call of the last run may still be up", "call", c.ID, "err", err) }
				}
				return nil
			})
		}
	}
	p.toRecover = later
}

// begin writes a new call to the log and takes it among the living. When the
// log fails the call goes on, with an id of its own kind: a full disk is no
// reason to miss a call.
func (p *Phone) begin(c *live) {
	if p.stopTest != nil {
		p.stopTest() // the devices are wanted
	}
	if err := p.store.Begin(&c.Call); err != nil {
		p.unlogged++
		c.ID = fmt.Sprintf("x%d", p.unlogged)
		p.notice(c.Line, "The call cannot be written to the log: "+err.Error())
	}
	p.calls = append(p.calls, c)
}

// aliveEvery is how often a talking call is noted to live, so that its length
// is known within that time after a crash.
const aliveEvery = 15 * time.Second

func (p *Phone) startBeat(c *live) {
	p.alarms.cancel(c.beat)
	c.beat = p.after(aliveEvery, func() {
		if err := p.store.Alive([]string{c.ID}, time.Now()); err != nil {
			p.log.Error("the log could not be written", "err", err)
		}
		p.startBeat(c)
	})
}

// counted keeps the index and the missed calls true.
func (p *Phone) counted(c Call) {
	if c.State != Terminated {
		return
	}
	p.index.put(DigestOf(LogEntry{Call: c}))
	p.missed = p.index.missed()
}

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

// learned merges two ids of one person, also in what was logged before.
func (p *Phone) learned(who Party) {
	ids, err := p.store.Learn(who)
	if err != nil {
		p.log.Error("the log could not be merged", "err", err)
	}
	p.reindex(ids)
	p.own = slices.Clone(p.own) // the book may be reading the old one
	for i := range p.own {
		if p.own[i].Same(who) {
			p.own[i].Party = p.own[i].Party.Merge(who)
		}
	}
	for _, c := range p.calls {
		if c.Party.Same(who) {
			c.Party = p.named(c.Party.Merge(who))
			p.changed(c, "party")
		}
	}
	if len(ids) > 0 {
		p.emit(Event{Kind: EventLog, What: "merged"})
	}
}

func (p *Phone) reindex(ids []string) {
	entries, err := p.store.Calls(ids)
	if err != nil {
		p.log.Error("the log could not be read", "err", err)
	}
	for _, e := range entries {
		if e.State == Terminated {
			p.index.put(DigestOf(e))
		}
	}
}

// history merges calls that our other devices had.
func (p *Phone) history(t *trunk, past []PastCall) {
	added := 0
	for _, h := range past {
		if h.ID == "" || p.knows(t, h.ID) {
			continue // we saw it ourselves, and know better
		}
		c := p.pastCall(t, h)
		if err := p.store.Begin(&c); err != nil {
			p.notice(t.info.Name, "The calls of your other devices cannot be written to the log: "+err.Error())
			return
		}
		e := Event{Kind: EventMissed, At: time.Now(), Line: c.Line, Call: &c, What: "history"}
		if err := p.store.Save(&c, &e); err != nil {
			p.log.Error("the log could not be written", "err", err)
			return
		}
		p.counted(c)
		added++
	}
	if added > 0 {
		p.emit(Event{Kind: EventLog, Line: t.info.Name, What: "history"})
	}
}

// pastCall is what the log keeps of a call of another device. A missed call
// was missed everywhere, and has been shown there.
func (p *Phone) pastCall(t *trunk, h PastCall) Call {
	c := Call{
		NetworkID: h.ID, Line: t.info.Name, LineKind: t.info.Kind, Direction: Outbound, Party: p.named(h.Party),
		Video: h.Video, Started: h.Started.Local(), Ended: h.Started.Add(h.Duration).Local(),
		State: Terminated, Cause: h.Cause,
	}
	if h.Incoming {
		c.Direction = Inbound
	}
	c.Outcome = OutcomeOf(c)
	if h.Duration > 0 {
		c.Outcome = OutcomeElsewhere
	}
	return c
}

// Forget removes a person from log, contacts and events, and tells how many
// calls went.
func (p *Phone) Forget(ctx context.Context, who string) (int, error) {
	return ask(ctx, p, func(reply func(int, error)) {
		party, err := p.whoIs(who)
		if err != nil {
			reply(0, err)
			return
		}
		if slices.ContainsFunc(p.calls, func(c *live) bool { return c.Party.Same(party) }) {
			reply(0, fmt.Errorf("a call with them is going on; end it first: %w", ErrBusy))
			return
		}
		ids, err := p.store.Forget(party)
		if err != nil {
			reply(0, fmt.Errorf("not everything could be forgotten: %w", err))
			return
		}
		p.index.remove(ids)
		p.missed = p.index.missed()
		p.own = withoutPerson(p.own, party)
		p.emit(Event{Kind: EventLog, What: "forgotten"})
		p.rebuildBook(func() { reply(len(ids), nil) })
	})
}

func withoutPerson(people []Contact, who Party) []Contact {
	var rest []Contact
	for _, c := range people {
		if !c.Same(who) {
			rest = append(rest, c)
		}
	}
	return rest
}
