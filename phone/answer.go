package phone

import (
	"context"
	"errors"
	"time"
)

// Answer takes a ringing call, or with an empty id the only one that rings; when
// none does, the only one that was screened and waits for a person. A call in
// progress is held.
func (p *Phone) Answer(ctx context.Context, id string) error {
	return p.answerWith(ctx, id, false, func(c *live, reply func(error)) { p.answer(c, reply) })
}

// AnswerMuted is Answer with the microphone off.
func (p *Phone) AnswerMuted(ctx context.Context, id string) error {
	return p.answerWith(ctx, id, true, func(c *live, reply func(error)) {
		c.mute = true
		p.answer(c, reply)
	})
}

// EndAndAnswer hangs up what is in progress and takes the ringing call.
func (p *Phone) EndAndAnswer(ctx context.Context, id string) error {
	return p.answerWith(ctx, id, false, func(c *live, reply func(error)) {
		if other := p.inProgress(); other != nil && other != c {
			p.release(other, hangUpCause(other), func(error) {})
		}
		p.answer(c, reply)
	})
}

func (p *Phone) answerWith(ctx context.Context, id string, muted bool, take func(*live, func(error))) error {
	return tellTo(ctx, p, func(reply func(error)) {
		c := p.find(id)
		if id == "" && len(p.ringing()) == 0 {
			c = p.screened("")
		}
		if c != nil && c.State.Answered() {
			p.takeOver(c, muted)
			reply(nil)
			return
		}
		c, err := p.pickRinging(id)
		if err != nil {
			reply(err)
			return
		}
		c.Listening = false // a person is faster than the machine
		take(c, reply)
	})
}

// answer takes a call that rings here. It counts as answered only when the
// network took our answer: another device may have been faster.
func (p *Phone) answer(c *live, reply func(error)) {
	if !c.Listening { // what the machine takes disturbs nobody
		p.holdOthers(c)
	}
	c.Muted = c.mute && !c.Listening
	if !p.move(c, Accept) {
		reply(TransitionError{c.State, Accept})
		return
	}
	p.awaitMedia(c)
	p.refreshSound()
	p.task(c.ctx, func(ctx context.Context) func() {
		err := c.leg.Answer(ctx)
		return func() { p.answered(c, err); reply(err) }
	})
}

// answered is told how our answer went.
func (p *Phone) answered(c *live, err error) {
	switch {
	case c.State == Terminated:
	case err != nil:
		p.finishWith(c, err)
	default:
		p.pickedUp(c)
	}
}

// pickedUp notes that the call is answered, by them or by us.
func (p *Phone) pickedUp(c *live) {
	if !c.Answered.IsZero() {
		return
	}
	c.Answered = time.Now()
	if c.Muted {
		p.tellMute(c)
	}
	p.startBeat(c)
	p.changed(c, "answered")
	p.refreshSound()
	if c.heard {
		p.media(c)
	}
}

// awaitMedia gives the call MediaTime to bring a sound.
func (p *Phone) awaitMedia(c *live) {
	p.alarms.cancel(c.deadline)
	p.alarms.cancel(c.auto)
	c.Deadline, c.AnswerBy = time.Time{}, time.Time{}
	c.deadline = p.after(p.cfg.MediaTime, func() { p.release(c, MediaTimeout, func(error) {}) })
}

// media notes the first sound of the other side.
func (p *Phone) media(c *live) {
	if c.State != Connecting {
		c.heard = true // before the answer: networks reorder
		return
	}
	p.alarms.cancel(c.deadline)
	p.move(c, Media)
	if c.onHeard != nil {
		c.onHeard()
	}
}

// heardTime is how long a machine's words wait for the other side's sound:
// what is played before the path is open is lost.
const heardTime = 2 * time.Second

// onceHeard does something when sound flows, or a little later if the other
// side is silent.
func (p *Phone) onceHeard(c *live, do func()) {
	if c.State == Established {
		do()
		return
	}
	late := p.after(heardTime, func() { c.onHeard() })
	c.onHeard = func() {
		c.onHeard = func() {}
		p.alarms.cancel(late)
		if c.State.Answered() {
			do()
		}
	}
}

// finishWith ends a call because something failed.
func (p *Phone) finishWith(c *live, err error) {
	var why Cause
	if !errors.As(err, &why) {
		why = Failed
	}
	leg := c.leg
	p.finish(c, why, err.Error())
	if leg != nil {
		p.task(p.ctx, func(ctx context.Context) func() {
			if err := releaseLeg(ctx, leg, why); err != nil {
				return func() { p.log.Warn("a failed call may still be up at the other side", "call", c.ID, "err", err) }
			}
			return nil
		})
	}
}

// takesItself reports whether a call is answered without a person: only people
// on the allow-list, never a second call, never in silence.
func (p *Phone) takesItself(c *live) bool {
	if c.Waiting || c.Silenced || c.Group {
		return false
	}
	for _, who := range p.cfg.AutoAnswer {
		// Names count only if they are ours: strangers choose their own.
		if who != "" && (who == c.Party.Key() || who == c.Party.Label || who == c.Party.Name || p.ReadNumber(who).E164 == c.Party.Number && c.Party.Number != "") {
			return true
		}
	}
	return p.contactOf(c.Party).AutoTake
}

// answerItself answers for the person and says so to both sides.
func (p *Phone) answerItself(c *live) {
	if c.State != Incoming || p.inCall() {
		return
	}
	p.notice(c.Line, "The call of "+c.Party.Display()+" is answered by itself: they are on the allow-list.")
	p.answer(c, func(error) {})
	p.onceHeard(c, func() { p.playNotice(c, nothing, nothing) })
}
