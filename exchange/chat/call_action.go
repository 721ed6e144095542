package chat

import (
	"slices"
	"strconv"
	"time"
)

// preaccept tells the caller that a device rings.
func preaccept(s *Server, c *call, d *device, n, action *node) int {
	code := passOn(s, c, d, n, action)
	if code == 0 && d != c.creator && c.state == CallRinging {
		c.ringing[d] = true
	}
	return code
}

// accept answers the call; the first device wins, and the others are told so.
func accept(s *Server, c *call, d *device, n, action *node) int {
	targets, code := s.targets(c, d, n, action)
	if code != 0 || d == c.creator {
		return code
	}
	if c.acceptedBy != nil {
		if c.acceptedBy != d {
			delete(c.undismissed, d)
			s.sendTerminate(c, c.creator, d, "accepted_elsewhere")
		}
		return 0
	}
	c.acceptedBy, c.state, c.answered = d, CallAccepted, time.Now()
	s.cancel(c.ringTimer)
	s.dismiss(c, d, "accepted_elsewhere")
	s.watchBeats(c)
	var block []node
	if c.relayed {
		if elected, ok := s.options.Relays.Accepted(c.id, d.mediaID()); ok {
			c.callerRelay = elected
		}
		block = append(block, c.acceptBlock(d, c.callerRelay))
	}
	s.log.Info("call answered", "call", c.id, "by", d.label())
	for _, target := range targets {
		s.forward(c, d, target, n, action, block...)
	}
	return 0
}

// declinesForItself are the reasons of a reject that leave the call to the
// callee's other devices.
var declinesForItself = []string{"busy", "uncallable", "enc"}

func reject(s *Server, c *call, d *device, n, action *node) int {
	targets, code := s.targets(c, d, n, action)
	if code != 0 || d == c.creator || c.acceptedBy != nil {
		return code // after the answer it comes too late to matter
	}
	for _, target := range targets {
		s.forward(c, d, target, n, action)
	}
	c.out[d] = true
	if slices.Contains(declinesForItself, text(action, "reason")) {
		return 0
	}
	s.dismiss(c, d, "rejected_elsewhere")
	s.endCall(c, "rejected", d)
	return 0
}

// terminate ends the call, or stops devices that still ring for it.
func terminate(s *Server, c *call, d *device, n, action *node) int {
	targets, code := s.targets(c, d, n, action)
	if code != 0 {
		return code
	}
	for _, target := range targets {
		delete(c.undismissed, target)
		s.forward(c, d, target, n, action)
	}
	if len(c.undismissed) == 0 {
		s.cancel(c.dismissTimer)
	}
	reason := text(action, "reason")
	switch {
	case d == c.acceptedBy, d == c.creator && slices.Contains(targets, c.acceptedBy):
		s.endCall(c, orElse(reason, "hangup"), d)
	case c.state == CallRinging && d != c.creator:
		s.dismiss(c, d, "rejected_elsewhere")
		s.endCall(c, orElse(reason, "terminated"), d)
	case c.state == CallRinging:
		for _, target := range targets {
			c.out[target] = true
		}
		if len(c.stillRinging()) == 0 {
			s.endCall(c, orElse(reason, "cancelled"), d)
		}
	}
	return 0
}

// reportDuration notes how long the side that hung up says it lasted.
func reportDuration(s *Server, c *call, d *device, n, action *node) int {
	if to, _ := jid(n, "to"); to != callService &&
		s.refuseCall(d, action, RuleAddress, "a duration goes to the call service, an empty user at the server call") {
		return errorRefused
	}
	if ms, err := strconv.ParseInt(text(action, "audio_duration"), 10, 64); err == nil && ms >= 0 && ms < int64(24*time.Hour/time.Millisecond) {
		c.duration = time.Duration(ms) * time.Millisecond
	}
	return 0
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
