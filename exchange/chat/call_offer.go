package chat

import (
	"time"

	"go.mau.fi/whatsmeow/types"
)

// The errors of a call's acknowledgement.
const (
	errorRefused  = 400 // strict mode; the exchange's log names the rule
	errorNotFound = 404 // no such account, or the call is over
	errorOrder    = 439 // children out of order
	errorToken    = 463 // no valid privacy token for a restricted callee
)

// offer places a call, or sends the key of one again.
func (s *Server) offer(d *device, n, offer *node) {
	to, _ := jid(n, "to")
	callee := s.find(to)
	if callee == nil {
		s.ackCall(d, n, offer, errorNotFound)
		return
	}
	if code := s.checkOffer(d, callee, to, offer); code != 0 {
		s.ackCall(d, n, offer, code)
		return
	}
	if c := s.calls[text(offer, "call-id")]; c != nil {
		s.offerAgain(c, d, n, offer)
		return
	}
	if code := s.faultCode(d, offer); code != 0 {
		s.ackCall(d, n, offer, code)
		return
	}
	c := s.newCall(d, callee, offer)
	s.ack(d, n, attrs{"type": "offer"}, s.offerAck(c)...)
	if callee.blocked[d.account.lid] {
		c.offered = nil // it rings on in the caller's ear and nowhere else
	}
	for _, target := range c.offered {
		s.deliverOffer(c, target, n, offer)
	}
	if callee.hosted && len(c.offered) > 0 {
		s.refuseHosted(c)
	}
}

// newCall records a call and reserves its relays.
func (s *Server) newCall(d *device, callee *Account, offer *node) *call {
	c := &call{
		id: text(offer, "call-id"), creator: d, callee: callee, video: hasChild(offer, "video"),
		state: CallRinging, started: time.Now(),
		ringing: map[*device]bool{}, out: map[*device]bool{},
	}
	for _, id := range callee.deviceIDs() {
		c.offered = append(c.offered, callee.devices[id])
	}
	s.calls[c.id] = c
	s.allocate(c)
	c.ringTimer = s.later(s.limits.ring, func() { s.hangUpBoth(c, "timeout") })
	s.log.Info("call", "call", c.id, "from", d.label(), "to", mask(callee.number), "devices", len(c.offered))
	return c
}

func (s *Server) allocate(c *call) {
	if s.options.Relays == nil || s.faulty(FaultNoRelay, c.creator, "offer") != nil {
		return
	}
	ref := CallRef{ID: c.id, Creator: c.creator.mediaID()}
	for _, d := range c.offered {
		ref.CalleeDevices = append(ref.CalleeDevices, d.mediaID())
	}
	caller, callee, err := s.options.Relays.Allocate(ref)
	if err != nil {
		s.log.Warn("the relays have no place for a call", "call", c.id, "error", err)
		return
	}
	c.callerRelay, c.calleeRelay, c.relayed = caller, callee, true
}

// offerAgain delivers an offer that repeats a call's key for one device, after
// that device could not decrypt the first.
func (s *Server) offerAgain(c *call, d *device, n, offer *node) {
	switch {
	case c.state == CallEnded:
		s.ackCall(d, n, offer, errorNotFound)
		return
	case c.creator != d:
		if s.refuseCall(d, offer, RuleCreator, "the call-id is that of somebody else's call") {
			s.ackCall(d, n, offer, errorRefused)
			return
		}
	}
	s.ack(d, n, attrs{"type": "offer"}, s.offerAck(c)...)
	for _, target := range c.offered {
		if _, ok := encFor(offer, target, n); ok && c.state == CallRinging {
			delete(c.out, target)
			s.deliverOffer(c, target, n, offer)
		}
	}
}

// offerAck is what the caller gets: where to send its media, whom the call has
// been offered to, and the settings of each device.
func (s *Server) offerAck(c *call) []node {
	var out []node
	if c.relayed {
		out = append(out, c.callerBlock(c.callerRelay))
	}
	var devices, settings []node
	for _, d := range c.offered {
		devices = append(devices, node{Tag: "device", Attrs: attrs{"jid": d.lid()}})
		settings = append(settings, node{
			Tag:   "voip_settings",
			Attrs: attrs{"jid": d.lid(), "uncompressed": "1"}, Content: s.options.Settings,
		})
	}
	out = append(out,
		node{Tag: "user", Attrs: attrs{"jid": c.callee.lidJID()}, Content: devices},
		node{Tag: "rte", Content: reflexive},
		node{Tag: "uploadfieldstat"})
	return append(out, settings...)
}

// lidOnly reports whether an address is in the hidden space.
func lidOnly(j types.JID) bool { return j.Server == types.HiddenUserServer }
