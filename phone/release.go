package phone

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// finish ends a call that the network, or a failure here, has ended.
func (p *Phone) finish(c *live, why Cause, detail string) {
	if c.State == Terminated {
		return
	}
	c.Cause, c.Detail = why, CleanLine(detail, 200)
	c.Deadline, c.AnswerBy, c.Reconnecting = time.Time{}, time.Time{}, false
	p.hushCall(c)
	p.move(c, Release)
	p.locked(Event{At: c.Ended, Kind: EventEnded, Line: c.Line, Call: &c.Call})
	p.afterEnd()
}

// release ends a call of our own will. For people it is over at once; reply
// comes when the other side confirmed it, or nothing proved that it did.
func (p *Phone) release(c *live, why Cause, reply func(error)) {
	p.letGo(c, why, reply)
	p.finish(c, why, "")
	if c.leg == nil {
		reply(nil) // the offer has not left; the end of the call's context stops it
	}
}

// letGo tells the network that we end a call. It comes before the end is
// written down: their phone does not ring on while our disk works.
func (p *Phone) letGo(c *live, why Cause, reply func(error)) {
	c.ours = true
	leg := c.leg
	if leg == nil {
		return
	}
	p.task(p.ctx, func(ctx context.Context) func() {
		err := endLeg(ctx, leg, why)
		return func() { p.released(c, err, reply) }
	})
}

// The wait before an end that nobody confirmed is sent once more, and how long
// one attempt may take.
const (
	againAfter  = time.Second
	releaseTime = 5 * time.Second
)

// releaseLeg ends a leg of which nobody asks how it ended.
func releaseLeg(ctx context.Context, leg Leg, why Cause) error {
	if err := endLeg(ctx, leg, why); !isOver(err) {
		return err
	}
	return nil // it was over already: what we wanted
}

// isOver reports whether a leg could not be ended because it had ended.
func isOver(err error) bool {
	var cause Cause
	return errors.As(err, &cause)
}

// endLeg ends a leg, and tries once more when nothing confirmed it: a reject
// that was only sent leaves their phone ringing. The error is a Cause when the
// leg was over already.
func endLeg(ctx context.Context, leg Leg, why Cause) error {
	err := releaseOnce(ctx, leg, why)
	if !errors.Is(err, ErrUnconfirmed) {
		return err
	}
	select {
	case <-ctx.Done():
		return err
	case <-time.After(againAfter):
	}
	again := releaseOnce(ctx, leg, why)
	if errors.Is(again, why) {
		return err // the leg is over for us, which proves nothing about them
	}
	return again
}

func releaseOnce(ctx context.Context, leg Leg, why Cause) error {
	ctx, cancel := context.WithTimeoutCause(ctx, releaseTime, ErrUnconfirmed)
	defer cancel()
	err := leg.Release(ctx, why)
	if err != nil && ctx.Err() != nil && !isOver(err) {
		return fmt.Errorf("%w: %w", context.Cause(ctx), err)
	}
	return err
}

// released is told how our ending of a call went. That it was over already is
// what we wanted.
func (p *Phone) released(c *live, err error, reply func(error)) {
	if isOver(err) {
		err, c.tooLate = nil, true
	}
	if err != nil {
		c.Unconfirmed = true
		p.log.Warn("the end of a call was not confirmed", "call", c.ID, "err", err)
		p.changed(c, "unconfirmed")
	}
	reply(err)
}

// HangUp ends a call in whatever state it is; an empty id is the one in focus.
// Ending what has already ended is no error.
func (p *Phone) HangUp(ctx context.Context, id string) error {
	return tellTo(ctx, p, func(reply func(error)) {
		c := p.find(id)
		if id == "" {
			c = p.focus()
		}
		switch {
		case c != nil:
			p.release(c, hangUpCause(c), reply)
		case id != "" && p.logged(id):
			reply(nil)
		default:
			reply(ErrNoCall)
		}
	})
}

func hangUpCause(c *live) Cause {
	switch {
	case c.State == Incoming || c.State == Idle || c.Screened():
		return Declined
	case c.State == Calling || c.State == Ringing:
		return Cancelled
	}
	return NormalClearing
}

// Reject declines a ringing call on all our devices, or refuses one that was
// screened; say, if not empty, is written to the caller once the end is
// confirmed. Rejecting what has already ended is no error.
func (p *Phone) Reject(ctx context.Context, id, say string) error {
	return tellTo(ctx, p, func(reply func(error)) {
		c, err := p.pickRinging(id)
		if asked := p.screened(id); err != nil && asked != nil {
			c, err = asked, nil
		}
		switch {
		case err == nil:
			p.reject(c, Declined, say, reply)
		case id != "" && p.find(id) == nil && p.logged(id):
			reply(nil) // it is over, which was wanted; nothing is written
		default:
			reply(err)
		}
	})
}

// reject declines a call and writes afterwards, never before: a text about a
// call that still rings would be a lie.
func (p *Phone) reject(c *live, why Cause, say string, reply func(error)) {
	p.release(c, why, func(err error) {
		reply(err)
		p.sayAfter(c, say, nil, err)
	})
}

// sayAfter writes to the caller of a call that is over, if its end was
// confirmed and the text may still go out.
func (p *Phone) sayAfter(c *live, say string, may func() error, err error) {
	if say == "" || c.Group {
		return
	}
	if c.tooLate && c.Answered.IsZero() {
		p.notice(c.Line, "No message was sent to "+c.Party.Display()+": they had hung up already.")
		return
	}
	if err == nil && may != nil { // a rule wants it, not a person
		if err = p.lockOf(c.Line, time.Now()); err == nil {
			err = may()
		}
	}
	if err != nil {
		p.notice(c.Line, "No message was sent to "+c.Party.Display()+": "+err.Error()+".")
		return
	}
	p.write(c.line, c.Party, say)
}

// Silence stops the ring here; our other devices ring on.
func (p *Phone) Silence(ctx context.Context, id string) error {
	return tellTo(ctx, p, func(reply func(error)) {
		c, err := p.pickRinging(id)
		if err == nil && !c.Silenced {
			c.Silenced, c.Loud = true, false
			p.changed(c, "silenced")
			p.refreshSound()
		}
		reply(err)
	})
}

// pickRinging is the ringing call with an id, or with none the only one.
func (p *Phone) pickRinging(id string) (*live, error) {
	if id != "" {
		c := p.find(id)
		switch {
		case c == nil:
			return nil, fmt.Errorf("%s: %w", id, ErrNoCall)
		case c.State != Incoming:
			return nil, TransitionError{c.State, Accept}
		}
		return c, nil
	}
	switch r := p.ringing(); len(r) {
	case 0:
		return nil, ErrNoIncoming
	case 1:
		return r[0], nil
	default:
		return nil, fmt.Errorf("%d calls ring, say which: %w", len(r), ErrAmbiguous)
	}
}
