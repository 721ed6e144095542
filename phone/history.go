package phone

import (
	"slices"
	"time"
)

// learned merges two ids of one person, also in what was logged before.
func (p *Phone) learned(who Party) {
	who = who.clean()
	ids, err := p.store.Learn(who)
	if err != nil {
		p.log.Error("the log could not be merged", "err", err)
	}
	p.reindex(ids)
	p.people.own = slices.Clone(p.people.own) // the book may be reading the old one
	for i := range p.people.own {
		if p.people.own[i].Same(who) {
			p.people.own[i].Party = p.people.own[i].Party.Merge(who)
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
		if err := p.addPast(p.pastCall(t, h)); err != nil {
			p.notice(t.info.Name, "The calls of your other devices cannot be written to the log: "+err.Error())
			break
		}
		added++
	}
	p.count()
	if added > 0 {
		p.emit(Event{Kind: EventLog, Line: t.info.Name, What: "history"})
	}
}

// addPast logs a call of another device. What was missed there has been shown
// there.
func (p *Phone) addPast(c Call) error {
	if err := p.store.Begin(&c); err != nil {
		return err
	}
	e := Event{Kind: EventMissed, At: time.Now(), Line: c.Line, Call: &c, What: "history"}
	if err := p.store.Save(&c, &e); err != nil {
		return err
	}
	missed := c.Outcome == OutcomeMissed
	p.index.put(DigestOf(LogEntry{Call: c, Seen: missed}))
	if !missed {
		return nil
	}
	return p.store.Shown(c.ID)
}

// pastCall is what the log keeps of a call of another device.
func (p *Phone) pastCall(t *trunk, h PastCall) Call {
	c := Call{
		NetworkID: h.ID, Line: t.info.Name, LineKind: t.info.Kind, Direction: Outbound, Party: p.named(h.Party.clean()),
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
