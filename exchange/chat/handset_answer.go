package chat

import "go.mau.fi/whatsmeow/types"

// Answer takes a call that rings.
func (h *Handset) Answer(id string) error {
	return h.withRinging(id, func(c *HandsetCall) { h.answer(c) })
}

// Decline ends a call that rings, on all devices.
func (h *Handset) Decline(id string) error {
	return h.withRinging(id, func(c *HandsetCall) { h.reject(c, "") })
}

// Busy refuses a call that rings, on this device only.
func (h *Handset) Busy(id string) error {
	return h.withRinging(id, func(c *HandsetCall) { h.reject(c, "busy") })
}

func (h *Handset) withRinging(id string, do func(*HandsetCall)) error {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c := h.find(id)
	switch {
	case c == nil:
		return ErrNoCall
	case c.State != HandsetRinging:
		return ErrNotRings
	}
	do(c)
	return nil
}

// HangUp ends a call in whatever state it is; one that rings is declined.
func (h *Handset) HangUp(id string) error {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c := h.find(id)
	if c == nil {
		return ErrNoCall
	}
	switch c.State {
	case HandsetRinging:
		h.reject(c, "")
	case HandsetConnected:
		h.say(c, c.peer, node{Tag: "terminate"})
		h.over(c, "hangup")
	case HandsetCalling, HandsetAlerting:
		h.say(c, c.peer.ToNonAD(), terminateFor(c.rung, ""))
		h.over(c, "cancelled")
	}
	return nil
}

// Send sends any action within a call, for trying what clients make of it.
func (h *Handset) Send(id string, action node) error {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c := h.find(id)
	if c == nil {
		return ErrNoCall
	}
	h.say(c, c.peer, action)
	return nil
}

// say sends an action of a call. Called with the lock held.
func (h *Handset) say(c *HandsetCall, to types.JID, action node) {
	action.Attrs = with(action, "call-id", c.ID).Attrs
	action.Attrs["call-creator"] = c.creator
	h.account.server.routeCall(h.device(), &node{
		Tag:   "call",
		Attrs: attrs{"id": messageID(), "to": to}, Content: []node{action},
	})
}

func (h *Handset) answer(c *HandsetCall) {
	c.State, c.answered = HandsetConnected, true
	h.say(c, c.peer, node{Tag: "accept", Content: []node{
		{Tag: "audio", Attrs: attrs{"enc": "opus", "rate": "16000"}},
		{Tag: "net", Attrs: attrs{"medium": "2"}},
		{Tag: "encopt", Attrs: attrs{"keygen": "2"}},
	}})
	h.say(c, c.peer, node{Tag: "mute_v2", Attrs: attrs{"mute-state": "0"}})
	h.happened()
}

func (h *Handset) reject(c *HandsetCall, reason string) {
	h.say(c, c.peer, node{Tag: "reject", Attrs: attrs{"count": "0", "reason": reason}})
	h.over(c, orElse(reason, "rejected"))
}

// over ends a call on the handset.
func (h *Handset) over(c *HandsetCall, reason string) {
	if c.State != HandsetEnded {
		c.State, c.Reason = HandsetEnded, reason
		h.happened()
	}
}
