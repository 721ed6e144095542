package control

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tring/phone"
)

// verb carries out one request on the phone.
type verb func(context.Context, *phone.Phone, With) (any, error)

// verbs is everything that can be asked for, except "events", which answers
// more than once.
var verbs = map[string]verb{
	"status": func(_ context.Context, p *phone.Phone, _ With) (any, error) {
		return Status{p.Lines(), p.Calls(), p.Presence(), p.Missed()}, nil
	},
	"call":   func(ctx context.Context, p *phone.Phone, w With) (any, error) { return p.Dial(ctx, w.Line, w.Who) },
	"redial": func(ctx context.Context, p *phone.Phone, _ With) (any, error) { return p.Redial(ctx) },
	"answer": done(func(ctx context.Context, p *phone.Phone, w With) error {
		if w.Muted {
			return p.AnswerMuted(ctx, w.Call)
		}
		return p.Answer(ctx, w.Call)
	}),
	"reject":  done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Reject(ctx, w.Call, w.Say) }),
	"silence": done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Silence(ctx, w.Call) }),
	"hangup":  done(func(ctx context.Context, p *phone.Phone, w With) error { return p.HangUp(ctx, w.Call) }),
	"mute":    done(mute),
	"hold":    done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Hold(ctx, w.Call) }),
	"resume":  done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Resume(ctx, w.Call) }),
	"swap":    done(func(ctx context.Context, p *phone.Phone, _ With) error { return p.Swap(ctx) }),
	"dtmf":    done(func(ctx context.Context, p *phone.Phone, w With) error { return p.SendDigits(ctx, w.Call, w.Digits) }),
	"record":  done(record),
	"play":    done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Play(ctx, w.Call, w.File) }),
	"note":    done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Note(ctx, w.Call, w.Text) }),
	"text":    done(func(ctx context.Context, p *phone.Phone, w With) error { return p.SendText(ctx, w.Line, w.Who, w.Text) }),
	"block": done(func(ctx context.Context, p *phone.Phone, w With) error {
		return p.Block(ctx, w.Line, w.Who, w.On == nil || *w.On)
	}),
	"presence": done(presence),
	"seen":     done(func(ctx context.Context, p *phone.Phone, _ With) error { return p.MarkSeen(ctx) }),
	"log": func(ctx context.Context, p *phone.Phone, w With) (any, error) {
		return p.Log(ctx, w.Query.query())
	},
	"leads": func(ctx context.Context, p *phone.Phone, w With) (any, error) { return p.Leads(ctx, w.Since) },
	"stats": func(ctx context.Context, p *phone.Phone, w With) (any, error) {
		return p.Stats(ctx, w.Since, w.Until)
	},
	"forget": func(ctx context.Context, p *phone.Phone, w With) (any, error) {
		n, err := p.Forget(ctx, w.Who)
		return map[string]int{"calls": n}, err
	},
	"contacts": func(ctx context.Context, p *phone.Phone, _ With) (any, error) { return p.Contacts(ctx) },
	"unlink":   done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Unlink(ctx, w.Line) }),
}

// done makes a verb of a command that has no result but its success.
func done(do func(context.Context, *phone.Phone, With) error) verb {
	return func(ctx context.Context, p *phone.Phone, w With) (any, error) {
		return struct{}{}, do(ctx, p, w)
	}
}

// Verbs are the names of all requests, sorted.
func Verbs() []string {
	names := []string{"events"}
	for name := range verbs {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
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

// Presences are what "presence" may set; in-call is the phone's own.
var Presences = []phone.Presence{phone.Available, phone.Away, phone.BusyNow, phone.DND}

func presence(ctx context.Context, p *phone.Phone, w With) error {
	to := phone.Presence(w.To)
	if !slices.Contains(Presences, to) {
		return &Error{"usage", fmt.Sprintf("%q is not one of available, away, busy, dnd", w.To)}
	}
	return p.SetPresence(ctx, to)
}

func (q *Query) query() phone.Query {
	if q == nil {
		return phone.Query{}
	}
	out := phone.Query{Text: q.Text, Direction: phone.Direction(q.Direction), Who: q.Who, Line: q.Line, Since: q.Since, Until: q.Until, Limit: q.Limit}
	for _, o := range q.Outcomes {
		out.Outcomes = append(out.Outcomes, phone.Outcome(strings.TrimSpace(o)))
	}
	return out
}
