package cloud

import (
	"context"
	"errors"
	"fmt"

	"tring/phone"
	"tring/signaling/cloud/call"
	"tring/signaling/cloud/graph"
	"tring/signaling/cloud/rtc"
	"tring/signaling/cloud/sdp"
	"tring/signaling/cloud/webhook"
)

// took gives a call that we place its id, by which it is found from now on.
func (l *Leg) took(id string) {
	if id == "" || l.ID() != "" {
		return
	}
	l.mu.Lock()
	l.id = id
	l.mu.Unlock()
	delete(l.desk.placing, l.tag)
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
		l.timers.Start(a.On, a.After, func() { l.handle(call.Input{On: a.On}) })
	case call.Stop:
		l.timers.Stop(a.On)
	case call.StopAll:
		l.timers.StopAll()
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
		l.desk.work.Post(func() {
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

// because is an error with the phone's Cause in it. Graph's own carry theirs.
func because(err error) error {
	var why phone.Cause
	if errors.As(err, &why) {
		return err
	}
	return fmt.Errorf("%w: %w", causeOf(err), err)
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
