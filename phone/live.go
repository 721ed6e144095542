package phone

import (
	"context"
	"slices"
	"time"
)

// live is a call that exists: what people see of it, and what the phone needs
// to run it. Its context ends with the call, and the context's cause is why.
type live struct {
	Call
	ctx  context.Context
	end  context.CancelCauseFunc
	line *trunk
	leg  Leg // nil until the network took the offer

	surely     time.Time // until when the network lets it be answered, zero if unknown
	decision   Decision
	deadline   *alarm // ringing, or waiting for sound, is over then
	auto       *alarm // answers by itself then
	beat       *alarm // writes down that the call still lives
	ours       bool   // we ended it, the network did not
	tooLate    bool   // we wanted to end it, but it was over already
	heard      bool   // sound came before anybody told us of an answer
	mute       bool   // answer with the microphone off
	onHeard    func() // what waits for the first sound of the other side
	listenFor  Action // voicemail or screen, while the machine has it
	sound      *callSound
	soundless  bool // the sound could not be made
	flips      int  // how often the other side changed something since flipsSince
	flipsSince time.Time
	playing    *ending                        // what is played to the other side, or nil
	notices    int                            // how often recording was announced
	keys       *keypad                        // the keys that were sent as tones last
	turns      []func(context.Context) func() // what is told to the other side, in order; see inTurn
}

// newLive makes the call's context, a child of the phone's.
func (p *Phone) newLive(c Call, line *trunk) *live {
	l := &live{Call: c, line: line}
	l.ctx, l.end = context.WithCancelCause(p.ctx)
	return l
}

// move is the only place where a call changes its state. It stamps the time,
// writes the log and tells the event; it reports whether the table allowed it.
func (p *Phone) move(c *live, in Input) bool {
	next, err := Next(c.State, in)
	if err != nil {
		p.log.Warn("a call cannot do that", "call", c.ID, "err", err)
		return false
	}
	c.State = next
	kind := EventState
	switch next {
	case Calling:
		kind = EventDialled
	case Incoming:
		kind = EventOffer
		c.Alerted = time.Now()
	case Ringing:
		c.Alerted = time.Now()
	case Established:
		c.Talking = time.Now()
	case Terminated:
		kind = EventEnded
		c.Ended = time.Now()
		c.Outcome = OutcomeOf(c.Call)
		c.Seconds = c.Duration(c.Ended).Seconds()
		p.forgetLive(c)
	}
	p.tell(c, kind, "")
	return true
}

// changed tells that a property of a call changed; what names it.
func (p *Phone) changed(c *live, what string) { p.tell(c, EventChanged, what) }

// forgetLive takes an ended call from the list and stops all that belongs to it.
func (p *Phone) forgetLive(c *live) {
	p.calls = slices.DeleteFunc(p.calls, func(o *live) bool { return o == c })
	for _, a := range []*alarm{c.deadline, c.auto, c.beat} {
		p.alarms.cancel(a)
	}
	c.end(c.Cause)
}

// find is the living call with an id, or nil.
func (p *Phone) find(id string) *live {
	for _, c := range p.calls {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// byLeg is the living call that a line speaks of, or nil.
func (p *Phone) byLeg(line *trunk, leg Leg) *live {
	for _, c := range p.calls {
		if c.line == line && c.leg != nil && c.leg.ID() == leg.ID() {
			return c
		}
	}
	return nil
}

// talking is the answered call that is not held and not the machine's, or nil.
func (p *Phone) talking() *live {
	for _, c := range p.calls {
		if c.State.Answered() && !c.Held && !c.Listening {
			return c
		}
	}
	return nil
}

// inProgress is the call that a person is in: answered, or being placed.
func (p *Phone) inProgress() *live {
	if c := p.talking(); c != nil {
		return c
	}
	for _, c := range p.calls {
		if c.State == Calling || c.State == Ringing {
			return c
		}
	}
	return nil
}

// focus is the call that a command without an id means: the one in progress,
// else the only held one.
func (p *Phone) focus() *live {
	if c := p.inProgress(); c != nil {
		return c
	}
	var held []*live
	for _, c := range p.calls {
		if c.Held {
			held = append(held, c)
		}
	}
	if len(held) == 1 {
		return held[0]
	}
	return nil
}

// ringing are the calls that ring here, oldest first.
func (p *Phone) ringing() []*live {
	var r []*live
	for _, c := range p.calls {
		if c.State == Incoming {
			r = append(r, c)
		}
	}
	return r
}
