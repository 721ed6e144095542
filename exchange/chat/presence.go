package chat

import (
	"time"

	"go.mau.fi/whatsmeow/types"
)

// presence is whether somebody is online, and who wants to know.
type presence struct {
	available bool
	last      time.Time
	watchers  map[*device]string // and the address space they asked in
}

// routePresence remembers, tells, and subscribes.
func (s *Server) routePresence(d *device, n *node) {
	if text(n, "type") == "subscribe" {
		s.subscribe(d, n)
		return
	}
	if name := text(n, "name"); name != "" && name != d.account.name {
		d.account.name = name
		d.account.changed()
	}
	s.setPresence(d.account, text(n, "type") != "unavailable")
}

func (s *Server) subscribe(d *device, n *node) {
	to, _ := jid(n, "to")
	a := s.find(to)
	if a == nil || a.blocked[d.account.lid] {
		return
	}
	if a.presence.watchers == nil {
		a.presence.watchers = map[*device]string{}
	}
	a.presence.watchers[d] = to.Server
	d.send(presenceOf(a, to.Server))
}

func (s *Server) setPresence(a *Account, available bool) {
	if a.presence.available == available {
		return
	}
	a.presence.available, a.presence.last = available, time.Now()
	for d, server := range a.presence.watchers {
		if d.link == nil {
			delete(a.presence.watchers, d) // a client subscribes anew on every connection
			continue
		}
		d.send(presenceOf(a, server))
	}
}

func presenceOf(a *Account, server string) node {
	out := node{Tag: "presence", Attrs: attrs{"from": a.address(server)}}
	if !a.presence.available {
		out.Attrs["type"] = "unavailable"
		if !a.presence.last.IsZero() {
			out.Attrs["last"] = a.presence.last.Unix()
		}
	}
	return out
}

// routeChatState passes "composing" and "paused" on.
func (s *Server) routeChatState(d *device, n *node) {
	to, _ := jid(n, "to")
	a := s.find(to)
	if a == nil || a.blocked[d.account.lid] || to.Server == types.GroupServer {
		return
	}
	for _, peer := range a.devices {
		peer.send(node{Tag: "chatstate", Attrs: attrs{"from": d.address(to.Server).ToNonAD()}, Content: n.Content})
	}
}
