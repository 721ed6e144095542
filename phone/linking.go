package phone

import (
	"context"
	"errors"
	"fmt"
)

// ErrNotLinking says that no linking is under way.
var ErrNotLinking = errors.New("the line is not being linked; start linking first")

// Link starts linking a line; its steps come as EventPairing.
func (p *Phone) Link(ctx context.Context, line string, req PairingRequest) error {
	return p.onLinker(ctx, line, func(t *trunk, l Linker, reply func(error)) {
		if t.pairer != nil {
			t.pairer.Cancel()
		}
		// An attempt lives as long as the phone, not as long as the key press.
		p.task(p.ctx, func(ctx context.Context) func() {
			pairer, err := l.Link(ctx, req)
			return func() {
				if err == nil {
					p.pair(t, pairer)
				}
				reply(err)
			}
		})
	})
}

// stopLinking ends every attempt.
func (p *Phone) stopLinking() {
	for _, t := range p.lines {
		if t.pairer != nil {
			t.pairer.Cancel()
		}
	}
}

// pair passes the steps of a linking attempt on.
func (p *Phone) pair(t *trunk, pairer Pairer) {
	t.pairer = pairer
	p.nextStep(t, pairer)
}

func (p *Phone) nextStep(t *trunk, pairer Pairer) {
	p.task(p.ctx, func(ctx context.Context) func() {
		select {
		case <-ctx.Done():
			pairer.Cancel()
			return nil
		case step, more := <-pairer.Steps():
			return func() { p.paired(t, pairer, step, more) }
		}
	})
}

func (p *Phone) paired(t *trunk, pairer Pairer, step PairingStep, more bool) {
	if !more {
		if t.pairer == pairer {
			t.pairer = nil
		}
		return
	}
	p.emit(Event{Kind: EventPairing, Line: t.info.Name, Pairing: &step})
	if step.Kind == PairingDone {
		t.hurry()
	}
	p.nextStep(t, pairer)
}

// PairingPasskey hands back the browser's answer to a passkey step.
func (p *Phone) PairingPasskey(ctx context.Context, line, answer string) error {
	return p.onPairer(ctx, line, func(pairer Pairer) error { return pairer.Passkey(answer) })
}

// PairingConfirm answers a confirm step.
func (p *Phone) PairingConfirm(ctx context.Context, line string, same bool) error {
	return p.onPairer(ctx, line, func(pairer Pairer) error { return pairer.Confirm(same) })
}

// CancelLink ends the linking attempt.
func (p *Phone) CancelLink(ctx context.Context, line string) error {
	return p.onPairer(ctx, line, func(pairer Pairer) error { pairer.Cancel(); return nil })
}

// Unlink unlinks a line from its account.
func (p *Phone) Unlink(ctx context.Context, line string) error {
	return p.onLinker(ctx, line, func(t *trunk, l Linker, reply func(error)) {
		ctx, cancel := p.joined(ctx)
		p.task(ctx, func(ctx context.Context) func() {
			defer cancel()
			err := l.Unlink(ctx)
			return func() { reply(err) }
		})
	})
}

func (p *Phone) onLinker(ctx context.Context, line string, do func(*trunk, Linker, func(error))) error {
	return tellTo(ctx, p, func(reply func(error)) {
		t, err := p.lineOf(line)
		if err != nil {
			reply(err)
			return
		}
		l, can := t.Line.(Linker)
		if !can {
			reply(fmt.Errorf("%s cannot be linked: %w", t.info.Name, ErrUnsupported))
			return
		}
		do(t, l, reply)
	})
}

func (p *Phone) onPairer(ctx context.Context, line string, do func(Pairer) error) error {
	return tellTo(ctx, p, func(reply func(error)) {
		t, err := p.lineOf(line)
		switch {
		case err != nil:
			reply(err)
		case t.pairer == nil:
			reply(ErrNotLinking)
		default:
			pairer := t.pairer
			p.task(p.ctx, func(context.Context) func() {
				err := do(pairer)
				return func() { reply(err) }
			})
		}
	})
}
