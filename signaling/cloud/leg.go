package cloud

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"tring/audio"
	"tring/phone"
	"tring/signaling/cloud/call"
	"tring/signaling/cloud/graph"
	"tring/signaling/cloud/rtc"
	"tring/signaling/cloud/sdp"
	"tring/signaling/cloud/webhook"
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
	timers map[call.On]*time.Timer
	why    error // why it could not be placed
	silent bool  // the phone never had this leg
	ended  bool
}

func (d *desk) newLeg(id string, party phone.Party) *Leg {
	l := &Leg{
		desk: d, id: id, party: party, timers: map[call.On]*time.Timer{},
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
	if !l.desk.work.post(func() { l.handle(in) }) {
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

// took gives a call that we place its id.
func (l *Leg) took(id string) {
	if id == "" || l.ID() != "" {
		return
	}
	l.mu.Lock()
	l.id = id
	l.mu.Unlock()
	if !l.ended {
		l.desk.legs[id] = l
	}
	close(l.named)
	l.handle(call.Input{On: call.Placed})
}

// replied is told Meta's answer to our offer.
func (l *Leg) replied(e webhook.Call) {
	remote, err := sdp.CheckRemote(e.SDP)
	if err != nil {
		l.handle(call.Input{On: call.Release, Cause: phone.Incompatible, Detail: err.Error()})
		return
	}
	l.remote = remote
	l.handle(call.Input{On: call.Replied})
}

// handle feeds the call and does what it says. Desk goroutine only.
func (l *Leg) handle(in call.Input) {
	before := l.call.State()
	for _, a := range l.call.Handle(in) {
		l.do(a)
	}
	if after := l.call.State(); after != before {
		l.desk.log.Info("call", "id", short(l.ID()), "from", before, "on", in.On, "to", after)
	}
}

// do carries out one action.
func (l *Leg) do(a call.Action) {
	switch a := a.(type) {
	case call.Describe:
		l.describe()
	case call.Request:
		l.request(a.What)
	case call.Apply:
		l.apply()
	case call.Listen:
		l.peer.Listen()
	case call.Open:
		l.peer.Start()
		close(l.active)
	case call.Shut:
		l.desk.beside.Go(func() { _ = l.peer.Close() })
	case call.Start:
		l.start(a.On, a.After)
	case call.Stop:
		l.stop(a.On)
	case call.StopAll:
		for on := range l.timers {
			l.stop(on)
		}
	case call.Tell:
		l.tell(a)
	case call.Released:
		l.end(a)
	case call.Settled:
		l.settle(a.Failed)
	}
}

// describe makes our answer beside the desk.
func (l *Leg) describe() {
	l.desk.beside.Go(func() {
		text, err := l.peer.Answer(l.ctx, l.remote)
		l.desk.work.post(func() {
			if err != nil {
				l.handle(call.Input{On: call.Undescribed, Cause: phone.Incompatible, Detail: err.Error()})
				return
			}
			l.own = text
			l.handle(call.Input{On: call.Described})
		})
	})
}

func (l *Leg) apply() {
	remote := l.remote
	l.desk.beside.Go(func() {
		if err := l.peer.Apply(remote); err != nil && !errors.Is(err, rtc.ErrClosed) {
			_ = l.ask(call.Input{On: call.Release, Cause: phone.Incompatible, Detail: err.Error()})
		}
	})
}

// outcomes are the inputs that follow a request.
var outcomes = map[call.Verb]struct{ good, bad call.On }{
	call.PreAccept: {call.PreAccepted, call.PreAcceptBad},
	call.Accept:    {call.Accepted, call.AcceptBad},
	call.Reject:    {call.Buried, call.BuryBad},
	call.Terminate: {call.Buried, call.BuryBad},
}

// request sends one of Meta's actions.
func (l *Leg) request(what call.Verb) {
	id, own := l.ID(), l.own
	l.desk.request(func(ctx context.Context) error {
		switch what {
		case call.PreAccept:
			return l.desk.graph.PreAccept(ctx, id, own)
		case call.Accept:
			return l.desk.graph.Accept(ctx, id, own)
		case call.Reject:
			return l.desk.graph.Reject(ctx, id)
		default:
			return l.desk.graph.Terminate(ctx, id)
		}
	}, func(err error) { l.outcome(what, err) })
}

func (l *Leg) outcome(what call.Verb, err error) {
	out := outcomes[what]
	if err == nil {
		l.handle(call.Input{On: out.good})
		return
	}
	l.desk.log.Warn("call: refused", "id", short(l.ID()), "what", what, "error", err)
	in := call.Input{On: out.bad, Cause: causeOf(err), Detail: err.Error()}
	switch {
	case graph.TakenElsewhere(err):
		in.Cause, in.Detail = phone.AnsweredElsewhere, ""
	case what == call.Accept && graph.Over(err):
		in.Cause, in.Detail = phone.Cancelled, ""
	}
	l.handle(in)
}

// causeOf is the phone's word for an error of Graph's.
func causeOf(err error) phone.Cause {
	var why phone.Cause
	var network *graph.NetworkError
	switch {
	case errors.As(err, &why):
		return why
	case errors.As(err, &network):
		return phone.NetworkLost
	}
	return phone.Failed
}

func (l *Leg) settle(failed bool) {
	if l.isSettled() {
		return
	}
	if failed {
		l.proof = phone.ErrUnconfirmed
	}
	close(l.settled)
}

// start starts a timer; an older one of the same name is forgotten.
func (l *Leg) start(on call.On, after time.Duration) {
	l.stop(on)
	var t *time.Timer
	t = time.AfterFunc(after, func() {
		l.desk.work.post(func() {
			if l.timers[on] == t {
				delete(l.timers, on)
				l.handle(call.Input{On: on})
			}
		})
	})
	l.timers[on] = t
}

func (l *Leg) stop(on call.On) {
	if t := l.timers[on]; t != nil {
		t.Stop()
		delete(l.timers, on)
	}
}
