package relay

import (
	"errors"
	"time"
)

const (
	// MediaGap is how long nothing authentic of the far end may come before
	// MediaStopped is told. Peers never pause, not even in silence.
	MediaGap = 5 * time.Second
	// GiveUp is how long no relay may answer before the call is lost (evidence:
	// JotaDev66/WaCalls).
	GiveUp = 30 * time.Second
	// redialPause is how often, at most, all legs are dialled at once (evidence:
	// JotaDev66/WaCalls).
	redialPause = 6 * time.Second
	// rebuild is how long an expected far end may be silent before the oldest leg
	// is built anew, and the next one after as long again: a relay can answer
	// and yet pass nothing on (evidence: WhatsApp Web's bundle).
	rebuild = 10 * time.Second
)

// life is how the call's media fare, to be told the time.
type life struct {
	down     time.Time // since when no leg was usable; zero while one is
	was      bool      // a leg was usable before
	lost     bool
	expected time.Time // since when the far end should be heard, or when its silence was last acted upon
	heard    time.Time // the far end, last; zero before the first packet
	stopped  bool      // MediaStopped was told
	wrote    time.Time // our sound, last; zero before the first packet
	clock    time.Time // instant of timestamp 0
	report   time.Time // when our next report is due
	// redialled is when all legs were last dialled at once.
	redialled time.Time
}

// silent is since when the far end has been silent against expectation, or
// when that was last acted upon; zero while it need not speak.
func (f *life) silent() time.Time {
	if f.expected.IsZero() || f.heard.Before(f.expected) {
		return f.expected
	}
	return f.heard
}

// watch draws conclusions from how many legs are usable and from how long the
// far end was silent. Called with the lock.
func (s *Session) watch(usable int, now time.Time) {
	switch {
	case s.life.lost:
	case usable > 0:
		s.up()
	default:
		s.down(now)
	}
	if !s.life.heard.IsZero() && !s.life.stopped && now.Sub(s.life.heard) >= MediaGap {
		s.life.stopped = true
		s.tellEvent(Event{Kind: MediaStopped})
	}
	if since := s.life.silent(); !since.IsZero() && now.Sub(since) >= rebuild {
		s.life.expected = now
		s.rebuildOldest()
	}
}

// rebuildOldest breaks the leg that has been open longest; it is dialled again
// at once, the other port first.
func (s *Session) rebuildOldest() {
	var oldest *leg
	for _, l := range s.legs {
		if l.open() && (oldest == nil || l.reg.opened.Before(oldest.reg.opened)) {
			oldest = l
		}
	}
	if oldest != nil {
		oldest.end(errNoMedia)
	}
}

func (s *Session) up() {
	if s.life.was && !s.life.down.IsZero() {
		s.tellEvent(Event{Kind: Reconnected})
	}
	s.life.was, s.life.down = true, time.Time{}
}

// down dials all legs again at the first sight, and gives up in the end.
func (s *Session) down(now time.Time) {
	if s.life.down.IsZero() {
		s.life.down = now
		if s.life.was {
			s.tellEvent(Event{Kind: Reconnecting})
		}
		if s.life.was && now.Sub(s.life.redialled) >= redialPause {
			s.life.redialled = now
			s.redial(errSilent)
		}
	}
	if alive := s.alive(); !alive || now.Sub(s.life.down) >= GiveUp {
		s.lose()
	}
}

// redial breaks every leg that is open and wakes those that wait.
func (s *Session) redial(why error) {
	for _, l := range s.legs {
		if l.open() {
			l.end(why)
		}
		select {
		case l.kick <- struct{}{}:
		default:
		}
	}
}

// alive reports whether any leg may still open.
func (s *Session) alive() bool {
	for _, l := range s.legs {
		if l.dead == nil {
			return true
		}
	}
	return len(s.legs) == 0
}

// lose ends the media for good.
func (s *Session) lose() {
	s.life.lost = true
	why := []error{ErrLost}
	for _, l := range s.legs {
		why = append(why, l.last)
	}
	s.hangUp()
	s.tellEvent(Event{Kind: Lost, Err: errors.Join(why...)})
	s.stopStream()
}
