package phone

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Dial calls a number, a contact's name or a network id on a line ("" for the
// first that is ready) and returns when the offer is on its way. A call in
// progress is held.
//
// A call that a person should confirm first is refused with AskFirst; calling
// again soon is the yes.
func (p *Phone) Dial(ctx context.Context, line, who string) (Call, error) {
	return p.DialWith(ctx, line, who, ByRepeating)
}

// Consent is how a call is agreed to that a person should confirm.
type Consent int

const (
	ByRepeating Consent = iota // a person calls again while the question is open
	ByNobody                   // it is always asked about
	ByPerson                   // a person has said yes before
	ByProgram                  // a program says yes, if Limits.Unattended lets it
)

// DialWith is Dial with another way to say yes.
func (p *Phone) DialWith(ctx context.Context, line, who string, yes Consent) (Call, error) {
	return ask(ctx, p, func(reply func(Call, error)) {
		t, err := p.lineOf(line)
		if err == nil {
			err = t.usable()
		}
		if err != nil {
			reply(Call{}, err)
			return
		}
		p.resolve(ctx, t, who, func(to Party, err error) {
			if err != nil {
				reply(Call{}, err)
				return
			}
			p.place(t, to, yes, reply)
		})
	})
}

// Redial calls whom we called last.
func (p *Phone) Redial(ctx context.Context) (Call, error) {
	last, err := p.LastDialled(ctx)
	if err != nil {
		return Call{}, err
	}
	return p.Dial(ctx, last.Line, last.Party.Key())
}

// LastDialled is the last call that we placed; ErrNoCall if there was none.
func (p *Phone) LastDialled(ctx context.Context) (LogEntry, error) {
	last, err := p.Log(ctx, Query{Direction: Outbound, Limit: 1})
	if err == nil && len(last) == 0 {
		err = fmt.Errorf("nobody was called yet: %w", ErrNoCall)
	}
	if err != nil {
		return LogEntry{}, err
	}
	return last[0], nil
}

// resolve finds who is meant, asking the line's address book last: that may
// cost the network a question.
func (p *Phone) resolve(ctx context.Context, t *trunk, who string, then func(Party, error)) {
	to, err := p.whoIs(who)
	book, asks := t.Line.(AddressBook)
	if (err != nil && !errors.Is(err, ErrNoNumber)) || !asks {
		then(to, err)
		return
	}
	question := who
	if to.Number != "" {
		question = to.Number
	}
	ctx, cancel := p.joined(ctx)
	p.task(ctx, func(ctx context.Context) func() {
		defer cancel()
		found, err := book.Resolve(ctx, question)
		if err != nil {
			return func() { then(Party{}, err) }
		}
		return func() { then(p.named(found.clean().Merge(to)), nil) }
	})
}

// place makes the call: it is in the log before anything leaves the machine.
func (p *Phone) place(t *trunk, to Party, yes Consent, reply func(Call, error)) {
	if c := p.calling(t, to); c != nil {
		reply(c.Call, nil)
		return
	}
	err := t.usable()
	if err == nil {
		err = p.allowed(t, to, yes, time.Now())
	}
	if err != nil {
		reply(Call{}, err)
		return
	}
	o := DialOptions{Today: p.placed(t, time.Now().Add(-24*time.Hour))}
	c := p.newLive(Call{
		Line: t.info.Name, LineKind: t.info.Kind, Direction: Outbound, Party: to,
		Started: time.Now(), Deadline: time.Now().Add(p.cfg.RingTime), MediaEnd: t.info.MediaEnd,
	}, t)
	p.begin(c)
	p.holdOthers(c)
	p.move(c, Dial)
	c.deadline = p.until(c.Deadline, func() { p.release(c, NoAnswer, func(error) {}) })
	p.refreshSound()
	t.dials++
	p.task(c.ctx, func(ctx context.Context) func() {
		leg, err := t.Dial(ctx, c.ID, to, o)
		return func() { p.dialled(c, leg, err, reply) }
	})
}

// calling is the call that is being placed to somebody: a key that was pressed
// twice asks for it once more.
func (p *Phone) calling(t *trunk, to Party) *live {
	for _, c := range p.calls {
		if c.line == t && c.Direction == Outbound && !c.State.Answered() && c.State != Terminated && c.Party.Same(to) {
			return c
		}
	}
	return nil
}

// errNoLeg is a line that breaks its contract.
var errNoLeg = errors.New("the line took the call and lost it")

// dialled is told how the line's Dial went.
func (p *Phone) dialled(c *live, leg Leg, err error, reply func(Call, error)) {
	t := c.line
	t.dials--
	switch {
	case err != nil && c.State == Terminated:
		reply(c.Call, c.Cause)
	case err == nil && leg == nil:
		p.finishWith(c, errNoLeg)
		reply(c.Call, errNoLeg)
	case err != nil:
		p.finishWith(c, err)
		reply(c.Call, err)
	case c.State == Terminated: // hung up while the offer was leaving
		c.leg = leg
		p.task(p.ctx, func(ctx context.Context) func() {
			err := releaseLeg(ctx, leg, c.Cause)
			return func() { p.released(c, err, func(error) {}) }
		})
		reply(c.Call, c.Cause)
	default:
		c.leg, c.NetworkID = leg, leg.ID()
		c.Party = p.named(c.Party.Merge(leg.Party()))
		p.changed(c, "network_id")
		reply(c.Call, nil)
		p.refreshSound()
		p.catchUp(t, leg)
	}
	if t.dials == 0 {
		clear(t.early)
	}
}

// catchUp handles what the line told of a leg before Dial returned it.
func (p *Phone) catchUp(t *trunk, leg Leg) {
	events := slices.Clone(t.early[leg.ID()])
	delete(t.early, leg.ID())
	for _, e := range events {
		p.handle(t, e)
	}
}
