package phone

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// clearUp removes what is older than the configuration keeps.
func (p *Phone) clearUp(now time.Time) error {
	var err error
	if keep := p.cfg.KeepLog; keep > 0 {
		err = p.store.Prune(now.Add(-keep))
	}
	if keep := p.cfg.Recording.Keep; keep > 0 && p.cfg.Recordings != "" {
		err = errors.Join(err, clearRecordings(p.cfg.Recordings, now.Add(-keep)))
	}
	return err
}

// Forget removes a person from log, contacts, events, the folder of recordings
// and everything that remembers people by itself; it tells how many calls went.
func (p *Phone) Forget(ctx context.Context, who string) (int, error) {
	return ask(ctx, p, func(reply func(int, error)) {
		party, err := p.whoIs(who)
		if err != nil {
			reply(0, err)
			return
		}
		if slices.ContainsFunc(p.calls, func(c *live) bool { return c.Party.Same(party) }) {
			reply(0, fmt.Errorf("a call with them is going on; end it first: %w", ErrBusy))
			return
		}
		ids, err := p.store.Forget(party)
		if err != nil {
			reply(0, fmt.Errorf("not everything could be forgotten: %w", err))
			return
		}
		p.index.remove(ids)
		p.forgetKeys(party)
		p.count()
		p.people.own = withoutPerson(p.people.own, party)
		p.emit(Event{Kind: EventLog, What: "forgotten"})
		p.task(p.ctx, func(ctx context.Context) func() {
			err := p.scrub(ctx, party, ids)
			return func() { p.rebuildBook(func() { reply(len(ids), err) }) }
		})
	})
}

// scrubTime is how long overwriting what was forgotten may take.
const scrubTime = 5 * time.Second

// scrub removes what is left of a person whom the log has forgotten. It runs
// away from the loop.
func (p *Phone) scrub(ctx context.Context, who Party, calls []string) error {
	ctx, cancel := context.WithTimeout(ctx, scrubTime)
	defer cancel()
	err := forgetRecordings(p.cfg.Recordings, calls)
	if err != nil {
		err = fmt.Errorf("the log forgot them, but a recording could not be removed: %w", err)
	}
	for _, f := range p.forgetters() {
		err = errors.Join(err, f.Forget(who))
	}
	return errors.Join(err, p.store.Scrub(ctx))
}

// forgetters are all besides the store who remember people.
func (p *Phone) forgetters() (all []Forgetter) {
	if p.cfg.Elsewhere != nil {
		all = append(all, p.cfg.Elsewhere)
	}
	if f, ok := p.cfg.Gatekeeper.(Forgetter); ok {
		all = append(all, f)
	}
	for _, t := range p.lines {
		if f, ok := t.Line.(Forgetter); ok {
			all = append(all, f)
		}
	}
	return all
}

// forgetKeys clears what is known of a person by any of their ids.
func (p *Phone) forgetKeys(who Party) {
	for _, id := range []Party{{Number: who.Number}, {LID: who.LID}, {UserID: who.UserID}} {
		delete(p.wrote, id.Key())
		delete(p.asked, id.Key())
	}
}

func withoutPerson(people []Contact, who Party) []Contact {
	var rest []Contact
	for _, c := range people {
		if !c.Same(who) {
			rest = append(rest, c)
		}
	}
	return rest
}
