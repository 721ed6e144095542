package chat

import (
	"time"

	"go.mau.fi/whatsmeow/types"
)

// handle takes one stanza of a connection. What the client must be able to
// rely on after a crash is on disk before it gets its answer.
func (s *Server) handle(c *conn, n *node) {
	s.mu.Lock()
	s.trace("←", c, n)
	var a answer
	if !c.ending {
		a = s.dispatch(c, n)
	}
	s.mu.Unlock()
	if a.durable {
		_ = s.vault.sync() // it has said so in the log, and the network goes on
	}
	if a.then == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a.then()
}

// answer is what follows a stanza once it has been handled.
type answer struct {
	durable bool   // first write out what changed
	then    func() // called with the lock held
}

// dispatch routes one stanza. Called with the lock held.
func (s *Server) dispatch(c *conn, n *node) answer {
	if n.Tag == "iq" {
		return s.handleIQ(c, n)
	}
	d := c.device
	if d == nil {
		return answer{} // nothing else is expected of a client that is not linked
	}
	switch n.Tag {
	case "message":
		s.routeMessage(d, n)
	case "receipt":
		s.routeReceipt(d, n)
	case "call":
		s.routeCall(d, n)
	case "ack":
		s.takeAck(d, n)
	case "presence":
		s.routePresence(d, n)
	case "chatstate":
		s.routeChatState(d, n)
	case "ib":
		// unified_session and the like concern nobody here
	default:
		s.refuse(Refusal{
			Rule: RuleUnknownStanza, Device: d.label(), Stanza: n.Tag,
			Detail: "the exchange does not know this stanza",
		})
	}
	return answer{}
}

// takeAck confirms what was delivered. A message is normally confirmed by a
// receipt; an ack of class message is for what the client cannot handle.
func (s *Server) takeAck(d *device, n *node) {
	d.confirm(text(n, "class"), text(n, "id"))
}

// ack answers a stanza of a client; more attributes may follow.
func (s *Server) ack(d *device, n *node, more attrs, content ...node) {
	out := node{Tag: "ack", Attrs: attrs{"class": n.Tag, "id": text(n, "id"), "t": time.Now().Unix()}}
	if to, ok := jid(n, "to"); ok {
		out.Attrs["from"] = to
	} else {
		out.Attrs["from"] = types.ServerJID
	}
	for _, key := range []string{"type", "participant"} {
		if v, ok := n.Attrs[key]; ok {
			out.Attrs[key] = v
		}
	}
	for key, v := range more {
		out.Attrs[key] = v
	}
	if len(content) > 0 {
		out.Content = content
	}
	d.send(out)
}

// trace logs a stanza's shape. Called with the lock held.
func (s *Server) trace(arrow string, c *conn, n *node) {
	if !s.options.Trace {
		return
	}
	who := "unlinked"
	if c.device != nil {
		who = c.device.label()
	}
	inner := first(n)
	s.log.Debug("stanza", "dir", arrow, "device", who, "tag", n.Tag, "id", text(n, "id"),
		"type", text(n, "type"), "child", inner.Tag, "call", text(&inner, "call-id"))
}
