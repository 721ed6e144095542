package call

import (
	"slices"

	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/stanza"
)

// tooLate tells a device that answered second that it lost.
func (c *Call) tooLate(in Input) []Action {
	return []Action{Send{Draft: stanza.TerminateDraft(c.Ref, in.Device, "accepted_elsewhere", nil)}}
}

// declined: a person said no on one device; the others must stop ringing.
func (c *Call) declined(in Input) []Action { return c.dismiss("rejected_elsewhere", in.Device) }

// terminatedEarly: one callee device ended the call before anybody answered;
// the others must stop ringing.
func (c *Call) terminatedEarly(in Input) []Action { return c.dismiss("", in.Device) }

// cancel takes the call back from every rung device.
func (c *Call) cancel(in Input) []Action {
	if in.Cause == phone.NoAnswer {
		return c.cancelWith("timeout")
	}
	return c.cancelWith("")
}

// giveUp is cancel after the ring time.
func (c *Call) giveUp(Input) []Action { return c.cancelWith("timeout") }

func (c *Call) cancelWith(reason string) []Action {
	return c.finish(stanza.TerminateDraft(c.Ref, c.Peer, reason, c.takeRung()))
}

// takeRung empties the set of rung devices, so that they are dismissed once.
func (c *Call) takeRung() []types.JID {
	r := c.rung
	c.rung = nil
	return r
}

// dismiss tells all rung devices but one that it is over for them.
func (c *Call) dismiss(reason string, except types.JID) []Action {
	others := slices.DeleteFunc(c.takeRung(), isDevice(except))
	if len(others) == 0 {
		return nil
	}
	c.dismissed, c.dismissal = others, reason
	if c.Choices.Dismiss == DismissEach {
		return c.dismissEach(Input{})
	}
	return []Action{Send{Draft: stanza.TerminateDraft(c.Ref, c.Peer, reason, others), Refused: DismissRefused}}
}

// dismissEach sends one stanza per device, for servers that do not take the
// list.
func (c *Call) dismissEach(Input) []Action {
	var out []Action
	for _, d := range c.dismissed {
		out = append(out, Send{Draft: stanza.TerminateDraft(c.Ref, d, c.dismissal, nil)})
	}
	c.dismissed = nil
	return out
}
