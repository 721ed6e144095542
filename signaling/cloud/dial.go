package cloud

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tring/phone"
	"tring/signaling/cloud/call"
	"tring/signaling/cloud/graph"
)

var errNobody = errors.New("a business call needs a number or a person who has written or called before")

// Dial places a call, if the customer allowed it, and returns its leg once
// Meta has it. A call whose request was lost on the way is never placed again:
// it is found by the tag that its webhooks carry, or given up.
func (l *Line) Dial(ctx context.Context, id string, to phone.Party, o phone.DialOptions) (phone.Leg, error) {
	d, err := l.ready()
	if err != nil {
		return nil, err
	}
	who := graph.To(to.Number, to.UserID)
	if who == (graph.Recipient{}) {
		return nil, fmt.Errorf("%w: %w", phone.Forbidden, errNobody)
	}
	if err := l.mayCall(ctx, d, to, o.Today); err != nil {
		return nil, err
	}
	leg, err := d.place(ctx, id, to)
	if err != nil {
		return nil, err
	}
	return leg, leg.awaitPlaced(ctx)
}

// place makes our offer and sends it.
func (d *desk) place(ctx context.Context, id string, to phone.Party) (*Leg, error) {
	l := d.newLeg("", to)
	l.tag = d.tag + phone.CleanLine(id, 64)
	own, err := l.peer.Offer(ctx)
	if err != nil {
		_ = l.peer.Close()
		return nil, because(err)
	}
	l.own = own
	if !d.work.Post(func() { d.send(l) }) {
		_ = l.peer.Close()
		return nil, phone.LineDown
	}
	return l, nil
}

// send sends our offer, once.
func (d *desk) send(l *Leg) {
	l.call, _ = call.New(call.Plan{Outgoing: true, Timers: d.callTimers()})
	if len(d.legs)+len(d.placing) >= min(d.config.Limits.Calls, maxLegs) {
		l.fail(&graph.Error{Code: 138002})
		return
	}
	d.placing[l.tag] = l
	to, own, tag := graph.To(l.party.Number, l.party.UserID), l.own, l.tag
	var id string
	d.request(func(ctx context.Context) (err error) {
		id, err = d.graph.Connect(ctx, to, own, tag)
		return err
	}, func(err error) { l.sent(id, err) })
}

// sent is told what came of the request to place the call.
func (l *Leg) sent(id string, err error) {
	var refused *graph.Error
	var network *graph.NetworkError
	switch {
	case err == nil:
		l.took(id)
	case l.ID() != "": // a webhook told that it went through
	case errors.As(err, &network), errors.As(err, &refused) && (refused.Lost || refused.HTTP >= 500 && refused.Code == 0):
		l.desk.log.Warn("call: nobody knows whether it was placed", "error", err)
		l.why = fmt.Errorf("%w: nobody knows whether Meta took the call; it is not placed again by itself: %w", phone.NetworkLost, err)
		l.giveUpLater()
	default:
		l.fail(because(err))
	}
}

// giveUpLater waits for a webhook that carries our tag.
func (l *Leg) giveUpLater() {
	time.AfterFunc(l.desk.config.Timers.Adopt, func() {
		l.desk.work.Post(func() {
			if l.ID() == "" {
				l.fail(l.why)
			}
		})
	})
}

// fail ends a call that never came to be. No webhook will name it any more.
func (l *Leg) fail(err error) {
	l.why = err
	delete(l.desk.placing, l.tag)
	l.handle(call.Input{On: call.PlaceBad, Cause: causeOf(err), Detail: err.Error()})
}

// awaitPlaced waits until the call has its id. A caller who hangs up before
// that leaves the desk to end it.
func (l *Leg) awaitPlaced(ctx context.Context) error {
	select {
	case <-l.named:
		return nil
	case <-l.settled:
		return l.failure()
	case <-ctx.Done():
	}
	quit := make(chan error, 1)
	if !l.desk.work.Post(func() { quit <- l.abandon(ctx) }) {
		return phone.LineDown
	}
	return <-quit
}

// failure is why there is no call.
func (l *Leg) failure() error {
	why := make(chan error, 1)
	if l.desk.work.Post(func() { why <- l.why }) {
		if err := <-why; err != nil {
			return err
		}
	}
	return l.over()
}

// abandon ends a call whose caller has left before it had an id; nil when it
// has one after all.
func (l *Leg) abandon(ctx context.Context) error {
	if l.ID() != "" {
		return nil
	}
	l.silent = true
	l.handle(call.Input{On: call.Release, Cause: phone.Cancelled})
	return fmt.Errorf("%w: %w", phone.Cancelled, context.Cause(ctx))
}

// mayCall asks our own limits, the settings and the customer's permission
// before anything leaves. today is how many calls the number has placed.
func (l *Line) mayCall(ctx context.Context, d *desk, to phone.Party, today int) error {
	now := d.graph.Now()
	if err := errors.Join(d.config.Limits.mayDial(today), d.book.look(to).mayDial(d.config.Limits, now)); err != nil {
		return fmt.Errorf("%w: %w", phone.RateLimited, err)
	}
	if err := l.dialBarred(); err != nil {
		return because(err)
	}
	if to.Number != "" && to.Number == l.Info().Own.Number {
		return &graph.Error{Code: 131021}
	}
	p, err := l.permissionOf(ctx, to)
	if err != nil {
		return because(err)
	}
	return p.MayCall(d.graph.Now())
}

// dialBarred is why Meta takes no calls of ours for now, or nil.
func (l *Line) dialBarred() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.noDial
}
