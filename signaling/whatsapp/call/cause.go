package call

import (
	"fmt"

	"tring/phone"
)

// causeOfRefusal reads the server's refusal of an offer.
func causeOfRefusal(_ *Call, in Input) phone.Cause {
	if in.Ack == nil {
		return phone.Failed
	}
	return RefusalCause(in.Ack.Code)
}

// RefusalCause is why the server refused an offer with this code. 463 is a
// missing privacy token or an account that may not call strangers for now.
func RefusalCause(code int) phone.Cause {
	switch code {
	case 404:
		return phone.NotOnNetwork
	case 463:
		return phone.Restricted
	case 401, 403, 405:
		return phone.NotAllowed
	case 434:
		return phone.Busy
	}
	return phone.Failed
}

// causeOfReject: why one device, the last one, cannot take the call.
func causeOfReject(_ *Call, in Input) phone.Cause {
	switch in.body().Reason {
	case "busy":
		return phone.Busy
	case "uncallable":
		return phone.Incompatible
	}
	return phone.Unreachable
}

// rejectReason is what a reject says of why.
func rejectReason(why phone.Cause) string {
	switch why {
	case phone.Busy:
		return "busy"
	case phone.Incompatible:
		return "uncallable"
	}
	return ""
}

// causeOfEarlyTerminate: the callee's side ended our call before an answer.
func causeOfEarlyTerminate(_ *Call, in Input) phone.Cause {
	switch in.body().Reason {
	case "timeout":
		return phone.NoAnswer
	case "busy":
		return phone.Busy
	case "blocked", "dnd":
		return phone.NotAllowed
	}
	return phone.Declined
}

// causeOfTerminate reads a terminate's reason, which means something else
// while it rings than while people talk.
func causeOfTerminate(c *Call, in Input) phone.Cause {
	reason := in.body().Reason
	switch reason {
	case "accepted_elsewhere", "device_switch":
		return phone.AnsweredElsewhere
	case "rejected_elsewhere":
		return phone.DeclinedElsewhere
	}
	switch {
	case talking.has(c.state) && reason == "timeout":
		return phone.MediaTimeout
	case talking.has(c.state):
		return phone.NormalClearing
	case reason == "timeout":
		return phone.NoAnswer
	}
	return phone.Cancelled
}

// detail is what the network said, for people who look closer.
func detail(in Input) string {
	switch {
	case in.Ack != nil && in.Ack.Code != 0:
		return fmt.Sprintf("the server answered %d", in.Ack.Code)
	case in.Signal != nil && in.Signal.Body.Reason != "":
		return "reason: " + in.Signal.Body.Reason
	case in.On == Mismatched:
		return "their app sends MLow although plain Opus was asked for"
	case in.On >= AckTimeout:
		return "after " + in.On.String()
	}
	return ""
}
