package relay

import (
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"tring/signaling/whatsapp/e2e"
)

// receive sorts one message of a relay.
func (s *Session) receive(l *leg, message []byte, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.received++
	l.reg.heard = now
	message = unwrap(message)
	switch classify(message) {
	case stunClass:
		s.receiveSTUN(l, message, now)
	case rtpClass:
		s.receiveRTP(l, message, now)
	case rtcpClass:
		s.receiveRTCP(l, message, now)
	default:
		s.counters.malformed++
	}
}

func (s *Session) countOversized() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counters.malformed++
}

func (s *Session) receiveSTUN(l *leg, message []byte, now time.Time) {
	m, err := parseSTUN(message)
	if err != nil || !l.open() {
		s.counters.malformed++
		return
	}
	answer, registered := l.reg.take(m, now)
	s.tell(l, answer)
	if registered {
		s.registered(l)
	}
}

// registered tells once for each relay that it took us.
func (s *Session) registered(l *leg) {
	s.log.Debug("relay leg is open", "relay", l.endpoint.Name, "addr", l.endpoint.Addr, "port", l.port, "rtt", l.reg.rtt)
	if slices.ContainsFunc(s.reported, l.endpoint.Same) {
		return
	}
	s.reported = append(s.reported, l.endpoint)
	s.tellEvent(Event{Kind: LegOpen, Relay: l.endpoint, Latency: l.reg.rtt})
}

// receiveRTP opens a packet and hands it to the player. Called with the lock.
func (s *Session) receiveRTP(l *leg, packet []byte, now time.Time) {
	if s.echo(packet[8:]) {
		s.counters.echoed++
		return
	}
	if s.in == nil && !s.court(packet) {
		s.held.keep(l, packet, now)
		return
	}
	p := s.inbox.Blank()
	if err := s.in.RTP(packet, p); err != nil {
		s.inbox.GiveBack(p)
		s.drop(l, packet, err, now)
		return
	}
	s.counters.received++
	s.counters.receivedBytes += uint64(len(packet))
	s.heard.Packet(p.Sequence, p.Timestamp, now)
	s.hear(l, now)
	if !s.started {
		s.inbox.GiveBack(p)
		return
	}
	if s.life.heard.IsZero() {
		s.tellEvent(Event{Kind: FirstMedia})
	}
	s.life.heard = now
	p.Arrival = now
	s.inbox.Put(p)
}

// echo reports whether a packet claims to be of one of our own streams.
func (s *Session) echo(ssrc []byte) bool {
	return slices.Contains(s.ours[:], binary.BigEndian.Uint32(ssrc))
}

// drop counts why a packet was of no use. One that fits no key may be from a
// device that signalling is about to name.
func (s *Session) drop(l *leg, packet []byte, err error, now time.Time) {
	switch {
	case errors.Is(err, e2e.ErrReplayed):
		s.counters.replayed++
	case errors.Is(err, e2e.ErrForged):
		s.counters.forged++
		s.held.keep(l, packet, now)
	case errors.Is(err, e2e.ErrForeign):
		s.counters.foreign++
	default:
		s.counters.malformed++
	}
}

// hear notes that something authentic and new of the far end came over a leg:
// sound, or a report, which goes on where sound may pause.
func (s *Session) hear(l *leg, now time.Time) {
	if l.open() && s.election.Heard(l, now) {
		s.log.Debug("the far end is heard", "relay", l.endpoint.Name)
	}
	if s.life.heard.IsZero() {
		return // reports alone are no media yet
	}
	if s.life.heard = now; s.life.stopped {
		s.life.stopped = false
		s.tellEvent(Event{Kind: MediaBack})
	}
}

func (s *Session) receiveRTCP(l *leg, packet []byte, now time.Time) {
	if s.echo(packet[4:]) {
		s.counters.echoed++
		return
	}
	if s.in == nil {
		return
	}
	if err := s.in.RTCP(packet, s.ours[e2e.Audio], &s.heard, now); err != nil {
		s.dropReport(err)
		return
	}
	s.hear(l, now)
}

func (s *Session) dropReport(err error) {
	switch {
	case errors.Is(err, e2e.ErrReplayed):
		s.counters.replayed++
	case errors.Is(err, e2e.ErrForged):
		s.counters.forged++
	default:
		s.counters.malformed++
	}
}
