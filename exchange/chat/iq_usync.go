package chat

import (
	"slices"
	"strings"

	"go.mau.fi/whatsmeow/types"
)

// usync answers who has an account, under which hidden identity, and with
// which devices.
func usync(s *Server, d *device, n *node) ([]node, *iqError) {
	asked := child(n, "usync")
	query, list := child(&asked, "query"), child(&asked, "list")
	if asked.Tag == "" || len(query.GetChildren()) == 0 {
		return nil, errBadRequest
	}
	var found []node
	for _, u := range list.GetChildrenByTag("user") {
		if entry, ok := s.usyncUser(d, &query, &u); ok {
			found = append(found, entry)
		}
	}
	return []node{{Tag: "usync", Attrs: asked.Attrs, Content: []node{{Tag: "list", Content: found}}}}, nil
}

func (s *Server) usyncUser(d *device, query, u *node) (node, bool) {
	if hasChild(u, "contact") && hasChild(query, "contact") {
		return s.usyncContact(d, query, u), true
	}
	j, ok := jid(u, "jid")
	if inner, has := u.GetOptionalChildByTag("lid"); !ok && has {
		j, ok = jid(&inner, "jid")
	}
	a := s.find(j)
	if !ok || a == nil {
		return node{Tag: "user", Attrs: attrs{"jid": j}}, ok
	}
	return node{Tag: "user", Attrs: attrs{"jid": j.ToNonAD()}, Content: s.usyncAnswers(a, d, query)}, true
}

// usyncContact answers whether a number is on the network.
func (s *Server) usyncContact(d *device, query, u *node) node {
	asked := child(u, "contact")
	number := strings.TrimLeft(strings.TrimSuffix(string(raw(asked)), "@"+types.LegacyUserServer), "+")
	a := s.byNumber[number]
	if a == nil {
		return node{
			Tag: "user", Attrs: attrs{"jid": types.NewJID(number, types.DefaultUserServer)},
			Content: []node{{Tag: "contact", Attrs: attrs{"type": "out"}, Content: raw(asked)}},
		}
	}
	answers := append([]node{{Tag: "contact", Attrs: attrs{"type": "in"}, Content: raw(asked)}}, s.usyncAnswers(a, d, query)...)
	found := attrs{"jid": a.pnJID(), "pn_jid": a.pnJID()}
	if wanted := child(query, "contact"); text(&wanted, "addressing_mode") == "lid" {
		found["jid"] = a.lidJID()
	}
	return node{Tag: "user", Attrs: found, Content: answers}
}

// usyncAnswers are the parts of the query that the exchange has something to
// say about: devices and the hidden identity.
func (s *Server) usyncAnswers(a *Account, d *device, query *node) []node {
	var out []node
	for _, q := range query.GetChildren() {
		switch q.Tag {
		case "devices":
			out = append(out, a.deviceList())
		case "lid":
			out = append(out, node{Tag: "lid", Attrs: attrs{"val": a.lidJID()}})
		}
	}
	return out
}

func (a *Account) deviceList() node {
	var list []node
	for _, id := range a.deviceIDs() {
		n := node{Tag: "device", Attrs: attrs{"id": int(id)}}
		if id != 0 {
			n.Attrs["key-index"] = a.devices[id].keyIndex
		}
		list = append(list, n)
	}
	if a.hosted {
		list = append(list, node{Tag: "device", Attrs: attrs{"id": hostedID, "is_hosted": "true"}})
	}
	content := []node{{Tag: "device-list", Content: list}}
	if signed, at := a.handset.keyIndexList(); signed != nil {
		content = append(content, node{Tag: "key-index-list", Attrs: attrs{"ts": at}, Content: signed})
	}
	return node{Tag: "devices", Content: content}
}

// deviceIDs are the account's devices in order, the handset first.
func (a *Account) deviceIDs() []uint16 {
	ids := make([]uint16, 0, len(a.devices))
	for id := range a.devices {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// devicesChanged tells every other companion that it must ask for the device
// list anew. Clients keep lists per address, so each address gets its own.
func (s *Server) devicesChanged(a *Account) {
	for _, other := range s.byNumber {
		for id, d := range other.devices {
			if id == 0 {
				continue
			}
			for _, from := range []types.JID{a.pnJID(), a.lidJID()} {
				if d.willAskFor(from) {
					continue
				}
				d.deliver(node{
					Tag:     "notification",
					Attrs:   attrs{"from": from, "type": "devices", "id": s.freshID(), "t": unixNow()},
					Content: []node{{Tag: "update", Attrs: attrs{"device_hash": "2:" + a.lid[:6]}}},
				})
			}
		}
	}
}

// willAskFor reports whether a device has such a notification waiting: one is
// enough, however many changes it misses.
func (d *device) willAskFor(from types.JID) bool {
	return slices.ContainsFunc(d.pending, func(p *pending) bool {
		return text(&p.n, "type") == "devices" && p.n.Attrs["from"] == from
	})
}
