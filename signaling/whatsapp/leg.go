package whatsapp

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"tring/audio"
	"tring/phone"
	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/stanza"
)

// Leg is our side of one call. Its life is the board's: the methods post
// inputs and wait for what follows.
type Leg struct {
	board  *board
	ctx    context.Context // the call's life; its cause is why it ended
	cancel context.CancelCauseFunc
	stream *stream
	key    [32]byte
	id     string

	mu    sync.Mutex
	party phone.Party

	released atomic.Bool
	settled  chan struct{} // closed when the end is confirmed or given up
	proof    error         // nil, or why it is not confirmed; valid after settled

	// Only the board's goroutine touches what follows.
	call       *call.Call
	offer      phone.IncomingOffer // of an incoming call
	spec       stanza.OfferSpec    // of an outgoing call, to offer again
	timers     *phone.Timers[call.On]
	media      media
	since      time.Time
	sent       chan struct{} // closed when the offer of our call was sent; nil afterwards
	transcript []Entry
	shown      bool // the phone was told of it
	quiet      bool // a crashed run's call, of which the phone is told nothing
}

func newLeg(b *board, c *call.Call, party phone.Party, codec audio.Codec) *Leg {
	l := &Leg{
		board: b, call: c, id: c.Ref.ID, party: party, stream: newStream(codec),
		settled: make(chan struct{}), timers: phone.NewTimers[call.On](b.work.Post), since: time.Now(),
	}
	l.stream.mismatch = func() { b.work.Post(func() { l.handle(call.Input{On: call.Mismatched}) }) }
	l.ctx, l.cancel = context.WithCancelCause(context.Background())
	return l
}

// ID is the call's id on the network.
func (l *Leg) ID() string { return l.id }

// Party is the other end.
func (l *Leg) Party() phone.Party {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.party
}

func (l *Leg) setDevice(device string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.party.Device = device
}

// Stream is the call's sound.
func (l *Leg) Stream() audio.Stream { return l.stream }

func (l *Leg) alive() bool { return !l.released.Load() }

// over is the error of a method on a call that has ended.
func (l *Leg) over() error { return context.Cause(l.ctx) }

// ask posts an input and waits until the board has dealt with it.
func (l *Leg) ask(ctx context.Context, in call.Input) error {
	done := make(chan struct{})
	if !l.board.work.Post(func() { l.handle(in); close(done) }) {
		return phone.LineDown
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Answer accepts the call.
func (l *Leg) Answer(ctx context.Context) error {
	if !l.alive() {
		return l.over()
	}
	if err := l.ask(ctx, call.Input{On: call.Answer}); err != nil {
		return err
	}
	if !l.alive() {
		return l.over()
	}
	return nil
}

// Release ends the call in whatever state it is, and waits for proof that the
// other side heard of it.
func (l *Leg) Release(ctx context.Context, why phone.Cause) error {
	if !l.alive() {
		return l.over()
	}
	if err := l.ask(ctx, call.Input{On: call.Release, Cause: why}); err != nil {
		return err
	}
	select {
	case <-l.settled:
		return l.proof
	case <-l.board.gone:
		return phone.ErrUnconfirmed
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", phone.ErrUnconfirmed, ctx.Err())
	}
}

// Mute tells the other side that our microphone is muted.
func (l *Leg) Mute(ctx context.Context, muted bool) error {
	if !l.alive() {
		return l.over()
	}
	return l.ask(ctx, call.Input{On: call.SetMuted, Muted: muted})
}

// SendDigits is not possible: the network has no keypad digits.
func (l *Leg) SendDigits(context.Context, string) error {
	if !l.alive() {
		return l.over()
	}
	return phone.ErrUnsupported
}
