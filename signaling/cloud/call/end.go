package call

import "tring/phone"

// ending deals with inputs that end a living call.
func (c *Call) ending(in Input) ([]Action, bool) {
	switch in.On {
	case Over:
		return c.over(in), true
	case Release:
		return c.end(in.Cause, in.Detail, c.farewell(in.Cause)), true
	case Refused:
		return c.end(phone.Declined, in.Detail, Settled{}), true // a terminate of theirs follows
	case PlaceBad:
		return c.end(in.Cause, in.Detail, Settled{}), true
	case Undescribed, AcceptBad:
		return c.end(in.Cause, in.Detail, c.farewell(in.Cause)), true
	}
	why, due := c.timeouts(in.On)
	if !due {
		return nil, false
	}
	return c.end(why.cause, why.detail, c.farewell(why.cause)), true
}

type timeout struct {
	cause  phone.Cause
	detail string
}

// timeouts are the ends that nobody asked for.
func (c *Call) timeouts(on On) (timeout, bool) {
	switch {
	case on == AnswerDue && c.state == Ringing:
		return timeout{phone.NoAnswer, "Meta lets nobody answer any more"}, true
	case on == RingDue && c.state != Active:
		return timeout{phone.NoAnswer, ""}, true
	case on == HookDue && !c.replied:
		return timeout{phone.Failed, "Meta took the call, but its answer never reached the webhook; see whether the tunnel is up"}, true
	case on == LinkDue && !c.linked:
		return timeout{phone.MediaTimeout, "no path to Meta's relay; see whether UDP may leave this network"}, true
	case on == Lost && (c.state == Active || c.plan.Outgoing):
		return timeout{phone.MediaTimeout, "the path to Meta's relay is gone"}, true
	}
	return timeout{}, false
}

// over is Meta's own ending. Before an answer it says nothing of who gave up.
func (c *Call) over(in Input) []Action {
	why := in.Cause
	if why == phone.CauseUnknown {
		switch {
		case c.state == Active:
			why = phone.NormalClearing
		case c.plan.Outgoing:
			why = phone.NoAnswer
		default:
			why = phone.Cancelled
		}
	}
	return c.end(why, in.Detail, Settled{})
}

// farewell is how Meta is told that we end the call.
func (c *Call) farewell(why phone.Cause) Action {
	switch {
	case c.state == Ringing && why == phone.NoAnswer:
		return Settled{} // without a word: it rings on for the caller
	case c.state == Ringing:
		return Request{Reject}
	case c.state == Dialing && !c.placed:
		return nil // Meta has not said yet what there is to end
	}
	return Request{Terminate}
}

func (c *Call) end(why phone.Cause, detail string, bye Action) []Action {
	c.state = Ended
	do := []Action{StopAll{}, Shut{}}
	if bye != nil {
		do = append(do, bye)
	}
	return append(do, Released{why, detail})
}

// afterwards deals with what comes when the call is over: proof, and things
// that crossed our ending on the way and would leave the call open.
func (c *Call) afterwards(in Input) []Action {
	switch in.On {
	case Buried, Over:
		return []Action{Settled{}}
	case BuryBad:
		return []Action{Settled{Failed: true}}
	case Placed:
		if !c.placed {
			c.placed = true
			return []Action{Request{Terminate}}
		}
	case PlaceBad:
		return []Action{Settled{}}
	case Accepted, Release, Taken:
		return []Action{Request{Terminate}}
	}
	return nil
}
