package call

import (
	"time"

	"tring/phone"
)

// Mode says when the path of a call that comes in is opened.
type Mode int

// The path is opened shortly after it began to ring, when a person answers, or
// not before accept.
const (
	Early Mode = iota
	AtAnswer
	NoPreAccept
)

// Plan is what a call is made of.
type Plan struct {
	Outgoing bool
	Mode     Mode
	Timers   Timers
}

// Timers are how long things may take.
type Timers struct {
	Early  time.Duration // Ringing until the path opens
	Answer time.Duration // Ringing until answering is impossible
	Hurry  time.Duration // pre_accept taken until accept goes without a path
	Hook   time.Duration // Placed until Meta's answer
	Ring   time.Duration // Placed until somebody must have answered
	Link   time.Duration // both descriptions known until the path stands
}

// Input is one thing that happens to a call.
type Input struct {
	On     On
	Cause  phone.Cause // of Release, Over, Refused and failures
	Detail string      // what the other side says about it
}

// Call is the life of one call. Not safe for concurrent use.
type Call struct {
	plan  Plan
	state State

	describing, described bool // our description is being made; is ready
	early                 bool // the path may be opened before an answer
	preAccept             step
	linked, hurried       bool
	placed                bool // connect was taken: there is something to end
	replied               bool // Meta's answer is applied
	quiet                 bool // reconnecting was told
	heard                 bool // their sound came before the call was active
}

// step is how far a request has come.
type step int

const (
	notSent step = iota
	sent
	taken
	failed
)

// New is a call at its beginning, and what to do first.
func New(p Plan) (*Call, []Action) {
	if p.Outgoing {
		return &Call{plan: p, state: Dialing, described: true}, nil
	}
	c := &Call{plan: p, state: Ringing}
	do := []Action{Tell{What: TellOffer}, Start{AnswerDue, p.Timers.Answer}}
	if p.Mode == Early {
		do = append(do, Start{EarlyDue, p.Timers.Early})
	}
	return c, do
}

// State is how far the call has come.
func (c *Call) State() State { return c.state }

// Handle takes an input and says what to do.
func (c *Call) Handle(in Input) []Action {
	if c.state == Ended {
		return c.afterwards(in)
	}
	if do, ends := c.ending(in); ends {
		return do
	}
	before := c.state
	c.state, _ = next(c.state, in.On)
	do := c.notes(in)
	if c.state != before {
		do = append(do, c.entered()...)
	}
	return append(do, c.advance()...)
}

// notes keeps what an input tells.
func (c *Call) notes(in Input) []Action {
	switch in.On {
	case Described:
		c.described = true
	case EarlyDue:
		c.early = true
	case HurryDue:
		c.hurried = true
	case PreAccepted:
		c.preAccept = taken
		return []Action{Start{HurryDue, c.plan.Timers.Hurry}}
	case PreAcceptBad:
		c.preAccept = failed
	case Placed:
		return c.tookOff()
	case Replied:
		return c.reply()
	case Linked:
		c.linked = true
		return []Action{Stop{LinkDue}}
	default:
		return c.path(in)
	}
	return nil
}

// tookOff is told once that Meta has our call, by the answer to the request or
// by a webhook that overtook it.
func (c *Call) tookOff() []Action {
	if c.placed {
		return nil
	}
	c.placed = true
	do := []Action{Start{RingDue, c.plan.Timers.Ring}}
	if !c.replied {
		do = append(do, Start{HookDue, c.plan.Timers.Hook})
	}
	return do
}

// reply applies Meta's answer to our offer, once.
func (c *Call) reply() []Action {
	if c.replied || !c.plan.Outgoing {
		return nil
	}
	c.replied = true
	return []Action{Stop{HookDue}, Apply{}, Start{LinkDue, c.plan.Timers.Link}}
}

// path tells what can be heard.
func (c *Call) path(in Input) []Action {
	switch {
	case in.On == Heard && c.state == Active:
		return append(c.calm(), Tell{What: TellMedia})
	case in.On == Heard:
		c.heard = true
	case in.On == Back:
		return c.calm()
	case in.On == Quiet && c.state == Active && !c.quiet:
		c.quiet = true
		return []Action{Tell{What: TellReconnecting, On: true}}
	}
	return nil
}

func (c *Call) calm() []Action {
	if !c.quiet {
		return nil
	}
	c.quiet = false
	return []Action{Tell{What: TellReconnecting}}
}

// entered is what a new state begins with.
func (c *Call) entered() []Action {
	switch c.state {
	case Answering:
		return []Action{Stop{EarlyDue}, Stop{AnswerDue}}
	case Alerting:
		return []Action{Tell{What: TellAlerting}}
	case Active:
		do := []Action{Stop{HurryDue}, Stop{RingDue}, Open{}}
		if c.plan.Outgoing {
			do = append(do, Tell{What: TellAccepted})
		}
		if c.heard {
			do = append(do, Tell{What: TellMedia})
		}
		if !c.linked {
			do = append(do, Start{LinkDue, c.plan.Timers.Link})
		}
		return do
	}
	return nil
}

// advance brings a call that comes in as far toward Active as it may go now:
// description, pre_accept, path, accept.
func (c *Call) advance() []Action {
	wanted := c.state == Answering
	if c.plan.Outgoing || !wanted && !(c.state == Ringing && c.early) {
		return nil
	}
	switch {
	case !c.describing && !c.described:
		c.describing = true
		return []Action{Describe{}}
	case !c.described:
		return nil
	case c.preAccept == notSent && c.plan.Mode != NoPreAccept:
		c.preAccept = sent
		return []Action{Request{PreAccept}}
	case !wanted || c.preAccept == sent:
		return nil
	case c.preAccept == taken && !c.linked && !c.hurried:
		return nil
	}
	c.state = Accepting
	return []Action{Stop{HurryDue}, Listen{}, Request{Accept}}
}
