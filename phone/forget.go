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

// Forget removes a person from log, contacts, events and the folder of
// recordings, and tells how many calls went.
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
		if err := forgetRecordings(p.cfg.Recordings, ids); err != nil {
			reply(len(ids), fmt.Errorf("the log forgot them, but a recording could not be removed: %w", err))
			return
		}
		p.rebuildBook(func() { reply(len(ids), nil) })
	})
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
