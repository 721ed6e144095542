package call

import (
	"slices"
	"time"

	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/relay"
	"tring/signaling/whatsapp/stanza"
)

func (c *Call) place(Input) []Action {
	return []Action{Send{Draft: c.Offer, Acked: OfferAcked, Refused: OfferRefused}, Start{AckTimeout, c.Timers.Ack}}
}

func (c *Call) alertedEarly(Input) bool { return c.rings }

// acked stores what the server's answer brings: the relays, and the settings
// of every device of the callee.
func (c *Call) acked(in Input) []Action {
	out := []Action{Stop{AckTimeout}}
	ring := c.Timers.Ring
	if in.Ack != nil {
		c.perPeer = in.Ack.Settings
		ring = c.ringTime()
		out = append(out, c.open(in.Ack.Relay)...)
	}
	return append(out, Start{RingTimeout, ring})
}

// ringTime is the network's own ring time, the longest of the callee's devices,
// or ours when the network says nothing.
func (c *Call) ringTime() time.Duration {
	var ring time.Duration
	for _, s := range c.perPeer {
		ring = max(ring, s.RingTimeout)
	}
	if ring == 0 {
		return c.Timers.Ring
	}
	return ring
}

// open opens the relay legs once there is a relay block.
func (c *Call) open(r *relay.Block) []Action {
	if r == nil || c.opened {
		return nil
	}
	c.opened = true
	return []Action{OpenMedia{Relay: r, Peer: c.device}}
}

func (c *Call) reach(Input) []Action {
	if c.reached {
		return nil
	}
	c.reached = true
	return []Action{Start{AlertTimeout, c.Timers.Alert}}
}

func tellAlerting(*Call, Input) []Action { return []Action{TellAlerting{}} }

// preaccepted: one of their devices rings. It is never an answer.
func (c *Call) preaccepted(in Input) []Action {
	c.reached, c.rings = true, true
	c.noteAbility(in)
	return []Action{Stop{AlertTimeout}, TellAlerting{}}
}

// preacceptedToo: another of their devices rings as well.
func (c *Call) preacceptedToo(in Input) []Action {
	c.noteAbility(in)
	return nil
}

// noteAbility keeps what a device says that it can decode.
func (c *Call) noteAbility(in Input) {
	if able := in.body().Capability; len(able) > 2 && len(c.able) < maxAble {
		c.able[in.Device] = able
	}
}

// maxAble bounds the memory of capabilities: a person has few devices.
const maxAble = 64

// mismatch reports whether the peer's device offers audio, but none at our
// rate.
func (c *Call) mismatch(in Input) bool { return !in.body().Offers(16000) }

// takeAnswer is the whole reaction to the first accept.
func (c *Call) takeAnswer(in Input) []Action {
	c.chooseDevice(in)
	out := []Action{Stop{AckTimeout}, Stop{RingTimeout}, Stop{AlertTimeout}}
	if r := in.body().Relay; r != nil {
		out = append(out, c.open(r)...)
	}
	out = append(out, RekeyMedia{in.Device})
	out = append(out, c.dismiss("accepted_elsewhere", in.Device)...)
	out = append(out, c.greet()...)
	out = append(out, StartMedia{}, TellAccepted{in.Device}, Start{MediaTimeout, c.Timers.Media})
	return append(out, c.tellMuted()...)
}

// chooseDevice notes who answered and what that device decodes.
func (c *Call) chooseDevice(in Input) {
	c.device, c.accepted, c.answerAt = in.Device, true, in.At
	c.noteAbility(in)
	if s, ok := c.perPeer[in.Device]; ok {
		c.settings = s
	}
	if s := in.body().Settings; s.Known {
		// An answer overlays the codec only; the rest stays the network's.
		c.settings.Opus, c.settings.Clock48 = s.Opus, s.Clock48
	}
}

// greet sends the two stanzas that follow an answer.
func (c *Call) greet() []Action {
	return []Action{
		Send{Draft: stanza.TransportDraft(c.Ref, c.device)},
		Send{Draft: stanza.MuteDraft(c.Ref, c.device, c.muted)},
	}
}

// heardEarly: sound of the peer came before its accept. The accept will name
// the device; until then nothing is dismissed.
func (c *Call) heardEarly(in Input) []Action {
	c.heard, c.talkSince = true, in.At
	if !in.Device.IsEmpty() {
		c.device = in.Device
	}
	return []Action{Stop{RingTimeout}, Stop{AlertTimeout}, StartMedia{}, TellAccepted{c.device}, TellMedia{}, Start{MediaTimeout, c.Timers.Media}}
}

func (c *Call) heardFirst(Input) bool { return c.heard }

// acceptedLate is the accept that follows its own sound.
func (c *Call) acceptedLate(in Input) []Action {
	c.chooseDevice(in)
	out := []Action{RekeyMedia{in.Device}}
	out = append(out, c.dismiss("accepted_elsewhere", in.Device)...)
	out = append(out, c.greet()...)
	return append(out, c.established(in)...)
}

// otherDevice reports whether a stanza comes from a device that is not in the
// conversation. What comes from the server, or from the bare user while no
// device is known, is not.
func (c *Call) otherDevice(in Input) bool {
	if in.Signal == nil || !c.knowsDevice() || !stanza.SameUser(in.Device, c.device) {
		return false
	}
	return !stanza.SameDevice(in.Device, c.device)
}

func (c *Call) knowsDevice() bool { return !c.Outgoing || c.accepted }

func (c *Call) isExcluded(in Input) bool { return slices.ContainsFunc(c.excluded, isDevice(in.Device)) }

func isDevice(j types.JID) func(types.JID) bool {
	return func(k types.JID) bool { return stanza.SameDevice(j, k) }
}

// exclude marks a device that cannot take the call; the others ring on.
func (c *Call) exclude(in Input) []Action {
	if !c.isExcluded(in) {
		c.excluded = append(c.excluded, in.Device)
	}
	return []Action{Note{"one of their devices cannot take the call: " + in.body().Reason}}
}

// lastOne reports whether no device is left once this one is excluded. Hosted
// devices never count: they refuse while phones ring.
func (c *Call) lastOne(in Input) bool {
	for _, d := range c.Rung {
		if !stanza.Hosted(d) && !stanza.SameDevice(d, in.Device) && !slices.ContainsFunc(c.excluded, isDevice(d)) {
			return false
		}
	}
	return !stanza.Hosted(in.Device)
}

// maxKeyRetries is how often a key is encrypted again for one device.
const maxKeyRetries = 4

func (c *Call) retriable(in Input) bool {
	return c.Choices.RetryKeys && in.body().Count <= maxKeyRetries
}

func (c *Call) reencrypt(in Input) []Action {
	return []Action{Reencrypt{Device: in.Device, Count: max(1, in.body().Count)}}
}

// causeOfSilence is why nobody answered: nobody did, or nothing ever rang.
func causeOfSilence(c *Call, _ Input) phone.Cause {
	if !c.reached {
		return phone.Unreachable
	}
	return phone.NoAnswer
}
