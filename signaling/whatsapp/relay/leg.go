package relay

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"time"
)

const (
	// connectTime is how long a leg may take to open (evidence:
	// oxidezap/whatsapp-rust).
	connectTime = 12 * time.Second
	// headStart is the lead of the advertised port in the race: it is where
	// relays serve linked devices, but not on every host.
	headStart = time.Second
	// hangUp is how long a leg waits after the relay itself ended it: the call is
	// probably over, and signalling about to say so.
	hangUp = 2 * time.Second
	// lasted is how long a leg must have been registered to be dialled again as
	// if for the first time.
	lasted = 10 * time.Second
)

// backoff is how long a leg waits before it is dialled again, after so many
// attempts in a row (evidence: WhatsApp Web's bundle for the first three,
// JotaDev66/WaCalls for the last).
var backoff = [...]time.Duration{0, time.Second, 2 * time.Second, 3 * time.Second, 6 * time.Second}

// leg is our way to one address of one relay. Its goroutine dials, listens and
// dials again; what changes is guarded by the session's lock.
type leg struct {
	endpoint   Endpoint
	target     target
	allocation allocation
	kick       chan struct{} // ends a pause before the next attempt

	race     []uint16 // ports in the order in which they are tried
	attempts int      // in a row that did not last
	dead     error    // set when it is never dialled again
	last     error    // why it is not open

	channel channel // nil while none is open
	end     context.CancelCauseFunc
	port    uint16
	reg     registration
	bound   time.Time // last Binding request; see Options.Register

	sent, received, congested uint64
}

func newLeg(e Endpoint, o Options) *leg {
	l := &leg{kick: make(chan struct{}, 1), race: []uint16{e.Addr.Port()}}
	if o.OtherPort != e.Addr.Port() {
		l.race = append(l.race, o.OtherPort)
	}
	return l
}

// equip says under which credentials the leg is dialled from now on.
func (s *Session) equip(l *leg, e Endpoint) {
	pin := newest(e.Fingerprint, s.options.Fingerprint)
	l.endpoint = e
	l.target = target{Addr: e.Addr, User: s.block.user(e), Password: s.block.Key, Fingerprint: pin}
	l.allocation = allocation{Token: s.block.token(e), Endpoint: e.Addr, Streams: s.ours, Key: s.block.Key}
}

func (t target) at(port uint16) target {
	t.Addr = netip.AddrPortFrom(t.Addr.Addr(), port)
	return t
}

func (l *leg) open() bool { return l.channel != nil }

// usable reports whether the relay has taken us and still answers.
func (l *leg) usable(now time.Time) bool { return l.open() && l.reg.usable(now) }

// runLeg keeps a leg open until ctx ends or it can never be.
func (s *Session) runLeg(ctx context.Context, l *leg) {
	for {
		err := s.serve(ctx, l)
		if ctx.Err() != nil {
			return
		}
		wait, again := s.settle(l, err)
		if !again || !l.pause(ctx, wait, errors.Is(err, io.EOF)) {
			return
		}
	}
}

// pause waits before the next attempt; a kick ends it early, except after the
// relay hung up by itself.
func (l *leg) pause(ctx context.Context, wait time.Duration, hungUp bool) bool {
	kick := l.kick
	if hungUp {
		wait, kick = max(wait, hangUp), nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-kick:
	case <-timer.C:
	}
	return true
}

// serve opens a channel and listens on it until it breaks.
func (s *Session) serve(ctx context.Context, l *leg) error {
	c, port, err := s.dialRace(ctx, l)
	if err != nil {
		return err
	}
	ctx, end := context.WithCancelCause(ctx)
	closed := make(chan struct{})
	context.AfterFunc(ctx, func() { defer close(closed); c.Close() })
	s.attach(l, c, port, end)
	err = s.listen(l, c)
	s.detach(l)
	end(err)
	<-closed
	return context.Cause(ctx)
}

// listen hands on what the relay sends until the channel breaks.
func (s *Session) listen(l *leg, c channel) error {
	buffer := make([]byte, maxMessage)
	for {
		n, err := c.Receive(buffer)
		switch {
		case err == nil:
			s.receive(l, buffer[:n], time.Now())
		case errors.Is(err, errOversized):
			s.countOversized()
		default:
			return err
		}
	}
}

// attach puts a channel into use and registers on it.
func (s *Session) attach(l *leg, c channel, port uint16, end context.CancelCauseFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.channel, l.port, l.end, l.last, l.bound = c, port, end, nil, time.Time{}
	l.reg = newRegistration(l.allocation)
	allocate, ping := l.reg.open(time.Now())
	s.tell(l, allocate)
	s.tell(l, ping)
}

// detach takes a broken channel out of use.
func (s *Session) detach(l *leg) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.channel = nil
	s.election.Gone(l)
}

// settle decides what follows when a leg broke or could not be opened.
func (s *Session) settle(l *leg, err error) (wait time.Duration, again bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.wake()
	s.log.Debug("relay leg is down", "relay", l.endpoint.Name, "addr", l.endpoint.Addr, "err", err)
	l.last = err
	if errors.As(err, new(Refusal)) || errors.Is(err, ErrFingerprint) {
		l.dead = err
		return 0, false
	}
	unheard := l.reg.heard.IsZero() || errors.Is(err, errNoMedia)
	if unheard && len(l.race) > 1 {
		l.race[0], l.race[1] = l.race[1], l.race[0]
	}
	if !l.reg.allocated.IsZero() && time.Since(l.reg.allocated) >= lasted {
		l.attempts = 0
	}
	l.reg = registration{}
	wait = backoff[min(l.attempts, len(backoff)-1)]
	l.attempts++
	return wait, true
}
