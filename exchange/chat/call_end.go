package chat

import (
	"slices"
	"time"
)

// EndCall ends a call from outside, as the network does when its media stops:
// both sides are told the reason, such as "timeout". It reports whether the
// call was going on.
func (s *Server) EndCall(id, reason string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.calls[id]
	if c == nil || c.state == CallEnded {
		return false
	}
	s.hangUpBoth(c, reason)
	return true
}

// endCall ends a call and lets go of everything that belongs to it, without
// telling anybody.
func (s *Server) endCall(c *call, reason string, by *device) {
	if c.state == CallEnded {
		return
	}
	c.state, c.ended, c.reason, c.endedBy = CallEnded, time.Now(), reason, by
	s.cancel(c.ringTimer)
	s.cancel(c.beatTimer)
	for _, t := range c.lostTimers {
		s.cancel(t)
	}
	c.lostTimers = nil
	if c.relayed {
		s.options.Relays.Release(c.id)
	}
	c.callerRelay, c.calleeRelay = RelayBlock{}, RelayBlock{}
	s.ended = append(s.ended, c.id)
	if len(s.ended) > keepCalls {
		s.cancel(s.calls[s.ended[0]].dismissTimer)
		delete(s.calls, s.ended[0])
		s.ended = slices.Delete(s.ended, 0, 1)
	}
	s.log.Info("call ended", "call", c.id, "reason", reason)
}

// hangUpBoth ends a call and tells every device that is in it or rings.
func (s *Server) hangUpBoth(c *call, reason string) {
	targets := append(c.peers(c.creator), c.creator)
	s.endCall(c, reason, nil)
	for _, d := range targets {
		from := c.creator
		if d == c.creator {
			from = c.someCallee()
		}
		s.sendTerminate(c, from, d, reason)
	}
}

// someCallee is the device that speaks for the callee's side.
func (c *call) someCallee() *device {
	if c.acceptedBy != nil || len(c.offered) == 0 {
		return c.acceptedBy
	}
	return c.offered[0]
}

func (s *Server) sendTerminate(c *call, from, to *device, reason string) {
	if from == nil {
		from = to // nobody was offered the call; the server speaks for them
	}
	s.deliverCall(c, from, to, "", node{
		Tag:   "terminate",
		Attrs: attrs{"call-id": c.id, "call-creator": c.creator.lid(), "reason": reason},
	})
}

// dismiss waits for the caller to stop the callee's other devices, and stops
// them itself when the caller does not.
func (s *Server) dismiss(c *call, except *device, reason string) {
	c.undismissed = map[*device]bool{}
	for _, d := range c.offered {
		if d != except && !c.out[d] {
			c.undismissed[d] = true
		}
	}
	if len(c.undismissed) == 0 {
		return
	}
	c.dismissTimer = s.later(s.limits.dismiss, func() {
		if len(c.undismissed) == 0 {
			return
		}
		s.refuse(Refusal{
			Rule: RuleNotDismissed, Device: c.creator.label(), CallID: c.id, Stanza: "call terminate",
			Detail: "the caller left the callee's other devices ringing; the exchange stopped them",
		})
		for d := range c.undismissed {
			s.sendTerminate(c, c.creator, d, reason)
		}
		c.undismissed = nil
	})
}

// deviceGone starts to give up on a device that has lost its connection.
func (s *Server) deviceGone(d *device) {
	for _, c := range s.calls {
		if c.state == CallEnded || d != c.creator && d != c.acceptedBy {
			continue
		}
		if c.lostTimers == nil {
			c.lostTimers = map[*device]*time.Timer{}
		}
		s.cancel(c.lostTimers[d])
		c.lostTimers[d] = s.later(s.limits.lost, func() { s.hangUpBoth(c, "timeout") })
	}
}

// deviceBack takes it back.
func (s *Server) deviceBack(d *device) {
	for _, c := range s.calls {
		if t := c.lostTimers[d]; t != nil {
			s.cancel(t)
			delete(c.lostTimers, d)
		}
	}
}

// deviceRemoved ends the calls of a device that is not linked any more.
func (s *Server) deviceRemoved(d *device) {
	for _, c := range s.calls {
		switch {
		case c.state == CallEnded || !c.concerns(d):
		case d == c.creator || d == c.acceptedBy:
			s.hangUpBoth(c, "timeout")
		default:
			c.out[d] = true
		}
	}
}
