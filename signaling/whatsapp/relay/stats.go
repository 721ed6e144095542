package relay

import (
	"fmt"
	"time"

	"tring/audio"
)

// counters are what the session counted since it was opened.
type counters struct {
	sent, received                               uint64
	sentBytes, receivedBytes                     uint64
	forged, replayed, foreign, echoed, malformed uint64
}

// Counters are what was dropped, and why. Copies of the same packet that came
// over several relays count as replayed.
type Counters struct {
	Forged, Replayed, Foreign, Echoed, Malformed uint64
}

// Dropped says what was dropped and why.
func (s *Session) Dropped() Counters {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.counters
	return Counters{c.forged, c.replayed, c.foreign, c.echoed, c.malformed}
}

// Network implements audio.Stream. Whether the far microphone is muted is
// signalling's to know.
func (s *Session) Network() audio.NetworkStats {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.counters
	return audio.NetworkStats{
		RTT: s.heard.RTT(), RemoteLoss: s.heard.RemoteLoss(), Jitter: s.heard.Jitter(),
		Sent: c.sent, Received: c.received, SentBytes: c.sentBytes, RecvBytes: c.receivedBytes,
		Dropped:   c.forged + c.replayed + c.foreign + c.echoed + c.malformed,
		Path:      s.path(time.Now()),
		Encrypted: "end to end",
	}
}

// path names the relay in use, or how many are.
func (s *Session) path(now time.Time) string {
	if l := s.election.leg; l != nil && s.election.Sends(l, now) {
		return fmt.Sprintf("relay %s", l.endpoint.Name)
	}
	usable := 0
	for _, l := range s.legs {
		if l.usable(now) {
			usable++
		}
	}
	return fmt.Sprintf("%d relays", usable)
}

// LegStats is one leg, for people who look for a fault.
type LegStats struct {
	Relay      string
	Addr       string // with the port in use
	OtherPort  bool   // not the advertised one
	Open       bool
	Registered bool
	Elected    bool
	RTT        time.Duration
	Sent       uint64 // messages
	Received   uint64
	Congested  uint64 // packets of sound dropped because the leg was backed up
	Err        error  // why it is not open
}

// Legs describes every leg.
func (s *Session) Legs() []LegStats {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []LegStats
	for _, l := range s.legs {
		all = append(all, LegStats{
			Relay: l.endpoint.Name, Addr: l.target.at(l.port).Addr.String(),
			OtherPort: l.port != 0 && l.port != l.endpoint.Addr.Port(),
			Open:      l.open(), Registered: !l.reg.allocated.IsZero(), Elected: s.election.leg == l,
			RTT: l.reg.rtt, Sent: l.sent, Received: l.received, Congested: l.congested, Err: l.last,
		})
	}
	return all
}
