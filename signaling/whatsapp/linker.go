package whatsapp

import (
	"context"
	"fmt"

	"tring/phone"
)

// Link starts linking the line to an account.
func (l *Line) Link(ctx context.Context, req phone.PairingRequest) (phone.Pairer, error) {
	if req.Method == phone.ByCode && number(req.Number, l.config.Region) == "" {
		return nil, errNoNumber
	}
	if err := l.mayLink(); err != nil {
		return nil, err
	}
	s, err := newSession(l, l.store.NewDevice())
	if err != nil {
		return nil, err
	}
	p := &pairing{
		session: s, number: number(req.Number, l.config.Region), attempt: attempt{method: req.Method},
		steps: make(chan phone.PairingStep, inboxSize), inbox: make(chan any, inboxSize), asked: map[phone.PairingKind]bool{},
		over: make(chan struct{}),
	}
	p.ctx, p.cancel = context.WithCancelCause(ctx)
	if err := l.startPairing(ctx, p); err != nil {
		s.close()
		return nil, err
	}
	s.client.AddEventHandler(p.take)
	go p.run()
	return p, nil
}

func (l *Line) mayLink() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.tell == nil:
		return errNotRunning
	case l.session != nil:
		return errLinked
	}
	return nil
}

// startPairing makes p the line's attempt. One that was cancelled is given the
// time to end.
func (l *Line) startPairing(ctx context.Context, p *pairing) error {
	for {
		old := l.takePairing(p)
		switch {
		case old == nil:
			return nil
		case old.ctx.Err() == nil:
			return errPairing
		}
		select {
		case <-old.over:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// takePairing makes p the attempt unless there is one, which it returns.
func (l *Line) takePairing(p *pairing) (old *pairing) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pairing == nil {
		l.pairing = p
		return nil
	}
	return l.pairing
}

func (l *Line) endPairing() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pairing = nil
}

// Unlink removes the link, on the server and here.
func (l *Line) Unlink(ctx context.Context) error {
	s, err := l.linkedSession()
	if err != nil {
		return err
	}
	if err := s.client.Logout(ctx); err != nil {
		return fmt.Errorf("the server did not remove the link; remove it on the phone: %w", err)
	}
	s.stop(ending{status: phone.LineUnlinked})
	return nil
}
