package chat

import (
	"maps"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// heartbeat proves that a side is still in the call.
func heartbeat(s *Server, c *call, d *device, n, action *node) int {
	if to, _ := jid(n, "to"); to != types.NewJID(c.id, "call") &&
		s.refuseCall(d, action, RuleAddress, "a heartbeat goes to the call itself, {call-id}@call") {
		return errorRefused
	}
	if _, watched := c.beats[d]; watched {
		c.beats[d] = time.Now()
	}
	return 0
}

// watchBeats ends an answered call when one side stops proving itself.
func (s *Server) watchBeats(c *call) {
	limit := s.options.HeartbeatTimeout
	if limit <= 0 {
		return
	}
	c.beats = map[*device]time.Time{c.creator: time.Now(), c.acceptedBy: time.Now()}
	var check func()
	check = func() {
		for d, last := range maps.Clone(c.beats) {
			if time.Since(last) >= limit {
				s.refuse(Refusal{
					Rule: RuleHeartbeat, Device: d.label(), CallID: c.id, Stanza: "call heartbeat",
					Detail: "no heartbeat came; the call was ended as the real network would",
				})
				s.hangUpBoth(c, "timeout")
				return
			}
		}
		c.beatTimer = s.later(limit/4, check)
	}
	c.beatTimer = s.later(limit/4, check)
}
