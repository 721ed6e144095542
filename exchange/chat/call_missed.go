package chat

import "time"

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
