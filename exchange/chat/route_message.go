package chat

import (
	"maps"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// routeMessage delivers a message's ciphertexts to the devices they are for.
func (s *Server) routeMessage(d *device, n *node) {
	to, ok := jid(n, "to")
	a := s.find(to)
	if !ok || a == nil || text(n, "id") == "" {
		s.ack(d, n, attrs{"error": "404"})
		return
	}
	if a.blocked[d.account.lid] {
		s.ack(d, n, nil) // the sender does not learn that it is blocked
		return
	}
	shared := without(n, "participants", "enc", "tctoken", "privacy", "cstoken")
	for target, enc := range s.recipients(a, to, n) {
		if target != d {
			target.deliver(messageFor(d, target, a, to, n, append(slices.Clone(enc), shared...)))
		}
	}
	s.ack(d, n, nil)
}

// recipients pairs every device that a message is for with its ciphertexts.
func (s *Server) recipients(a *Account, to types.JID, n *node) map[*device][]node {
	out := map[*device][]node{}
	if own := n.GetChildrenByTag("enc"); len(own) > 0 {
		if target := a.devices[to.Device]; target != nil {
			out[target] = own
		}
	}
	participants := child(n, "participants")
	for _, p := range participants.GetChildren() {
		j, _ := jid(&p, "jid")
		if target := s.findDevice(j); target != nil {
			out[target] = p.GetChildrenByTag("enc")
		}
	}
	return out
}

// messageFor is the message as one device gets it.
func messageFor(from, target *device, a *Account, to types.JID, n *node, content []node) node {
	out := node{Tag: "message", Content: content, Attrs: attrs{
		"from": from.address(to.Server), "id": text(n, "id"), "type": text(n, "type"),
		"t": time.Now().Unix(), "notify": from.account.name,
		"edit": text(n, "edit"), "category": text(n, "category"),
	}}
	if to.Server == types.HiddenUserServer {
		out.Attrs["addressing_mode"] = "lid"
		out.Attrs["sender_pn"] = from.account.pnJID()
	} else {
		out.Attrs["sender_lid"] = from.account.lidJID()
	}
	if target.account == from.account && a != from.account {
		out.Attrs["recipient"] = to.ToNonAD()
		out.Attrs["peer_recipient_pn"] = a.pnJID()
	}
	return out
}

// routeReceipt passes a receipt on, retry requests with all their children.
func (s *Server) routeReceipt(d *device, n *node) {
	id := text(n, "id")
	if text(n, "type") != "retry" {
		d.confirm("message", id)
	}
	if p := d.confirm("call", id); p != nil {
		id = p.origin // the sender knows its stanza by its own id
	}
	s.ack(d, n, nil)
	to, ok := jid(n, "to")
	a := s.find(to)
	if !ok || a == nil || a.blocked[d.account.lid] {
		return
	}
	out := node{Tag: "receipt", Content: n.Content, Attrs: maps.Clone(n.Attrs)}
	delete(out.Attrs, "to")
	out.Attrs["id"], out.Attrs["from"], out.Attrs["t"] = id, d.address(to.Server), time.Now().Unix()
	for _, target := range s.receiptTargets(d, a, to) {
		target.deliver(out)
	}
}

// receiptTargets are the device that is named, or every device of the user.
func (s *Server) receiptTargets(d *device, a *Account, to types.JID) []*device {
	if to.Device != 0 || hasOnlyHandset(a) {
		if target := a.devices[to.Device]; target != nil && target != d {
			return []*device{target}
		}
		return nil
	}
	var out []*device
	for _, target := range a.devices {
		if target != d {
			out = append(out, target)
		}
	}
	return out
}

func hasOnlyHandset(a *Account) bool { return len(a.devices) == 1 }
