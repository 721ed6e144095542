package control

import (
	"context"
	"fmt"

	"tring/phone"
)

// consents are what "yes" may say.
var consents = map[string]phone.Consent{"": phone.ByNobody, "person": phone.ByPerson, "program": phone.ByProgram}

func call(ctx context.Context, p *phone.Phone, w With) (any, error) {
	yes, known := consents[w.Yes]
	if !known {
		return nil, &Error{"usage", fmt.Sprintf("%.40q is not one of person, program", w.Yes)}
	}
	return p.DialWith(ctx, w.Line, w.Who, yes)
}

func redial(ctx context.Context, p *phone.Phone, w With) (any, error) {
	last, err := p.LastDialled(ctx)
	if err != nil {
		return nil, err
	}
	return call(ctx, p, With{Line: last.Line, Who: last.Party.Key(), Yes: w.Yes})
}

// focus is the call that a command of a conversation means: the named one, else
// the newest that a person is in.
func focus(p *phone.Phone, id string) (phone.Call, error) {
	if id != "" {
		if c, ok := p.Call(id); ok {
			return c, nil
		}
		return phone.Call{}, fmt.Errorf("%w: %s", phone.ErrNoCall, id)
	}
	calls := p.Calls()
	for i := len(calls) - 1; i >= 0; i-- {
		if c := calls[i]; c.State.Answered() && !c.Held && !c.Listening {
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
	on := toggled(w.On, c.OnRecord)
	if on && w.File != "" {
		return p.RecordTo(ctx, c.ID, w.File)
	}
	return p.Record(ctx, c.ID, on)
}

// toggled is what is asked for, or the opposite of what is.
func toggled(asked *bool, is bool) bool {
	if asked == nil {
		return !is
	}
	return *asked
}
