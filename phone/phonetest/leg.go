package phonetest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tring/audio"
	"tring/phone"
)

// Leg is one side of a call of the network.
type Leg struct {
	id     string
	line   *Line
	peer   *Leg
	born   time.Time
	in     *pipe // their packets to us
	callee bool  // they called us

	mu       sync.Mutex
	answered bool
	heard    bool
	cause    phone.Cause
	over     bool
}

// newPair makes both legs of a call and hands them to their lines.
func newPair(id string, a, b *Line) (ours, theirs *Leg) {
	now := time.Now()
	ours = &Leg{id: id, line: a, born: now, in: newPipe()}
	theirs = &Leg{id: id, line: b, born: now, in: newPipe(), callee: true}
	ours.peer, theirs.peer = theirs, ours
	for _, leg := range []*Leg{ours, theirs} {
		leg.line.mu.Lock()
		leg.line.legs[id] = leg
		leg.line.mu.Unlock()
	}
	return ours, theirs
}

// ID is the network's id of the call.
func (l *Leg) ID() string { return l.id }

// Party is the line at the other end.
func (l *Leg) Party() phone.Party { return l.peer.line.Info().Own }

// state reads what the leg is now: its cause once it is over.
func (l *Leg) state() (answered bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return l.answered, l.cause
	}
	return l.answered, nil
}

// Answer accepts the call.
func (l *Leg) Answer(ctx context.Context) error {
	if already, err := l.state(); err != nil || already {
		return err
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	delay := l.line.net.Delay
	for _, leg := range []*Leg{l, l.peer} {
		leg.mu.Lock()
		leg.answered = true
		leg.mu.Unlock()
	}
	l.peer.line.post(delay, phone.LegAccepted{Leg: l.peer, Party: l.line.Info().Own})
	if l.line.net.MediaAtAnswer {
		l.hear(delay)
		l.peer.hear(delay)
	}
	return nil
}

// hear tells of sound, once.
func (l *Leg) hear(delay time.Duration) {
	l.mu.Lock()
	first := !l.heard && !l.over
	l.heard = true
	l.mu.Unlock()
	if first {
		l.line.post(delay, phone.LegMedia{Leg: l})
	}
}

// Release ends the call.
func (l *Leg) Release(ctx context.Context, why phone.Cause) error {
	if _, err := l.state(); err != nil {
		return err
	}
	if l.line.takeDeaf() {
		select {
		case <-ctx.Done():
		case <-time.After(l.line.net.Delay):
		}
		return fmt.Errorf("nothing came back: %w", phone.ErrUnconfirmed)
	}
	l.end(why, "", true)
	return nil
}

func (l *Line) takeDeaf() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.deaf == 0 {
		return false
	}
	l.deaf--
	return true
}

// End ends the call as the network would: taken elsewhere, lost.
func (l *Leg) End(why phone.Cause, detail string) { l.end(why, detail, false) }

// end ends both legs, each exactly once. Nothing is told to the caller of a
// call that nobody here took: other devices may ring on.
func (l *Leg) end(why phone.Cause, detail string, ours bool) {
	if !l.close(why, detail, 0) {
		return
	}
	if ours && why == phone.NoAnswer && l.callee && !l.wasAnswered() {
		return
	}
	l.peer.close(farCause(why, l.wasAnswered()), detail, l.line.net.Delay)
}

func (l *Leg) wasAnswered() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.answered
}

// farCause is what the other side sees of our cause.
func farCause(why phone.Cause, answered bool) phone.Cause {
	switch {
	case answered:
		return phone.NormalClearing
	case why == phone.RejectedByRule:
		return phone.Declined
	case why == phone.NoAnswer:
		return phone.Cancelled
	}
	return why
}

// close ends one leg; false if it was over already.
func (l *Leg) close(why phone.Cause, detail string, delay time.Duration) bool {
	l.mu.Lock()
	was := l.over
	l.over, l.cause = true, why
	l.mu.Unlock()
	if was {
		return false
	}
	l.in.close()
	l.line.mu.Lock()
	defer l.line.mu.Unlock()
	delete(l.line.legs, l.id)
	l.line.postLocked(delay, phone.LegReleased{Leg: l, Cause: why, Detail: detail})
	return true
}

// Mute tells the other side.
func (l *Leg) Mute(_ context.Context, muted bool) error {
	l.line.pause()
	if _, err := l.state(); err != nil {
		return err
	}
	l.peer.line.post(l.line.net.Delay, phone.LegPeerMuted{Leg: l.peer, Muted: muted})
	return nil
}

// SendDigits plays digits to the other side.
func (l *Leg) SendDigits(_ context.Context, digits string) error {
	l.line.pause()
	if _, err := l.state(); err != nil {
		return err
	}
	if l.line.net.NoDigits {
		return phone.ErrUnsupported
	}
	for _, d := range digits {
		l.peer.line.post(l.line.net.Delay, phone.LegDigit{Leg: l.peer, Digit: d})
	}
	return nil
}

// Stream is the leg's sound.
func (l *Leg) Stream() audio.Stream { return stream{l} }
