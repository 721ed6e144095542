package control

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tring/phone"
)

// verb is one thing that can be asked for.
type verb struct {
	fields string // of With that it reads; any other is refused
	do     func(context.Context, *phone.Phone, With) (any, error)
}

// eventsVerb answers more than once; Server.follow carries it out.
const eventsVerb = "events"

// verbs is everything that can be asked for.
var verbs = map[string]verb{
	eventsVerb: {fields: "since after"},
	"status": {"", func(_ context.Context, p *phone.Phone, _ With) (any, error) {
		return Status{whole(p.Lines()), whole(p.Calls()), p.Presence(), p.Missed()}, nil
	}},
	"inspect": {"line", done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Inspect(ctx, w.Line) })},

	"call":    {"who line", func(ctx context.Context, p *phone.Phone, w With) (any, error) { return p.Dial(ctx, w.Line, w.Who) }},
	"redial":  {"", func(ctx context.Context, p *phone.Phone, _ With) (any, error) { return p.Redial(ctx) }},
	"answer":  {"call muted", done(answer)},
	"reject":  {"call say", done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Reject(ctx, w.Call, w.Say) })},
	"silence": {"call", done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Silence(ctx, w.Call) })},
	"hangup":  {"call", done(func(ctx context.Context, p *phone.Phone, w With) error { return p.HangUp(ctx, w.Call) })},
	"mute":    {"call on", done(mute)},
	"hold":    {"call", done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Hold(ctx, w.Call) })},
	"resume":  {"call", done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Resume(ctx, w.Call) })},
	"swap":    {"", done(func(ctx context.Context, p *phone.Phone, _ With) error { return p.Swap(ctx) })},
	"dtmf":    {"call digits", done(func(ctx context.Context, p *phone.Phone, w With) error { return p.SendDigits(ctx, w.Call, w.Digits) })},
	"record":  {"call on", done(record)},
	"play":    {"call file", done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Play(ctx, w.Call, w.File) })},
	"note":    {"call text", done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Note(ctx, w.Call, w.Text) })},

	"text":     {"who line text", done(func(ctx context.Context, p *phone.Phone, w With) error { return p.SendText(ctx, w.Line, w.Who, w.Text) })},
	"block":    {"who line on", done(block)},
	"contacts": {"", func(ctx context.Context, p *phone.Phone, _ With) (any, error) { return listed(p.Contacts(ctx)) }},
	"contact":  {"contacts", done(contact)},
	"presence": {"to", done(presence)},
	"unlink":   {"line", done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Unlink(ctx, w.Line) })},

	"log": {"query", func(ctx context.Context, p *phone.Phone, w With) (any, error) {
		return listed(p.Log(ctx, w.Query.query()))
	}},
	"seen":  {"", done(func(ctx context.Context, p *phone.Phone, _ With) error { return p.MarkSeen(ctx) })},
	"leads": {"since", func(ctx context.Context, p *phone.Phone, w With) (any, error) { return listed(p.Leads(ctx, w.Since)) }},
	"stats": {"since until", func(ctx context.Context, p *phone.Phone, w With) (any, error) { return p.Stats(ctx, w.Since, w.Until) }},
	"forget": {"who", func(ctx context.Context, p *phone.Phone, w With) (any, error) {
		n, err := p.Forget(ctx, w.Who)
		return Forgotten{n}, err
	}},
}

// done makes a verb of a command that has no result but its success.
func done(do func(context.Context, *phone.Phone, With) error) func(context.Context, *phone.Phone, With) (any, error) {
	return func(ctx context.Context, p *phone.Phone, w With) (any, error) {
		return struct{}{}, do(ctx, p, w)
	}
}

// whole is a list that JSON writes as [] when nothing is in it.
func whole[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func listed[T any](list []T, err error) (any, error) { return whole(list), err }

// Verbs are the names of all requests, sorted.
func Verbs() []string { return slices.Sorted(maps.Keys(verbs)) }

func answer(ctx context.Context, p *phone.Phone, w With) error {
	if w.Muted {
		return p.AnswerMuted(ctx, w.Call)
	}
	return p.Answer(ctx, w.Call)
}

func block(ctx context.Context, p *phone.Phone, w With) error {
	return p.Block(ctx, w.Line, w.Who, w.On == nil || *w.On)
}

func contact(ctx context.Context, p *phone.Phone, w With) error {
	if len(w.Contacts) == 0 {
		return &Error{"usage", `"contacts" is missing`}
	}
	return p.EditContacts(ctx, w.Contacts)
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
