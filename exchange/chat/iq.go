package chat

import "go.mau.fi/whatsmeow/types"

// iqError is the error of an iq's answer.
type iqError struct {
	code int
	text string
}

var (
	errBadRequest = &iqError{400, "bad-request"}
	errForbidden  = &iqError{403, "forbidden"}
	errNotFound   = &iqError{404, "item-not-found"}
	errConflict   = &iqError{409, "conflict"}
	errUnknown    = &iqError{501, "feature-not-implemented"}
)

// iqHandler answers one kind of iq of a logged-in device.
type iqHandler func(s *Server, d *device, n *node) ([]node, *iqError)

// iqs are the questions that clients ask, by namespace and type. Every iq is
// answered: whatsmeow waits 75 s for one that is not.
var iqs = map[[2]string]iqHandler{
	{"encrypt", "get"}:                 getKeys,
	{"encrypt", "set"}:                 setKeys,
	{"usync", "get"}:                   usync,
	{"w:sync:app:state", "set"}:        syncAppState,
	{"privacy", "get"}:                 getPrivacy,
	{"privacy", "set"}:                 setPrivacy,
	{"blocklist", "get"}:               getBlocklist,
	{"blocklist", "set"}:               setBlocklist,
	{"md", "set"}:                      removeCompanion,
	{"w:m", "set"}:                     mediaConnection,
	{"w:g2", "get"}:                    askGroups,
	{"w:profile:picture", "get"}:       noPicture,
	{"abt", "get"}:                     properties,
	{"w", "get"}:                       properties,
	{"passive", "set"}:                 nothing, // see activation in handleIQ
	{"w:p", "get"}:                     nothing,
	{"urn:xmpp:whatsapp:push", "set"}:  nothing,
	{"urn:xmpp:whatsapp:dirty", "set"}: nothing,
	{"urn:xmpp:whatsapp:push", "get"}:  nothing,
	{"disappearing_mode", "get"}:       nothing,
	{"disappearing_mode", "set"}:       nothing,
	{"tos", "get"}:                     nothing,
	{"tos", "set"}:                     nothing,
	{"status", "get"}:                  nothing,
	{"status", "set"}:                  nothing,
	{"w:profile", "get"}:               nothing,
	{"w:biz", "get"}:                   nothing,
	{"w:stats", "set"}:                 nothing,
}

// durableIQs change what a client relies on after its answer.
var durableIQs = map[[2]string]bool{
	{"encrypt", "set"}: true,
	{"encrypt", "get"}: true, // a one-time key may have been handed out
	{"md", "set"}:      true,
	{"privacy", "set"}: true,
}

func nothing(*Server, *device, *node) ([]node, *iqError) { return nil, nil }

// handleIQ answers one iq. Called with the lock held.
func (s *Server) handleIQ(c *conn, n *node) answer {
	kind := [2]string{text(n, "xmlns"), text(n, "type")}
	if kind[1] == "result" || kind[1] == "error" {
		return c.takeReply(n)
	}
	if c.device == nil {
		return c.registrationIQ(n)
	}
	handler := iqs[kind]
	if handler == nil {
		s.refuse(Refusal{
			Rule: RuleUnknownStanza, Device: c.device.label(), Stanza: "iq",
			Detail: "the exchange does not know iqs of " + kind[0],
		})
		return answer{then: func() { c.push(iqReply(n, nil, errUnknown)) }}
	}
	d := c.device
	content, failed := handler(s, d, n)
	return answer{durable: durableIQs[kind], then: func() {
		c.reply(iqReply(n, content, failed))
		if kind[0] == "passive" && c.device == d {
			s.setPassive(d, first(n).Tag == "passive")
		}
		if kind == [2]string{"encrypt", "set"} && d.active {
			s.introduce(d)
		}
	}}
}

// setPassive holds stanzas back or lets them flow.
func (s *Server) setPassive(d *device, passive bool) {
	if passive {
		d.active = false
		return
	}
	s.activate(d)
}

// reply answers through the faults that are set for the connection's device.
func (c *conn) reply(n node) {
	if c.device != nil && c.device.link == link(c) {
		c.server.transmit(c.device, n)
		return
	}
	c.push(n)
}

// iqReply is the answer to an iq.
func iqReply(n *node, content []node, failed *iqError) node {
	out := node{Tag: "iq", Attrs: attrs{"from": types.ServerJID, "type": "result", "id": text(n, "id")}}
	if failed != nil {
		out.Attrs["type"] = "error"
		content = []node{{Tag: "error", Attrs: attrs{"code": failed.code, "text": failed.text}}}
	}
	if len(content) > 0 {
		out.Content = content
	}
	return out
}
