package relay

import (
	"context"
	"time"
)

// run keeps time for the session and tells its events until ctx ends.
func (s *Session) run(ctx, legs context.Context) {
	defer s.end()
	beat := time.NewTicker(s.config.Codec.Frame)
	defer beat.Stop()
	s.openLegs(legs)
	for {
		event, to := s.nextEvent()
		select {
		case <-ctx.Done():
			return
		case to <- event:
			s.told()
		case <-s.nudge:
			s.openLegs(legs)
		case <-beat.C:
			s.beat(time.Now())
		}
	}
}

// end lets readers know that nothing more comes.
func (s *Session) end() {
	s.stopStream()
	close(s.events)
}

func (s *Session) stopStream() { s.onceLost.Do(func() { close(s.ended) }) }

// openLegs starts a leg for every relay of the block that has none, and renews
// the credentials of the others.
func (s *Session) openLegs(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life.lost {
		return
	}
	for _, e := range s.block.usable() {
		l, known := s.legTo(e)
		if !known && len(s.legs) == maxLegs {
			continue
		}
		s.equip(l, e)
		if !known {
			s.legs = append(s.legs, l)
			s.tasks.Go(func() { s.runLeg(ctx, l) })
		}
	}
}

// legTo is the leg to an address, or a new one.
func (s *Session) legTo(e Endpoint) (l *leg, known bool) {
	for _, l := range s.legs {
		if l.endpoint.Addr == e.Addr {
			return l, true
		}
	}
	return newLeg(e, s.options), false
}

// nextEvent is the event to be told now; the channel is nil when there is none.
func (s *Session) nextEvent() (Event, chan<- Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pending) == 0 {
		return Event{}, nil
	}
	return s.pending[0], s.events
}

func (s *Session) told() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = s.pending[1:]
}

// tellEvent queues an event. Called with the lock.
func (s *Session) tellEvent(e Event) {
	s.pending = append(s.pending, e)
	s.wake()
}

// wake makes run look again.
func (s *Session) wake() {
	select {
	case s.nudge <- struct{}{}:
	default:
	}
}

// beat is everything that happens by the clock, once a frame.
func (s *Session) beat(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	usable := 0
	for _, l := range s.legs {
		if s.keepUp(l, now) {
			usable++
		}
	}
	s.watch(usable, now)
	if s.started && usable > 0 {
		s.fillGap(now)
		s.reportIfDue(now)
	}
}

// keepUp keeps a leg registered, gives it up when it has failed, and reports
// whether it may carry sound.
func (s *Session) keepUp(l *leg, now time.Time) bool {
	if !l.open() {
		return false
	}
	if err := l.reg.verdict(now); err != nil {
		l.end(err)
		return false
	}
	allocate, ping := l.reg.due(now)
	s.tell(l, allocate)
	s.tell(l, ping)
	s.bindIfDue(l, now)
	usable := l.usable(now)
	if !usable {
		s.election.Gone(l)
	}
	return usable
}
