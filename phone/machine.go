package phone

import (
	"cmp"
	"context"
	"errors"
	"time"
)

// Machine is how calls are answered without a person.
type Machine struct {
	Greeting string        // sound file played before a voicemail; a beep alone if empty
	Question string        // sound file played to screen a caller
	Max      time.Duration // longest voicemail; 2 min if zero
	Screen   time.Duration // how long a screened caller may speak; 5 s if zero
	Decide   time.Duration // how long a person may think afterwards; 30 s if zero
}

// machine answers a call by itself: for a voicemail it greets and records, for
// screening it asks, records the answer, and then lets a person decide.
func (p *Phone) machine(c *live, what Action) {
	quiet := p.quietForPeople(c)
	if !p.hasMachine() {
		p.ringOn(c, quiet, errors.New("it needs sound and a folder for recordings"))
		return
	}
	c.Listening, c.Silenced, c.Deadline = true, true, time.Time{}
	p.alarms.cancel(c.deadline)
	p.task(c.ctx, func(context.Context) func() {
		err := p.cfg.Recording.roomIn(p.cfg.Recordings)
		return func() {
			switch {
			case c.State != Incoming || !c.Listening: // they hung up, or a person was faster
			case err != nil:
				p.ringOn(c, quiet, err)
			default:
				p.pickUpAndGreet(c, what)
			}
		}
	})
}

func (p *Phone) pickUpAndGreet(c *live, what Action) {
	p.answer(c, func(err error) {
		if err == nil {
			c.listenFor = what
			p.onceHeard(c, func() { p.greet(c) })
		}
	})
}

// machineFor is how the machine goes about a call: as the rule says, else as
// usual.
func (p *Phone) machineFor(c *live) Machine {
	m, rule := p.cfg.Machine, c.decision.Machine
	m.Greeting, m.Question = cmp.Or(rule.Greeting, m.Greeting), cmp.Or(rule.Question, m.Question)
	m.Max, m.Screen, m.Decide = cmp.Or(rule.Max, m.Max), cmp.Or(rule.Screen, m.Screen), cmp.Or(rule.Decide, m.Decide)
	return m
}

// hungUpOn is when the caller ends a call that the machine took.
func (p *Phone) hungUpOn(c *live) {
	if c.Listening && c.listenFor == ActionVoicemail {
		p.sayByRule(c)(nil)
	}
}

// hasMachine reports whether calls can be answered without a person.
func (p *Phone) hasMachine() bool { return p.cfg.Sound.Codecs != nil && p.cfg.Recordings != "" }

// quietForPeople reports whether a call that the machine is to take would ring
// for people without a sound.
func (p *Phone) quietForPeople(c *live) bool {
	switch c.Action {
	case ActionVoicemail, ActionScreen: // only the machine keeps it from ringing
		return p.presence == DND && !c.Loud
	}
	return c.Silenced
}

// ringOn lets a call ring on for people after all, and tells them why.
func (p *Phone) ringOn(c *live, quiet bool, why error) {
	p.notice(c.Line, "The machine cannot answer; the call rings instead: "+why.Error()+".")
	c.Listening, c.Silenced = false, quiet
	c.Deadline = c.Started.Add(p.cfg.RingTime)
	if !c.Deadline.After(time.Now()) {
		p.release(c, NoAnswer, func(error) {})
		return
	}
	p.alarms.cancel(c.deadline)
	c.decision.Then = ""
	c.deadline = p.until(c.Deadline, func() { p.rangOut(c) })
	p.changed(c, "ringing")
	p.refreshSound()
}

// greet plays the greeting or question, then the beep, then records.
func (p *Phone) greet(c *live) {
	file := p.machineFor(c).Greeting
	if c.listenFor == ActionScreen {
		file = p.machineFor(c).Question
	}
	if file == "" {
		p.beepAndListen(c)
		return
	}
	beep := func() { p.beepAndListen(c) }
	p.playFile(c, file, beep, beep, func(err error) {
		if err != nil && c.State.Alive() {
			p.notice(c.Line, "The greeting could not be played: "+err.Error())
			p.beepAndListen(c)
		}
	})
}

func (p *Phone) beepAndListen(c *live) {
	if !c.Listening || c.sound == nil {
		return
	}
	listen := func() {
		if c.Listening {
			c.sound.wanted = true
			p.startRecording(c)
			c.auto = p.after(p.listenTime(c), func() { p.listened(c) })
		}
	}
	p.playTo(c, p.tone(ToneBeep, c), false, listen, listen)
}

func (p *Phone) listenTime(c *live) time.Duration {
	if c.listenFor == ActionScreen {
		return p.machineFor(c).Screen
	}
	return p.machineFor(c).Max
}

// listened is when the caller's time is over: a voicemail ends, a screened
// call waits for a person.
func (p *Phone) listened(c *live) {
	p.endRecording(c)
	if c.listenFor != ActionScreen {
		p.release(c, NormalClearing, p.sayByRule(c))
		return
	}
	c.Deadline = time.Now().Add(p.machineFor(c).Decide)
	c.auto = p.until(c.Deadline, func() { p.release(c, NormalClearing, func(error) {}) })
	p.changed(c, "screened")
}

// Screened reports whether the machine has asked who calls, and a person may
// decide now.
func (c Call) Screened() bool {
	return c.Listening && c.State.Answered() && !c.Deadline.IsZero()
}

// screened is the call with an id, or with none the only one, that was screened
// and waits for a person; nil if there is none.
func (p *Phone) screened(id string) *live {
	var found *live
	for _, c := range p.calls {
		if !c.Screened() || id != "" && c.ID != id {
			continue
		}
		if found != nil {
			return nil
		}
		found = c
	}
	return found
}

// takeOver gives a call that the machine answered to a person.
func (p *Phone) takeOver(c *live, muted bool) {
	if !c.Listening {
		return
	}
	p.alarms.cancel(c.auto)
	p.endRecording(c)
	p.holdOthers(c)
	c.Listening, c.Muted, c.Deadline = false, muted, time.Time{}
	if c.sound != nil {
		p.stopPlaying(c)
	}
	p.changed(c, "listening")
	if muted {
		p.tellMute(c)
	}
	p.refreshSound()
}
