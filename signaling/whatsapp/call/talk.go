package call

import (
	"tring/phone"
	"tring/signaling/whatsapp/stanza"
)

// established: the first sound was heard.
func (c *Call) established(in Input) []Action {
	out := []Action{Stop{MediaTimeout}, Stop{GraceTimeout}}
	if !c.heard {
		c.talkSince = in.At
		out = append(out, TellMedia{})
	}
	c.heard = true
	if c.Choices.Heartbeat {
		out = append(out, Start{BeatTimer, c.Timers.Beat})
	}
	return out
}

// endsOnMismatch: what the peer sends cannot be decoded; noise is worse than
// an end that says why.
func (c *Call) endsOnMismatch(Input) bool { return c.Choices.EndOnMismatch }

func (c *Call) noteMismatch(Input) []Action {
	return []Action{Note{"their app sends MLow although plain Opus was asked for"}}
}

// watchSilence: nothing came for a while; it is too early to worry people.
func (c *Call) watchSilence(Input) []Action {
	return []Action{Start{SilenceTimeout, c.Timers.Silence}, Note{"no inbound sound"}}
}

func (c *Call) soundAgain(Input) []Action { return []Action{Stop{SilenceTimeout}} }

// sounds reports whether the relays and the other side are both back.
func (c *Call) sounds(Input) bool { return !c.silent }

func (c *Call) lose(Input) []Action {
	return []Action{Stop{SilenceTimeout}, TellReconnecting{true}, Start{LostTimeout, c.Timers.Lost}}
}

func (c *Call) regain(Input) []Action {
	return []Action{Stop{LostTimeout}, TellReconnecting{false}}
}

func (c *Call) beat(Input) []Action {
	return []Action{Send{Draft: stanza.HeartbeatDraft(c.Ref), Refused: HeartbeatRefused}, Start{BeatTimer, c.Timers.Beat}}
}

func (c *Call) stopBeat(Input) []Action {
	return []Action{Stop{BeatTimer}, Note{"the server does not take heartbeats"}}
}

func (c *Call) mute(in Input) []Action {
	c.muted = in.Muted
	return []Action{Send{Draft: stanza.MuteDraft(c.Ref, c.device, c.muted)}}
}

func (c *Call) rememberMuted(in Input) []Action {
	c.muted = in.Muted
	return nil
}

// noteMuted keeps the peer's mute state; before the answer it is only
// remembered, because it may overtake the accept.
func (c *Call) noteMuted(in Input) []Action {
	c.mutedSeen = c.mutedSeen || in.On == PeerMuted
	if in.On != PeerMuted {
		return nil
	}
	if c.peerMuted == in.body().Muted {
		return nil
	}
	c.peerMuted = in.body().Muted
	if !talking.has(c.state) {
		return nil
	}
	return []Action{TellMuted{c.peerMuted}}
}

func (c *Call) tellMuted() []Action {
	if !c.peerMuted {
		return nil
	}
	return []Action{TellMuted{true}}
}

// refuseVideo answers an upgrade request: we send sound only.
func (c *Call) refuseVideo(in Input) []Action {
	return []Action{Send{Draft: stanza.VideoStateDraft(c.Ref, in.Device, videoRefused)}}
}

// reportLatency tells the peer how far a relay is, once per relay. A caller
// tells all rung devices while nobody has answered.
func (c *Call) reportLatency(in Input) []Action {
	if c.reported[in.Leg.Relay] || len(in.Leg.Address) == 0 || in.Leg.Relay == "" {
		return nil
	}
	c.reported[in.Leg.Relay] = true
	to, rung := c.device, c.rung
	if !c.Outgoing || talking.has(c.state) {
		rung = nil
	} else {
		to = c.Peer
	}
	return []Action{Send{Draft: stanza.LatencyDraft(c.Ref, to, in.Leg.Relay, in.Leg.RTT, in.Leg.Address, rung)}}
}

func (c *Call) goOffline(Input) []Action { return []Action{Start{OfflineTimeout, c.Timers.Offline}} }
func (c *Call) goOnline(Input) []Action  { return []Action{Stop{OfflineTimeout}} }

// leave ends a call whose signalling is gone. What tells the other side waits
// in the line's queue until the network is back.
func (c *Call) leave(in Input) []Action {
	switch {
	case talking.has(c.state):
		return c.hangUp(in)
	case c.Outgoing:
		return c.cancel(in)
	}
	return nil
}

func (c *Call) hangUp(in Input) []Action        { return c.hangUpWith("", in) }
func (c *Call) hangUpTimeout(in Input) []Action { return c.hangUpWith("timeout", in) }

// hangUpWith ends a conversation toward the device that is in it, and reports
// how long it was.
func (c *Call) hangUpWith(reason string, in Input) []Action {
	to := c.device
	if c.Outgoing && !c.accepted {
		return c.cancelWith(reason)
	}
	out := c.finish(stanza.TerminateDraft(c.Ref, to, reason, nil))
	if c.heard && (c.settings.Duration || !c.settings.Known) {
		out = append(out, Send{Draft: stanza.DurationDraft(c.Ref, c.Peer, in.At.Sub(c.talkSince), c.Choices.Seconds)})
	}
	return out
}

// finish sends what ends the call and keeps it, to be repeated once.
func (c *Call) finish(d stanza.Draft) []Action {
	s := Send{Draft: d, Acked: EndAcked, Refused: EndRefused, From: d.Kind() == stanza.Reject && c.Choices.RejectFrom}
	c.ending = []Send{s}
	return []Action{s}
}

// byTerminate: the server's ack proves a terminate; a reject is proved only by
// the caller's own receipt, because that is what stops its ringing.
func (c *Call) byTerminate(Input) bool {
	return len(c.ending) > 0 && c.ending[0].Kind() == stanza.Terminate
}

func (c *Call) unrepeated(Input) bool { return !c.repeated && len(c.ending) > 0 && !c.settled }

func (c *Call) settle(Input) []Action {
	if c.settled {
		return nil
	}
	c.settled = true
	return []Action{Stop{ConfirmTimeout}, Confirmed{}}
}

// repeat sends the end once more, a reject now with our id as its sender: some
// servers are said to want that.
func (c *Call) repeat(Input) []Action {
	c.repeated = true
	var out []Action
	for _, s := range c.ending {
		s.From = s.Kind() == stanza.Reject
		out = append(out, s)
	}
	return append(out, Start{ConfirmTimeout, c.Timers.Confirm})
}

func (c *Call) despair(Input) []Action {
	if c.settled {
		return nil
	}
	c.settled = true
	return []Action{Unconfirmed{}, Note{phone.ErrUnconfirmed.Error()}}
}
