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
	}
	p.ctx, p.cancel = context.WithCancelCause(ctx)
	if !l.startPairing(p) {
		s.close()
		return nil, errPairing
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

func (l *Line) startPairing(p *pairing) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pairing != nil {
		return false
	}
	l.pairing = p
	return true
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
