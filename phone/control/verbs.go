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
	// stream, instead of do, answers more than once.
	stream func(*Server, context.Context, *client, int64, With)
}

// eventsVerb answers with events until the connection ends.
const eventsVerb = "events"

// verbs is everything that can be asked for.
var verbs = map[string]verb{
	eventsVerb: {fields: "since after", stream: (*Server).follow},
	linkVerb:   {fields: "line number", stream: (*Server).link},
	listenVerb: {fields: "call", stream: (*Server).listen},
	"status":   {fields: "", do: status},
	"inspect":  {fields: "line", do: done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Inspect(ctx, w.Line) })},
	"checkup":  {fields: "line", do: func(ctx context.Context, p *phone.Phone, w With) (any, error) { return listed(p.Checkup(ctx, w.Line)) }},

	"call":        {fields: "who line yes", do: call},
	"redial":      {fields: "yes", do: redial},
	"answer":      {fields: "call muted", do: done(answer)},
	"reject":      {fields: "call say", do: done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Reject(ctx, w.Call, w.Say) })},
	"silence":     {fields: "call", do: done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Silence(ctx, w.Call) })},
	"hangup":      {fields: "call", do: done(func(ctx context.Context, p *phone.Phone, w With) error { return p.HangUp(ctx, w.Call) })},
	"mute":        {fields: "call on", do: done(mute)},
	"hold":        {fields: "call", do: done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Hold(ctx, w.Call) })},
	"resume":      {fields: "call", do: done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Resume(ctx, w.Call) })},
	"swap":        {fields: "", do: done(func(ctx context.Context, p *phone.Phone, _ With) error { return p.Swap(ctx) })},
	"dtmf":        {fields: "call digits", do: done(func(ctx context.Context, p *phone.Phone, w With) error { return p.SendDigits(ctx, w.Call, w.Digits) })},
	"record":      {fields: "call on file", do: done(record)},
	"play":        {fields: "call file", do: done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Play(ctx, w.Call, w.File) })},
	"listen_stop": {fields: "", do: done(func(ctx context.Context, p *phone.Phone, _ With) error { return p.StopPlaying(ctx) })},
	"note":        {fields: "call text", do: done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Note(ctx, w.Call, w.Text) })},

	"text": {fields: "who line text", do: done(func(ctx context.Context, p *phone.Phone, w With) error { return p.SendText(ctx, w.Line, w.Who, w.Text) })},
	"permission": {fields: "who line", do: func(ctx context.Context, p *phone.Phone, w With) (any, error) {
		return p.Permission(ctx, w.Line, w.Who)
	}},
	"ask": {fields: "who line text", do: done(func(ctx context.Context, p *phone.Phone, w With) error {
		return p.AskPermission(ctx, w.Line, w.Who, w.Text)
	})},
	"block":        {fields: "who line on", do: done(block)},
	"contacts":     {fields: "", do: func(ctx context.Context, p *phone.Phone, _ With) (any, error) { return listed(p.Contacts(ctx)) }},
	"contact":      {fields: "contacts", do: done(contact)},
	"presence":     {fields: "to", do: done(presence)},
	"devices":      {fields: "", do: devices},
	"device":       {fields: "role name", do: done(device)},
	"link_passkey": {fields: "line text", do: done(passkey)},
	"link_confirm": {fields: "line on", do: done(confirmLink)},
	"link_cancel":  {fields: "line", do: done(cancelLink)},
	"start":        {fields: "line", do: done(func(ctx context.Context, p *phone.Phone, w With) error { return p.StartLine(ctx, w.Line) })},
	"unlink":       {fields: "line", do: done(func(ctx context.Context, p *phone.Phone, w With) error { return p.Unlink(ctx, w.Line) })},

	"log": {fields: "query", do: func(ctx context.Context, p *phone.Phone, w With) (any, error) {
		return listed(p.Log(ctx, w.Query.query()))
	}},
	"seen":  {fields: "", do: done(func(ctx context.Context, p *phone.Phone, _ With) error { return p.MarkSeen(ctx) })},
	"leads": {fields: "since", do: func(ctx context.Context, p *phone.Phone, w With) (any, error) { return listed(p.Leads(ctx, w.Since)) }},
	"stats": {fields: "since until", do: func(ctx context.Context, p *phone.Phone, w With) (any, error) { return p.Stats(ctx, w.Since, w.Until) }},
	"forget": {fields: "who", do: func(ctx context.Context, p *phone.Phone, w With) (any, error) {
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

func status(_ context.Context, p *phone.Phone, _ With) (any, error) {
	s := Status{Lines: whole(p.Lines()), Calls: whole(p.Calls()), Presence: p.Presence(), Missed: p.Missed(), Unheard: p.Unheard()}
	if now, on := p.Playing(); on {
		s.Playing = &now
	}
	return s, nil
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
