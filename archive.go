package main

import (
	"context"
	"errors"
	"time"

	"tring/phone"
	"tring/phone/calllog"
	"tring/phone/control"
	"tring/signaling/cloud"
)

// archive is what the log commands need: of the running phone, or of the files
// when none runs.
type archive interface {
	Log(ctx context.Context, q phone.Query) ([]phone.LogEntry, error)
	Leads(ctx context.Context, since time.Time) ([]phone.Lead, error)
	Stats(ctx context.Context, since, until time.Time) (phone.Stats, error)
	Forget(ctx context.Context, who string) (int, error)
	Contacts(ctx context.Context) ([]phone.Contact, error)
	EditContacts(ctx context.Context, people []phone.Contact) error
}

var (
	_ archive = (*phone.Phone)(nil)
	_ archive = distant{}
)

// distant is the archive of a running phone, over its socket.
type distant struct{ *control.Client }

func (d distant) Log(ctx context.Context, q phone.Query) (entries []phone.LogEntry, err error) {
	query := &control.Query{Text: q.Text, Direction: string(q.Direction), Who: q.Who, Line: q.Line, Since: q.Since, Until: q.Until, Limit: q.Limit}
	for _, o := range q.Outcomes {
		query.Outcomes = append(query.Outcomes, string(o))
	}
	err = d.Do(ctx, "log", control.With{Query: query}, &entries)
	return entries, err
}

func (d distant) Leads(ctx context.Context, since time.Time) (leads []phone.Lead, err error) {
	err = d.Do(ctx, "leads", control.With{Since: since}, &leads)
	return leads, err
}

func (d distant) Stats(ctx context.Context, since, until time.Time) (s phone.Stats, err error) {
	err = d.Do(ctx, "stats", control.With{Since: since, Until: until}, &s)
	return s, err
}

func (d distant) Forget(ctx context.Context, who string) (int, error) {
	var gone struct{ Calls int }
	err := d.Do(ctx, "forget", control.With{Who: who}, &gone)
	return gone.Calls, err
}

func (d distant) Contacts(ctx context.Context) (list []phone.Contact, err error) {
	err = d.Do(ctx, "contacts", control.With{}, &list)
	return list, err
}

func (d distant) EditContacts(ctx context.Context, people []phone.Contact) error {
	return d.Do(ctx, "contact", control.With{Contacts: people}, nil)
}

// withArchive gives use the running phone's archive, or opens the files.
func (a *app) withArchive(ctx context.Context, use func(context.Context, archive) error) error {
	c, err := control.Connect(a.places.Socket())
	if err == nil {
		defer c.Close()
		return use(ctx, distant{c})
	}
	if !errors.Is(err, control.ErrNotRunning) {
		return err
	}
	store, err := calllog.Open(a.places.CallLog())
	if err != nil {
		return err
	}
	defer store.Close()
	ctx, cancel := context.WithCancel(ctx)
	p := phone.New(phone.Config{Store: store, Region: a.cfg.HomeRegion, Recordings: a.recordings(), Elsewhere: folders{a}, Log: a.log})
	ended := make(chan error, 1)
	news := p.Watch(ctx)
	go func() { ended <- p.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	for e := range news {
		if e.Kind == phone.EventContacts {
			break // names and own labels have been read
		}
	}
	return use(ctx, p)
}

// folders forgets what lies beside the log. In a running phone the gatekeeper
// and the lines do it.
type folders struct{ *app }

// Forget removes a person from the gatekeeper's memory and the business lines.
func (f folders) Forget(who phone.Party) error {
	memory, err := f.memory()
	if err == nil {
		err = memory.Forget(who)
	}
	for _, l := range f.cfg.Lines {
		if l.Kind == string(phone.BusinessLine) {
			err = errors.Join(err, cloud.Forget(f.places.Line(l.Name), f.sounds(), who, f.log))
		}
	}
	return err
}

func (a *app) logEntries(ctx context.Context, q phone.Query) (entries []phone.LogEntry, err error) {
	err = a.withArchive(ctx, func(ctx context.Context, from archive) error {
		entries, err = from.Log(ctx, q)
		return err
	})
	return entries, err
}
