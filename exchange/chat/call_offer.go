package chat

import (
	"slices"
	"strconv"
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
}

// newCall records a call and reserves its relays.
func (s *Server) newCall(d *device, callee *Account, offer *node) *call {
	c := &call{
		id: text(offer, "call-id"), creator: d, callee: callee, video: hasChild(offer, "video"),
		state: CallRinging, started: time.Now(),
		ringing: map[*device]bool{}, out: map[*device]bool{}, beats: map[*device]time.Time{},
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
		settings = append(settings, node{Tag: "voip_settings",
			Attrs: attrs{"jid": d.lid(), "uncompressed": "1"}, Content: s.options.Settings})
	}
	out = append(out,
		node{Tag: "user", Attrs: attrs{"jid": c.callee.lidJID()}, Content: devices},
		node{Tag: "rte", Content: reflexive},
		node{Tag: "uploadfieldstat"})
	return append(out, settings...)
}

// reflexive stands for the address under which the server sees a client:
// 127.0.0.1, port 9 (discard), as nothing is ever sent there.
var reflexive = []byte{127, 0, 0, 1, 0, 9}

// deliverOffer sends the offer to one device, with its own ciphertext and its
// own side of the relays.
func (s *Server) deliverOffer(c *call, target *device, n, offer *node) {
	content := without(offer, "privacy", "destination", "enc")
	if enc, ok := encFor(offer, target, n); ok {
		if s.faulty(FaultBadKey, target, "offer") != nil {
			enc = corrupted(enc)
		}
		content = append(content, enc)
	}
	content = append(content,
		node{Tag: "metadata", Attrs: attrs{"peer_abtest_bucket": "", "peer_abtest_bucket_id_list": "117616,99772"}},
		node{Tag: "rte", Content: reflexive},
		node{Tag: "uploadfieldstat"}, node{Tag: "userrate"},
		node{Tag: "voip_settings", Attrs: attrs{"uncompressed": "1"}, Content: s.options.Settings})
	if c.relayed {
		content = append(content, c.calleeBlock(target, c.calleeRelay))
	}
	s.deliverCall(c, c.creator, target, text(n, "id"), node{Tag: "offer", Content: content, Attrs: attrs{
		"call-id": c.id, "call-creator": c.creator.lid(), "caller_pn": c.creator.pn(),
		"joinable": "1", "caller_country_code": "US",
	}})
}

// encFor is the ciphertext in an offer that is meant for a device.
func encFor(offer *node, d *device, n *node) (node, bool) {
	destination := child(offer, "destination")
	for _, to := range destination.GetChildrenByTag("to") {
		if j, ok := jid(&to, "jid"); ok && j == d.lid() {
			enc, found := to.GetOptionalChildByTag("enc")
			return enc, found
		}
	}
	enc, found := offer.GetOptionalChildByTag("enc")
	to, _ := jid(n, "to")
	return enc, found && to.Device == d.id
}

// corrupted flips one bit in the middle of a ciphertext.
func corrupted(enc node) node {
	sealed := slices.Clone(raw(enc))
	if len(sealed) > 0 {
		sealed[len(sealed)/2] ^= 0x10
	}
	enc.Content = sealed
	return enc
}

// deliverCall sends one action of a call to one device, in a stanza of its own.
func (s *Server) deliverCall(c *call, from, to *device, origin string, action node) {
	at := time.Now()
	out := node{Tag: "call", Content: []node{action}, Attrs: attrs{
		"from": from.lid(), "id": s.freshID(), "t": at.Unix(), "e": "0",
		"notify": from.account.name, "platform": from.platform, "version": from.version,
	}}
	if f := s.faulty(FaultStale, to, action.Tag); f != nil {
		out.Attrs["t"] = at.Add(-f.Delay).Unix()
		out.Attrs["e"] = strconv.Itoa(int(f.Delay / time.Second))
	}
	if s.faulty(FaultOffline, to, action.Tag) != nil {
		out.Attrs["offline"] = "0"
	}
	to.deliverAs(out, origin)
}

// ackCall answers a stanza of a call; code 0 is success.
func (s *Server) ackCall(d *device, n, action *node, code int) {
	more := attrs{"type": action.Tag}
	if code == 0 {
		if action.Tag == "relaylatency" {
			s.ack(d, n, more, node{Tag: action.Tag, Attrs: attrs{
				"call-id": text(action, "call-id"), "call-creator": action.Attrs["call-creator"],
			}})
			return
		}
		s.ack(d, n, more)
		return
	}
	more["error"] = code
	s.ack(d, n, more, node{Tag: "error", Attrs: attrs{"call-id": text(action, "call-id"), "code": code}})
}

// thinOut removes from a device's queue what is not worth delivering any more:
// offers of calls that are over or too old become notices, and what else
// belongs to such calls goes.
func (s *Server) thinOut(d *device) {
	stale := map[string]bool{}
	var kept []*pending
	for _, p := range d.pending {
		action := first(&p.n)
		id := text(&action, "call-id")
		c := s.calls[id]
		over := c == nil || c.state != CallRinging || time.Since(p.at) > s.limits.fresh
		switch {
		case p.n.Tag != "call":
			kept = append(kept, p)
		case action.Tag == "offer" && over:
			stale[id] = true
			kept = append(kept, &pending{notice(p.n, action), p.at, ""})
		case !stale[id]:
			kept = append(kept, p)
		}
	}
	d.pending = kept
}

// notice turns an offer into the note that there was one.
func notice(n, offer node) node {
	media := "audio"
	if hasChild(&offer, "video") {
		media = "video"
	}
	return with(node{Tag: "call", Attrs: n.Attrs, Content: []node{{Tag: "offer_notice", Attrs: attrs{
		"call-id": offer.Attrs["call-id"], "call-creator": offer.Attrs["call-creator"],
		"caller_pn": offer.Attrs["caller_pn"], "media": media,
	}}}}, "offline", "0")
}

// lidOnly reports whether an address is in the hidden space.
func lidOnly(j types.JID) bool { return j.Server == types.HiddenUserServer }
