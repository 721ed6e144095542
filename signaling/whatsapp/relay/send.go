package relay

import (
	"time"

	"tring/signaling/whatsapp/e2e"
)

// maxBacklog is how many bytes may wait on a leg before sound is dropped
// instead of queued; registrations and answers always go.
const maxBacklog = 8 << 10

// WritePacket implements audio.Stream. Before StartMedia the packet is dropped,
// and while no leg is open it only moves the timestamp on. The marker is not
// sent: clients that speak native Opus never set it.
func (s *Session) WritePacket(payload []byte, samples uint32, _ bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life.lost {
		return ErrLost
	}
	if !s.started {
		return nil
	}
	now := time.Now()
	s.life.wrote = now
	return s.sendFrame(payload, samples, now)
}

// sendFrame protects a frame once and sends it over the elected legs. Called
// with the lock.
func (s *Session) sendFrame(payload []byte, samples uint32, now time.Time) error {
	if !s.anyUsable(now) {
		s.out.Skip(samples)
		return nil
	}
	packet, err := s.out.Packet(payload, samples)
	if err != nil {
		return err
	}
	s.counters.sent++
	s.counters.sentBytes += uint64(len(packet))
	s.spread(packet, now)
	return nil
}

func (s *Session) anyUsable(now time.Time) bool {
	for _, l := range s.legs {
		if l.usable(now) {
			return true
		}
	}
	return false
}

// spread sends a protected packet over every leg that the election names.
func (s *Session) spread(packet []byte, now time.Time) {
	for _, l := range s.legs {
		if !l.usable(now) || !s.election.Sends(l, now) {
			continue
		}
		if l.channel.Backlog() > maxBacklog {
			l.congested++
			continue
		}
		s.tell(l, packet)
	}
}

// tell sends one message over one leg. A leg that cannot send is about to tell
// so where it is listened to.
func (s *Session) tell(l *leg, message []byte) {
	if message == nil {
		return
	}
	if err := l.channel.Send(message); err == nil {
		l.sent++
	}
}

const (
	// gapFrames is how many frames late whoever writes our sound may be before
	// comfort noise is sent instead: callers that hear nothing hang up.
	gapFrames = 4
)

// comfortNoise is Opus' packet without sound for 60 ms of wideband SILK: its
// first byte alone (RFC 6716 section 3.1, configuration 11).
var comfortNoise = []byte{0x58}

// fillGap sends comfort noise for as long as nobody writes sound.
func (s *Session) fillGap(now time.Time) {
	frame := s.config.Codec.Frame
	if !s.life.wrote.IsZero() && now.Sub(s.life.wrote) < gapFrames*frame {
		return
	}
	samples := uint32(s.config.Codec.ClockRate.N(frame))
	// The clock went on while nothing was sent.
	elapsed := uint32(s.config.Codec.ClockRate.N(now.Sub(s.life.clock)))
	if behind := int32(elapsed - s.out.Timestamp()); behind > int32(samples) {
		s.out.Skip(uint32(behind) / samples * samples)
	}
	if err := s.sendFrame(comfortNoise, samples, now); err != nil {
		s.log.Warn("comfort noise could not be sent", "err", err)
	}
}

// reportIfDue sends our report: a description at first, then every
// e2e.ReportInterval with what was sent and heard.
func (s *Session) reportIfDue(now time.Time) {
	first := s.life.report.IsZero()
	if !first && now.Before(s.life.report) {
		return
	}
	s.life.report = now.Add(e2e.ReportInterval)
	packet, err := s.writeReport(first, now)
	if err != nil {
		s.log.Warn("a report could not be sent", "err", err)
		return
	}
	s.spread(packet, now)
}

func (s *Session) writeReport(first bool, now time.Time) ([]byte, error) {
	if first {
		return s.out.Description()
	}
	return s.out.Report(&s.heard, now)
}
