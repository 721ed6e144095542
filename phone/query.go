package phone

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Log selects from the call log.
func (p *Phone) Log(ctx context.Context, q Query) ([]LogEntry, error) {
	if err := p.index.wait(ctx); err != nil {
		return nil, err
	}
	want := patternOf(q.Text, p.ReadNumber(q.Text).E164)
	var ids []string
	p.index.view(func(all []Digest) { ids = selectCalls(all, q, want) })
	entries, err := p.store.Calls(ids)
	if err != nil {
		return nil, fmt.Errorf("the log could not be read: %w", err)
	}
	for i := range entries {
		entries[i].Party = p.named(entries[i].Party)
	}
	return entries, nil
}

// selectCalls is the whole meaning of a Query: the ids that fit, newest first.
func selectCalls(all []Digest, q Query, want pattern) []string {
	limit := q.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	var ids []string
	past := q.Before == ""
	for i := len(all) - 1; i >= 0 && len(ids) < limit; i-- {
		d := &all[i]
		if !past {
			past = d.ID == q.Before
			continue
		}
		if !q.Since.IsZero() && d.Started.Before(q.Since) {
			break
		}
		if q.fits(d) && want.in(d.Text) {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// fits checks everything but the text.
func (q Query) fits(d *Digest) bool {
	return (q.Until.IsZero() || d.Started.Before(q.Until)) &&
		(q.Direction == "" || d.Direction == q.Direction) &&
		(q.Line == "" || d.Line == q.Line) &&
		(q.Who == "" || d.Key == q.Who) &&
		(len(q.Outcomes) == 0 || slices.Contains(q.Outcomes, d.Outcome))
}

// MarkSeen clears the missed calls.
func (p *Phone) MarkSeen(ctx context.Context) error {
	return tellTo(ctx, p, func(reply func(error)) {
		if p.missed == 0 {
			reply(nil)
			return
		}
		err := p.store.Seen()
		if err == nil {
			p.index.seen()
			p.missed = 0
			p.emit(Event{Kind: EventLog, What: "seen"})
		}
		reply(err)
	})
}

// Note writes a note to a call, living or logged.
func (p *Phone) Note(ctx context.Context, id, text string) error {
	text = CleanText(text, maxText)
	return tellTo(ctx, p, func(reply func(error)) {
		if c := p.find(id); c != nil {
			c.Note = text
			p.changed(c, "note")
			reply(nil)
			return
		}
		reply(p.noteLogged(id, text))
	})
}

func (p *Phone) noteLogged(id, text string) error {
	if err := p.store.Annotate(id, text); err != nil {
		return err
	}
	entries, err := p.store.Calls([]string{id})
	if err != nil || len(entries) == 0 {
		return err
	}
	p.index.put(DigestOf(entries[0]))
	p.emit(Event{Kind: EventLog, Line: entries[0].Line, What: "note"})
	return nil
}

// Leads lists who was missed and left alone since.
func (p *Phone) Leads(ctx context.Context, since time.Time) ([]Lead, error) {
	if err := p.index.wait(ctx); err != nil {
		return nil, err
	}
	var found []lead
	p.index.view(func(all []Digest) { found = leads(all, since) })
	wrote, err := p.wroteSince(since)
	if err != nil {
		return nil, err
	}
	return p.fillLeads(found, wrote)
}

// Stats sums up the log.
func (p *Phone) Stats(ctx context.Context, since, until time.Time) (Stats, error) {
	if err := p.index.wait(ctx); err != nil {
		return Stats{}, err
	}
	var s Stats
	p.index.view(func(all []Digest) { s = sumUp(all, since, until) })
	return s, nil
}
