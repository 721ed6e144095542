package phonetest

import (
	"context"
	"errors"
	"sync"

	"tring/phone"
)

var (
	_ phone.Blocker = (*Line)(nil)
	_ phone.Linker  = (*Line)(nil)
	_ phone.Pairer  = (*Pairer)(nil)
)

// SetBlocked notes who is blocked.
func (l *Line) SetBlocked(_ context.Context, who phone.Party, blocked bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.blocked == nil {
		l.blocked = map[string]bool{}
	}
	l.blocked[who.Key()] = blocked
	return nil
}

// Blocked reports whether somebody is blocked.
func (l *Line) Blocked(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.blocked[key]
}

// Link starts a linking attempt that a story drives by hand: see Pairing.
func (l *Line) Link(_ context.Context, req phone.PairingRequest) (phone.Pairer, error) {
	if req.Method == phone.ByCode && req.Number == "" {
		return nil, errors.New("a code needs the number of the phone")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pairing = &Pairer{steps: make(chan phone.PairingStep), over: make(chan struct{})}
	return l.pairing, nil
}

// Unlink forgets the link.
func (l *Line) Unlink(context.Context) error {
	l.SetStatus(phone.LineUnlinked, "")
	return nil
}

// Pairing is the linking attempt in progress, or nil.
func (l *Line) Pairing() *Pairer {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pairing
}

// Pairer is a linking attempt whose steps a story decides.
type Pairer struct {
	steps chan phone.PairingStep
	over  chan struct{}
	once  sync.Once

	mu      sync.Mutex
	answers []string
}

// Steps are told to whoever links.
func (p *Pairer) Steps() <-chan phone.PairingStep { return p.steps }

// Step tells the next step; after the last one the attempt is over.
func (p *Pairer) Step(s phone.PairingStep) {
	select {
	case p.steps <- s:
	case <-p.over:
		return
	}
	if s.Kind == phone.PairingDone || s.Kind == phone.PairingFailed {
		p.Cancel()
	}
}

func (p *Pairer) note(answer string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers = append(p.answers, answer)
}

// Answers is what the person did so far.
func (p *Pairer) Answers() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.answers...)
}

// Passkey notes the browser's answer.
func (p *Pairer) Passkey(answer string) error {
	p.note("passkey " + answer)
	return nil
}

// Confirm notes whether the codes were the same.
func (p *Pairer) Confirm(same bool) error {
	if same {
		p.note("same")
	} else {
		p.note("different")
	}
	return nil
}

// Cancel ends the attempt.
func (p *Pairer) Cancel() {
	p.once.Do(func() {
		close(p.over)
		close(p.steps)
	})
}

// Cancelled reports whether the attempt is over.
func (p *Pairer) Cancelled() bool {
	select {
	case <-p.over:
		return true
	default:
		return false
	}
}
