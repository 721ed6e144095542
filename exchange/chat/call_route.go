package chat

import (
	"slices"
	"time"
)

// callAction handles one kind of action inside a <call> of a call that the
// server knows. It returns the error for the acknowledgement, or 0.
type callAction func(s *Server, c *call, d *device, n, action *node) int

// callActions are the actions that change a call. Others, known or not, are
// passed on unchanged.
var callActions = map[string]callAction{
	"preaccept": preaccept,
	"accept":    accept,
	"reject":    reject,
	"terminate": terminate,
	"heartbeat": heartbeat,
	"duration":  reportDuration,
}

// routeCall takes a <call>. Exactly one of drop, refuse, and acknowledge
// happens to it.
func (s *Server) routeCall(d *device, n *node) {
	action := first(n)
	if text(n, "id") == "" && s.refuseCall(d, &action, RuleNoID, "a <call> without an id is neither acknowledged nor routed") {
		return
	}
	id := text(&action, "call-id")
	if id == "" && s.refuseCall(d, &action, RuleNoCallID, "an action without call-id concerns no call") {
		s.ackCall(d, n, &action, 0)
		return
	}
	if action.Tag == "offer" {
		s.offer(d, n, &action)
		return
	}
	c := s.calls[id]
	if c == nil {
		s.refuseCall(d, &action, RuleUnknownCall, "there is no such call")
		s.ackCall(d, n, &action, errorNotFound)
		return
	}
	if code, done := s.checkAction(c, d, &action); done {
		s.ackCall(d, n, &action, code)
		return
	}
	d.knows(c)
	if code := s.faultCode(d, &action); code != 0 {
		s.ackCall(d, n, &action, code)
		return
	}
	handle := callActions[action.Tag]
	if handle == nil {
		handle = passOn
	}
	s.ackCall(d, n, &action, handle(s, c, d, n, &action))
}

// checkAction applies strict mode to an action; done says that nothing more is
// to be done with it.
func (s *Server) checkAction(c *call, d *device, action *node) (code int, done bool) {
	if !c.concerns(d) && s.refuseCall(d, action, RuleStranger, "the call does not concern this device") {
		return errorNotFound, true
	}
	if creator, _ := jid(action, "call-creator"); creator != c.creator.lid() &&
		s.refuseCall(d, action, RuleCreator, "call-creator must be repeated as it came with the offer, device and all") {
		return errorRefused, true
	}
	if d == c.creator && (action.Tag == "accept" || action.Tag == "reject") &&
		s.refuseCall(d, action, RuleStranger, "a caller cannot answer its own call") {
		return errorRefused, true
	}
	if c.state != CallEnded || action.Tag == "duration" {
		return 0, false
	}
	if action.Tag == "terminate" {
		return 0, d != c.creator || len(c.undismissed) == 0 // it may still stop other devices
	}
	if d == c.endedBy || !c.untold(d) && time.Since(c.ended) > s.limits.crossing {
		s.refuseCall(d, action, RuleAfterEnd, "the call is over, and this device knows it")
	}
	return errorNotFound, true
}

// knows takes a call's offer off the device's pending list: who acts in a call
// has got its offer, even if the confirmation is still on its way.
func (d *device) knows(c *call) {
	d.pending = slices.DeleteFunc(d.pending, func(p *pending) bool {
		action := first(&p.n)
		return action.Tag == "offer" && text(&action, "call-id") == c.id
	})
}

// untold reports whether a device has not yet confirmed that the call ended.
func (c *call) untold(d *device) bool {
	return slices.ContainsFunc(d.pending, func(p *pending) bool {
		action := first(&p.n)
		return action.Tag == "terminate" && text(&action, "call-id") == c.id
	})
}

// passOn delivers an action to the devices that it is for.
func passOn(s *Server, c *call, d *device, n, action *node) int {
	targets, code := s.targets(c, d, n, action)
	for _, target := range targets {
		s.forward(c, d, target, n, action)
	}
	return code
}

// forward delivers an action as it came, without the list of its receivers,
// and perhaps with more inside it.
func (s *Server) forward(c *call, from, to *device, n, action *node, more ...node) {
	out := *action
	if kept := append(more, without(action, "destination")...); len(kept) > 0 {
		out.Content = kept
	} else if len(action.GetChildren()) > 0 {
		out.Content = nil
	}
	s.deliverCall(c, from, to, text(n, "id"), out)
}

// targets are the devices that an action is for: those of its destination, the
// one it is addressed to, or everybody on the other side.
func (s *Server) targets(c *call, d *device, n, action *node) ([]*device, int) {
	if d != c.creator {
		return s.callerTarget(c, d, n, action)
	}
	if destination, ok := action.GetOptionalChildByTag("destination"); ok {
		var out []*device
		for _, t := range destination.GetChildrenByTag("to") {
			j, _ := jid(&t, "jid")
			if target := s.findDevice(j); target != nil && slices.Contains(c.offered, target) {
				out = append(out, target)
			}
		}
		return out, 0
	}
	to, _ := jid(n, "to")
	if c.acceptedBy == nil && to.Device == 0 {
		return c.peers(d), 0
	}
	target := s.findDevice(to)
	if c.acceptedBy != nil && target != c.acceptedBy {
		if s.refuseCall(d, action, RuleAddress, "after the answer everything goes to the device that answered") {
			return nil, errorRefused
		}
		target = c.acceptedBy
	}
	if target == nil || !c.concerns(target) {
		return nil, errorNotFound
	}
	return []*device{target}, 0
}

// callerTarget is the caller's device, which the callee must name.
func (s *Server) callerTarget(c *call, d *device, n, action *node) ([]*device, int) {
	to, _ := jid(n, "to")
	if to != c.creator.lid() &&
		s.refuseCall(d, action, RuleAddress, "a callee answers to the caller's device, not to its account or a number") {
		return nil, errorRefused
	}
	return []*device{c.creator}, 0
}
