package cloud

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"tring/audio"
	"tring/phone"
	"tring/signaling/cloud/call"
	"tring/signaling/cloud/rtc"
	"tring/signaling/cloud/sdp"
)

// Leg is our side of one call. Its life is the desk's: the methods post inputs
// and wait for what follows.
type Leg struct {
	desk   *desk
	peer   *rtc.Peer
	ctx    context.Context // the call's life; its cause is why it ended
	cancel context.CancelCauseFunc
	tag    string // of a call that we place

	mu    sync.Mutex
	id    string
	party phone.Party

	named    chan struct{} // closed when the call has its id
	active   chan struct{} // closed when sound may pass
	released atomic.Bool
	settled  chan struct{} // closed when Meta knows of the end, or never will
	proof    error         // valid after settled
	// confirmed is set when a later attempt to tell Meta went through.
	confirmed atomic.Bool

	// Only the desk's goroutine touches what follows.
	call   *call.Call
	offer  phone.IncomingOffer
	remote sdp.Remote
	own    string // our description; the same bytes in every request
	timers *phone.Timers[call.On]
	why    error // why it could not be placed
	silent bool  // the phone never had this leg
	ended  bool
}

func (d *desk) newLeg(id string, party phone.Party) *Leg {
	l := &Leg{
		desk: d, id: id, party: party, timers: phone.NewTimers[call.On](d.work.Post),
		named: make(chan struct{}), active: make(chan struct{}), settled: make(chan struct{}),
	}
	l.ctx, l.cancel = context.WithCancelCause(context.Background())
	l.peer = d.newPeer(l)
	return l
}

// ID is the call's id at Meta.
func (l *Leg) ID() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.id
}

// Party is the customer.
func (l *Leg) Party() phone.Party {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.party
}

// Stream is the call's sound. No packet leaves or comes before it is accepted.
func (l *Leg) Stream() audio.Stream { return l.peer }

// over is the error of a method on a call that has ended.
func (l *Leg) over() error { return context.Cause(l.ctx) }

// ask posts an input.
func (l *Leg) ask(in call.Input) error {
	if !l.desk.work.Post(func() { l.handle(in) }) {
		return phone.LineDown
	}
	return nil
}

// Answer accepts the call; it returns when Meta has taken that.
func (l *Leg) Answer(ctx context.Context) error {
	if l.released.Load() {
		return l.over()
	}
	if err := l.ask(call.Input{On: call.Answer}); err != nil {
		return err
	}
	select {
	case <-l.active:
		return nil
	case <-l.ctx.Done():
		return l.over()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Release ends the call in whatever state it is, and waits until Meta knows.
// One that Meta could not be told of may be released again.
func (l *Leg) Release(ctx context.Context, why phone.Cause) error {
	if l.isSettled() {
		return l.again(ctx)
	}
	if err := l.ask(call.Input{On: call.Release, Cause: why}); err != nil {
		return err
	}
	select {
	case <-l.settled:
		return l.proof
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", phone.ErrUnconfirmed, ctx.Err())
	}
}

// again tells Meta once more of an end that it may not know of.
func (l *Leg) again(ctx context.Context) error {
	if l.proof == nil || l.confirmed.Load() {
		return l.over()
	}
	if err := l.desk.graph.Terminate(ctx, l.ID()); err != nil {
		return fmt.Errorf("%w: %w", phone.ErrUnconfirmed, err)
	}
	l.confirmed.Store(true)
	return nil
}

func (l *Leg) isSettled() bool {
	select {
	case <-l.settled:
		return true
	default:
		return false
	}
}

// Mute tells nobody: Meta has no word for it, and the session sends silence.
func (l *Leg) Mute(context.Context, bool) error {
	if l.released.Load() {
		return l.over()
	}
	return nil
}

// SendDigits plays keypad digits, if Meta's relay agreed to them.
func (l *Leg) SendDigits(ctx context.Context, text string) error {
	if l.released.Load() {
		return l.over()
	}
	err := l.peer.SendDigits(ctx, text)
	switch {
	case errors.Is(err, rtc.ErrNoKeypad):
		return fmt.Errorf("%w: %w", phone.ErrUnsupported, err)
	case errors.Is(err, rtc.ErrClosed):
		return l.over()
	}
	return err
}
