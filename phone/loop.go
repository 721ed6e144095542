package phone

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Run connects every line and works until ctx ends, then releases every call.
// It may be called once.
func (p *Phone) Run(ctx context.Context) error {
	if p.started.Swap(true) {
		return errors.New("the phone runs already")
	}
	calls, endCalls := context.WithCancelCause(context.WithoutCancel(ctx))
	lines, endLines := context.WithCancel(context.WithoutCancel(ctx))
	p.ctx = calls
	p.open()
	for _, t := range p.lines {
		p.work.Go(func() { p.keep(lines, t) })
	}
	p.loop(ctx)
	p.closeDown(endCalls, endLines)
	p.watching.close()
	close(p.done)
	return nil
}

// loop is where everything happens: commands of people, news of lines, results
// of background work and alarms, one at a time.
func (p *Phone) loop(ctx context.Context) {
	clock := time.NewTimer(time.Hour)
	defer clock.Stop()
	for {
		if at, ok := p.alarms.next(); ok {
			clock.Reset(time.Until(at))
		} else {
			clock.Stop()
		}
		select {
		case <-ctx.Done():
			return
		case command := <-p.commands:
			command()
		case result := <-p.results:
			result()
		case <-p.told.ready:
			p.hear()
		case now := <-clock.C:
			p.ringAlarms(now)
		}
	}
}

func (p *Phone) hear() {
	for _, t := range p.told.take() {
		p.handle(t.line, t.event)
	}
}

func (p *Phone) ringAlarms(now time.Time) {
	for a := p.alarms.due(now); a != nil; a = p.alarms.due(now) {
		a.ring()
	}
}

// after sets an alarm.
func (p *Phone) after(d time.Duration, ring func()) *alarm {
	return p.alarms.set(time.Now().Add(d), ring)
}

// until sets an alarm for a time, which may be a network's. It is counted from
// now: a clock that is set back meanwhile delays nothing.
func (p *Phone) until(at time.Time, ring func()) *alarm { return p.after(time.Until(at), ring) }

// quitTime is how long the phone waits for the networks when it is shut down.
const quitTime = 3 * time.Second

// closeDown releases every call, gives the networks a moment to hear of it,
// ends the lines, and waits until every goroutine has gone.
func (p *Phone) closeDown(endCalls context.CancelCauseFunc, endLines context.CancelFunc) {
	p.stopPlayers(ErrClosed)
	p.stopLinking()
	for _, c := range slices.Clone(p.calls) {
		p.release(c, quitCause(c), func(error) {})
	}
	late := time.NewTimer(quitTime)
	defer late.Stop()
	p.serve(func() bool { return p.busy == 0 }, late.C)
	endCalls(ErrClosed)
	endLines()
	p.busy++
	go func() {
		p.work.Wait()
		p.results <- func() { p.busy-- }
	}()
	p.serve(func() bool { return p.busy == 0 }, nil)
}

// quitCause is how a call ends when the program ends. What rings here only
// stops ringing here: our other devices must go on.
func quitCause(c *live) Cause {
	switch {
	case c.State == Incoming || c.State == Idle:
		return NoAnswer
	case c.State.Answered():
		return NormalClearing
	}
	return Cancelled
}

// serve goes on hearing results and lines until enough, or late.
func (p *Phone) serve(enough func() bool, late <-chan time.Time) {
	for !enough() {
		select {
		case <-late:
			return
		case result := <-p.results:
			result()
		case <-p.told.ready:
			p.hear()
		}
	}
}

// task does something that may wait, away from the loop, and brings back what
// follows from it. The loop alone calls it.
func (p *Phone) task(ctx context.Context, work func(context.Context) (then func())) {
	p.busy++
	go func() {
		then := work(ctx)
		p.results <- func() {
			p.busy--
			if then != nil {
				then()
			}
		}
	}()
}

// joined is ctx, ended also by the phone's end.
func (p *Phone) joined(ctx context.Context) (context.Context, context.CancelFunc) {
	both, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(p.ctx, func() { cancel(ErrClosed) })
	return both, func() { stop(); cancel(nil) }
}

// ask has the loop do something and waits for its answer.
func ask[T any](ctx context.Context, p *Phone, command func(reply func(T, error))) (T, error) {
	type answer struct {
		v   T
		err error
	}
	answers := make(chan answer, 1)
	var none T
	do := func() {
		command(func(v T, err error) {
			select {
			case answers <- answer{v, err}:
			default: // only the first answer counts
			}
		})
	}
	select {
	case p.commands <- do:
	case <-ctx.Done():
		return none, context.Cause(ctx)
	case <-p.done:
		return none, ErrClosed
	}
	select {
	case a := <-answers:
		return a.v, a.err
	case <-ctx.Done():
		return none, context.Cause(ctx)
	case <-p.done:
		return none, ErrClosed
	}
}

// tellTo is ask for commands that answer with an error alone.
func tellTo(ctx context.Context, p *Phone, command func(reply func(error))) error {
	_, err := ask(ctx, p, func(reply func(struct{}, error)) {
		command(func(err error) { reply(struct{}{}, err) })
	})
	return err
}
