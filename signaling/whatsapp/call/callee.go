package call

import (
	"tring/phone"
	"tring/signaling/whatsapp/stanza"
)

// ring shows the call. What the caller notices of it waits for saysRinging.
func (c *Call) ring(in Input) []Action {
	out := []Action{Stop{KeyTimeout}}
	c.settings = in.body().Settings
	if c.Group {
		return append(out, TellOffer{}, Start{SafetyTimeout, c.Timers.Safety})
	}
	out = append(out, TellOffer{}, Start{SafetyTimeout, c.Timers.Safety})
	if c.Mediable {
		c.offered = in.body().Relay
		out = append(out, Start{PreacceptTimer, c.Timers.Preaccept})
	}
	return out
}

// saysRinging tells the caller a moment after the offer that it rings, and
// opens the relay legs, so that an answer is heard at once; unless a rule
// declined meanwhile: then nobody hears of us, and a reject waits for nothing.
func (c *Call) saysRinging(Input) []Action {
	return append(c.preaccept(PreacceptEager), c.open(c.offered)...)
}

func (c *Call) preaccept(when Preaccept) []Action {
	if c.Choices.Preaccept != when {
		return nil
	}
	return []Action{Send{Draft: stanza.PreacceptDraft(c.Ref, c.Device, c.Choices.Capability)}}
}

// ringAgain answers a repeated offer of the same call; its receipt was sent
// already.
func (c *Call) ringAgain(in Input) []Action {
	out := c.preaccept(PreacceptEager)
	if c.Mediable {
		out = append(out, c.open(in.body().Relay)...)
	}
	return out
}

// askKey asks the caller to encrypt the call key again.
func (c *Call) askKey(in Input) []Action {
	count := 1
	for _, e := range in.body().Enc {
		count = e.Count + 1
	}
	return []Action{
		Send{Draft: stanza.EncRejectDraft(c.Ref, c.Device, count, c.Registration)},
		Start{KeyTimeout, c.Timers.Key},
	}
}

// triedOut: after the fifth unreadable key nothing will help.
func triedOut(_ *Call, in Input) bool {
	for _, e := range in.body().Enc {
		return e.Count > maxKeyRetries
	}
	return true
}

// answerable: a call can be answered if it has a key, a relay, and is not a
// group's.
func (c *Call) answerable(Input) bool { return c.Mediable && !c.Group }

// holdsBack: some callers are said to drop a call that is answered before
// their first mute state came. By choice the accept waits for it, once.
func (c *Call) holdsBack(in Input) bool {
	return c.Choices.AwaitMute && !c.mutedSeen && !c.holding && c.answerable(in)
}

func (c *Call) holdAnswer(Input) []Action {
	c.holding = true
	return []Action{Start{AnswerTimer, c.Timers.Answer}}
}

func (c *Call) held(Input) bool { return c.holding }

// answerNow is the accept that was held back.
func (c *Call) answerNow(in Input) []Action {
	c.holding = false
	return append(c.noteMuted(in), append([]Action{Stop{AnswerTimer}}, c.answer(in)...)...)
}

// answer accepts: accept and mute state leave together, and nobody waits for
// the server's answer.
func (c *Call) answer(in Input) []Action {
	c.answerAt = in.At
	out := append(c.open(c.offered), c.preaccept(PreacceptWithAnswer)...)
	out = append(out, Stop{SafetyTimeout}, Stop{PreacceptTimer},
		Send{Draft: stanza.AcceptDraft(c.acceptSpec(in)), Refused: AcceptRefused},
		Send{Draft: stanza.MuteDraft(c.Ref, c.Device, c.muted)},
		StartMedia{}, Start{MediaTimeout, c.Timers.Media})
	return append(out, c.tellMuted()...)
}

func (c *Call) acceptSpec(Input) stanza.AcceptSpec {
	s := stanza.AcceptSpec{Ref: c.Ref, To: c.Device, Metadata: c.Metadata, Overlay: c.Choices.AcceptOverlay, Clock48: c.Choices.Opus == Opus48}
	if c.Choices.AcceptCapability {
		s.Capability = c.Choices.Capability
	}
	return s
}

// gone: the server says that the call does not exist any more, or is full.
func gone(_ *Call, in Input) bool {
	return in.Ack != nil && (in.Ack.Code == 404 || in.Ack.Code == 434)
}

// wait500: the server refuses the accept for no stated reason. Sometimes sound
// flows all the same; nothing else helps.
func (c *Call) wait500(Input) []Action {
	return []Action{Start{GraceTimeout, c.Timers.Grace}, Note{"the server refused our accept"}}
}

// tooSoon: a terminate in the first moments after our accept can be one that
// crossed it; elsewhere-reasons are always believed.
func (c *Call) tooSoon(in Input) bool {
	switch in.body().Reason {
	case "accepted_elsewhere", "rejected_elsewhere", "device_switch":
		return false
	}
	return c.Choices.GuardAnswer && in.At.Sub(c.answerAt) < c.Timers.Guard
}

// reject declines toward the calling device. "busy" is said only when this
// device cannot; a person's no carries no reason.
func (c *Call) reject(in Input) []Action {
	return c.finish(stanza.RejectDraft(c.Ref, c.Device, rejectReason(in.Cause)))
}

// silently: some causes say nothing about what the person wants. It stops
// ringing here and rings on elsewhere.
func silently(_ *Call, in Input) bool {
	switch in.Cause {
	case phone.NoAnswer, phone.LineDown, phone.NetworkLost, phone.Replaced, phone.AnsweredElsewhere, phone.DeclinedElsewhere:
		return true
	}
	return false
}

// refuse declines a call that this device cannot carry; the person's phone
// rings on.
func (c *Call) refuse(Input) []Action {
	return c.finish(stanza.RejectDraft(c.Ref, c.Device, "uncallable"))
}

// forgetMedia: no relay was reached while it rings. An answer or the next relay
// block tries again.
func (c *Call) forgetMedia(Input) []Action {
	c.opened = false
	return []Action{DropMedia{}, Note{"no relay could be reached while ringing"}}
}
