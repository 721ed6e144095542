package relay

import (
	"context"
	"errors"
	"time"
)

// contender is the outcome of dialling one port.
type contender struct {
	channel channel
	port    uint16
	err     error
}

// dialRace dials the ports of a leg, each with a head start before the next,
// and keeps the first that opens. The others are closed before they said
// anything: a relay forwards to whoever spoke last.
func (s *Session) dialRace(ctx context.Context, l *leg) (channel, uint16, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	to, ports := s.contest(l)
	results := make(chan contender)
	next := time.NewTimer(0)
	defer next.Stop()
	var failed []error
	for started := 0; len(failed) < len(ports); {
		select {
		case <-next.C:
			if started < len(ports) {
				go s.contend(ctx, to.at(ports[started]), results)
				started++
				next.Reset(headStart)
			}
		case r := <-results:
			if r.err == nil {
				s.tasks.Go(func() { closeLosers(results, started-len(failed)-1) })
				return r.channel, r.port, nil
			}
			failed = append(failed, r.err)
			next.Reset(0)
		}
	}
	return nil, 0, errors.Join(failed...)
}

func (s *Session) contend(ctx context.Context, to target, results chan<- contender) {
	c, err := s.options.dial(ctx, to)
	results <- contender{c, to.Addr.Port(), err}
}

// closeLosers waits for the contenders that were still dialling.
func closeLosers(results <-chan contender, n int) {
	for ; n > 0; n-- {
		if r := <-results; r.err == nil {
			r.channel.Close()
		}
	}
}

// contest is what a leg dials now: whom, and the ports in their order.
func (s *Session) contest(l *leg) (target, []uint16) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return l.target, append([]uint16(nil), l.race...)
}
