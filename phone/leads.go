package phone

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// lead is a Lead before names are put to it.
type lead struct {
	key, line   string
	lastCall    string // id of the newest missed call
	attempts    int
	first, last time.Time
}

// leads finds who was missed and has not been talked to since: one pass, in
// which every conversation settles what was missed before it.
func leads(all []Digest, since time.Time) []lead {
	open := map[string]*lead{}
	for i := range all {
		d := &all[i]
		switch {
		case d.Key == "" || d.Started.Before(since):
		case d.Direction == Outbound, d.Outcome == OutcomeAnswered, d.Outcome == OutcomeElsewhere:
			delete(open, d.Key) // we called back, or they were answered after all
		case d.Outcome == OutcomeMissed || d.Outcome == OutcomeVoicemail:
			l := open[d.Key]
			if l == nil {
				l = &lead{key: d.Key, first: d.Started}
				open[d.Key] = l
			}
			l.attempts++
			l.line, l.lastCall, l.last = d.Line, d.ID, d.Started
		}
	}
	var found []lead
	for _, l := range open {
		found = append(found, *l)
	}
	slices.SortFunc(found, func(a, b lead) int {
		return cmp.Or(cmp.Compare(b.attempts, a.attempts), b.last.Compare(a.last), cmp.Compare(a.key, b.key))
	})
	return found
}

// wroteSince is when each person last wrote to us or we to them, from the
// stored events.
func (p *Phone) wroteSince(since time.Time) (map[string]time.Time, error) {
	wrote := map[string]time.Time{}
	return wrote, p.eachEvent(since, func(e Event) { noteText(wrote, e) })
}

func noteText(wrote map[string]time.Time, e Event) {
	if e.Text != nil {
		noteWritten(wrote, e.Text.Party, e.At)
	}
}

// noteWritten notes a text with somebody. Texts of nobody in particular say
// nothing of other callers whom the network hides.
func noteWritten(wrote map[string]time.Time, who Party, at time.Time) {
	if key := who.Key(); key != "" {
		wrote[key] = at
	}
}

// eachEvent goes through the stored events, oldest first.
func (p *Phone) eachEvent(since time.Time, use func(Event)) error {
	for after := uint64(0); ; {
		es, err := p.store.Events(after, since, replayChunk)
		if err != nil {
			return fmt.Errorf("the events could not be read: %w", err)
		}
		if len(es) == 0 {
			return nil
		}
		for _, e := range es {
			after = e.Seq
			use(e)
		}
	}
}

// fillLeads leaves out whom a message has reached since and names the others.
func (p *Phone) fillLeads(found []lead, wrote map[string]time.Time) ([]Lead, error) {
	found = slices.DeleteFunc(found, func(l lead) bool { return wrote[l.key].After(l.last) })
	ids := make([]string, len(found))
	for i, l := range found {
		ids[i] = l.lastCall
	}
	calls, err := p.store.Calls(ids)
	if err != nil {
		return nil, fmt.Errorf("the log could not be read: %w", err)
	}
	byID := map[string]Party{}
	for _, c := range calls {
		byID[c.ID] = c.Party
	}
	out := make([]Lead, len(found))
	for i, l := range found {
		out[i] = Lead{Party: p.named(byID[l.lastCall]), Line: l.line, Attempts: l.attempts, First: l.first, Last: l.last}
	}
	return out, nil
}
