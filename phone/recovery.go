package phone

import (
	"context"
	"time"
)

// closeCrashed ends, in the log, the calls of a run that died. The network is
// told once the line is back.
func (p *Phone) closeCrashed() {
	open, err := p.store.Unended()
	if err != nil {
		p.notice("", "Calls of the last run could not be read: "+err.Error())
	}
	for _, c := range open {
		if c.mayStillBeOurs() {
			p.toRecover = append(p.toRecover, c)
		}
		c.State, c.Cause = Terminated, Crashed
		c.Reconnecting, c.OnRecord, c.Held, c.Muted = false, false, false, false
		c.Deadline, c.AnswerBy = time.Time{}, time.Time{}
		c.Outcome, c.Seconds = OutcomeOf(c), c.Duration(c.Ended).Seconds()
		p.emitCall(&c, Event{Kind: EventEnded, Line: c.Line, Call: &c, What: "crashed"})
	}
}

// mayStillBeOurs reports whether a call that a crash left open is ours to end.
// What only rang here rings at our other devices, too: a person may have taken it
// there meanwhile. A business number has no other devices.
func (c Call) mayStillBeOurs() bool {
	return c.Direction == Outbound || c.State.Answered() || c.LineKind == BusinessLine
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
