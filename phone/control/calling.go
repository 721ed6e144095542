package control

import (
	"context"
	"fmt"

	"tring/phone"
)

// call places a call. Whoever repeats a request that was answered by
// "ask_first" says yes: a person if it says so, else a program, which the phone
// allows less.
func call(ctx context.Context, p *phone.Phone, w With) (any, error) {
	if w.Person {
		return p.Dial(ctx, w.Line, w.Who)
	}
	return p.DialUnattended(ctx, w.Line, w.Who)
}

func redial(ctx context.Context, p *phone.Phone, w With) (any, error) {
	last, err := p.LastDialled(ctx)
	if err != nil {
		return nil, err
	}
	return call(ctx, p, With{Line: last.Line, Who: last.Party.Key(), Person: w.Person})
}

// focus is the call that a command without an id means: the named one, else
// the newest that is not on hold.
func focus(p *phone.Phone, id string) (phone.Call, error) {
	if id != "" {
		if c, ok := p.Call(id); ok {
			return c, nil
		}
		return phone.Call{}, fmt.Errorf("%w: %s", phone.ErrNoCall, id)
	}
	calls := p.Calls()
	for i := len(calls) - 1; i >= 0; i-- {
		if !calls[i].Held {
			return calls[i], nil
		}
	}
	return phone.Call{}, phone.ErrNoCall
}

func answer(ctx context.Context, p *phone.Phone, w With) error {
	if w.Muted {
		return p.AnswerMuted(ctx, w.Call)
	}
	return p.Answer(ctx, w.Call)
}

func mute(ctx context.Context, p *phone.Phone, w With) error {
	c, err := focus(p, w.Call)
	if err != nil {
		return err
	}
	return p.Mute(ctx, c.ID, toggled(w.On, c.Muted))
}

func record(ctx context.Context, p *phone.Phone, w With) error {
	c, err := focus(p, w.Call)
	if err != nil {
		return err
	}
	return p.Record(ctx, c.ID, toggled(w.On, c.OnRecord))
}

// toggled is what is asked for, or the opposite of what is.
func toggled(asked *bool, is bool) bool {
	if asked == nil {
		return !is
	}
	return *asked
}

// listen plays the recording of a past call here, or stops what plays.
func listen(ctx context.Context, p *phone.Phone, w With) error {
	if w.On != nil && !*w.On {
		return p.StopPlaying(ctx)
	}
	return p.PlayRecording(ctx, w.Call)
}
