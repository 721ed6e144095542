package phone

import (
	"context"
	"fmt"
	"time"
)

// staleAfter is the age at which an offer is only a missed call: the ring time
// of WhatsApp's own phones. Networks deliver late what came while we were away.
const staleAfter = 60 * time.Second

// tick is how exactly networks tell when a call was offered. Within it the time
// at which it reached us is the better one, and keeps calls in their order.
const tick = time.Second

// What a caller's app may say about itself, and what a button may carry, in
// runes; Meta's own limit for payloads is 512 bytes.
const (
	maxWord    = 64
	maxPayload = 512
)

// decisionLimit is how long a gatekeeper may take; then the call rings. A
// caller hears nothing of a tenth of a second.
const decisionLimit = 100 * time.Millisecond

// offered takes in a call that somebody places to us.
func (p *Phone) offered(t *trunk, o IncomingOffer) {
	o = sane(o, time.Now())
	switch {
	case p.knows(t, o.ID):
		p.log.Debug("an offer came twice", "line", t.info.Name)
		return
	case o.Received.Sub(o.OfferedAt) > staleAfter:
		p.tooLate(t, o)
		return
	case o.Leg == nil:
		p.missedOffer(t, o, Incompatible)
		return
	}
	c := p.newLive(p.callOf(t, o), t)
	c.leg, c.surely = o.Leg, o.Surely
	c.Waiting = p.inCall()
	p.begin(c)
	if c.Waiting && p.cfg.NoWaiting {
		p.tell(c, EventOffer, "busy")
		p.reject(c, Busy, "", func(error) {})
		return
	}
	p.decide(c, o)
}

// tooLate logs a call that was over before we heard of it. A wrong clock looks
// the same, and would silence the phone for good: so people are told.
func (p *Phone) tooLate(t *trunk, o IncomingOffer) {
	late := o.Received.Sub(o.OfferedAt).Round(time.Second)
	p.notice(t.info.Name, fmt.Sprintf("A call of %s came %v late and did not ring. If this happens again, check this computer's clock.", o.From.Display(), late))
	p.missedOffer(t, o, Stale)
	if o.Leg != nil {
		p.task(p.ctx, func(ctx context.Context) func() {
			releaseLeg(ctx, o.Leg, NoAnswer) // nobody waits for it any more
			return nil
		})
	}
}

// sane repairs what a network may leave out or get wrong, and makes safe what
// strangers wrote.
func sane(o IncomingOffer, now time.Time) IncomingOffer {
	if o.Received.IsZero() || o.Received.After(now) {
		o.Received = now
	}
	if o.OfferedAt.IsZero() || o.Received.Sub(o.OfferedAt) < tick {
		o.OfferedAt = o.Received
	}
	o.From = o.From.clean()
	o.Platform, o.Version = CleanLine(o.Platform, maxWord), CleanLine(o.Version, maxWord)
	o.Payload = CleanLine(o.Payload, maxPayload)
	return o
}

// callOf is what people see of an offer.
func (p *Phone) callOf(t *trunk, o IncomingOffer) Call {
	return Call{
		NetworkID: o.ID, Line: t.info.Name, LineKind: t.info.Kind, Direction: Inbound,
		Party: p.named(o.From), Video: o.Video, Group: o.Group,
		Platform: o.Platform, Version: o.Version, Payload: o.Payload,
		Started: o.OfferedAt.Local(), Deadline: p.ringEnd(o), AnswerBy: o.Deadline,
		MediaEnd: t.info.MediaEnd, Permission: o.Permission,
	}
}

// ringEnd is when a call stops ringing by itself.
func (p *Phone) ringEnd(o IncomingOffer) time.Time {
	end := o.OfferedAt.Add(p.cfg.RingTime)
	if !o.Deadline.IsZero() && o.Deadline.Before(end) {
		return o.Deadline
	}
	return end
}

// missedOffer logs a call that must not ring.
func (p *Phone) missedOffer(t *trunk, o IncomingOffer, why Cause) {
	o = sane(o, time.Now())
	if p.knows(t, o.ID) {
		return
	}
	c := p.newLive(p.callOf(t, o), t)
	p.begin(c)
	c.Deadline, c.AnswerBy = time.Time{}, time.Time{}
	c.Cause = why
	if next, err := Next(c.State, Release); err == nil {
		c.State = next
	}
	c.Ended, c.Outcome = o.Received, OutcomeOf(c.Call)
	p.forgetLive(c)
	p.tell(c, EventMissed, "")
}

// decide asks the gatekeeper, and rings when there is none or it is too slow.
func (p *Phone) decide(c *live, o IncomingOffer) {
	if p.cfg.Gatekeeper == nil {
		p.decided(c, Decision{Action: ActionRing})
		return
	}
	q := p.inquire(c, o)
	c.Me = q.Me
	limit := p.after(decisionLimit, func() {
		p.decided(c, Decision{
			Action: ActionRing, Took: decisionLimit,
			Trace: []string{fmt.Sprintf("The rules took longer than %v, so the call rings.", decisionLimit)},
		})
	})
	p.task(c.ctx, func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, decisionLimit)
		defer cancel()
		began := time.Now()
		d := p.cfg.Gatekeeper.Decide(ctx, q)
		d.Took = time.Since(began)
		return func() { p.alarms.cancel(limit); p.decided(c, d) }
	})
}

// decided acts on a decision, the first one that comes.
func (p *Phone) decided(c *live, d Decision) {
	if c.State != Idle {
		return // too late: the limit was faster, or the caller gave up
	}
	c.decision = d
	c.Action, c.Rule, c.Trace = d.Action, d.Rule, d.Trace
	c.Decided = float64(d.Took.Microseconds()) / 1000
	if d.Action == ActionQueue {
		c.Queue = d.To
	}
	switch d.Action {
	case ActionReject, ActionBlock:
		p.turnAway(c, d)
	case ActionVoicemail, ActionScreen:
		c.Listening = p.hasMachine() // no ring, no microphone, not for a moment
		if p.ring(c, true) {
			p.machine(c, d.Action)
		}
	case ActionSilence:
		p.ring(c, true)
	default:
		c.Loud = d.Action == ActionRingLoud
		p.ring(c, p.presence == DND && !c.Loud)
	}
}

// turnAway declines a call that never rang, by rule, and writes what the rule
// wants, if it still may.
func (p *Phone) turnAway(c *live, d Decision) {
	p.letGo(c, RejectedByRule, p.sayByRule(c))
	p.tell(c, EventOffer, string(d.Action))
	if d.Action == ActionBlock {
		p.block(c.line, c.Party, true, func(err error) {
			if err != nil {
				p.notice(c.Line, "The caller could not be blocked: "+err.Error())
				return
			}
			p.notice(c.Line, fmt.Sprintf("%s was blocked by the rule %q. To undo it: tring unblock %s", c.Party.Display(), d.Rule, c.Party.Key()))
		})
	}
	p.finish(c, RejectedByRule, "")
}

// sayByRule writes what a rule wants once the end of a call was confirmed.
func (p *Phone) sayByRule(c *live) func(error) {
	return func(err error) { p.sayAfter(c, c.decision.Say, c.decision.MayWrite, err) }
}

// ring lets a call ring here, with or without a sound, until somebody acts.
func (p *Phone) ring(c *live, silently bool) bool {
	c.Silenced = silently
	if d := c.decision.Ring; d > 0 {
		if end := time.Now().Add(d); end.Before(c.Deadline) {
			c.Deadline = end
		}
	}
	if c.decision.Then != "" && !c.surely.IsZero() && c.surely.Before(c.Deadline) {
		c.Deadline = c.surely // a machine that comes too late takes nobody's message
	}
	if !p.move(c, Offer) {
		return false
	}
	c.deadline = p.until(c.Deadline, func() { p.rangOut(c) })
	if p.takesItself(c) {
		c.auto = p.after(p.cfg.AutoDelay, func() { p.answerItself(c) })
	}
	p.refreshSound()
	return true
}

// rangOut ends a call that nobody took, or does what the rule wants then.
// NoAnswer tells the network nothing: our other devices may ring on.
func (p *Phone) rangOut(c *live) {
	switch then := c.decision.Then; then {
	case ActionVoicemail, ActionScreen:
		p.machine(c, then)
	case ActionReject:
		p.release(c, RejectedByRule, p.sayByRule(c))
	default:
		p.release(c, NoAnswer, func(error) {})
	}
}

// inCall reports whether a person is on the phone.
func (p *Phone) inCall() bool {
	for _, c := range p.calls {
		if !c.Listening && (c.State == Calling || c.State == Ringing || c.State.Answered()) {
			return true
		}
	}
	return false
}
