package cloud

import (
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"tring/phone"
)

// maxCustomers bounds the book; the ones not seen longest leave it.
const maxCustomers = 5000

// book is the people of a line, kept in a file. Several processes may have it
// open: a running phone, and the commands of `tring biz`.
type book struct {
	path string
	log  *slog.Logger

	mu      sync.Mutex
	people  []*Customer
	changed map[*Customer]bool // since the file was written
	gone    []phone.Party      // forgotten since then
	seen    os.FileInfo        // of the file, as it was read or written last
	saver   *time.Timer
	saving  sync.Mutex
}

// learn notes somebody and returns all that is known of them.
func (b *book) learn(p phone.Party, now time.Time) phone.Party {
	if p.Key() == "" {
		return p
	}
	return edit(b, p, func(c *Customer) phone.Party {
		c.Seen = now
		return c.party()
	})
}

// edit changes a person, who is made if need be, and says what f does.
func edit[T any](b *book, p phone.Party, f func(*Customer) T) T {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refresh()
	c := b.of(p)
	for _, field := range []struct {
		into *string
		from string
	}{{&c.Number, p.Number}, {&c.UserID, p.UserID}, {&c.PushName, p.PushName}} {
		if field.from != "" {
			*field.into = field.from
		}
	}
	result := f(c)
	b.saveSoon(c)
	return result
}

// of is a person's entry. The lock is held.
func (b *book) of(p phone.Party) *Customer {
	for _, c := range b.people {
		if c.party().Same(p) {
			return c
		}
	}
	c := &Customer{}
	if b.people = append(b.people, c); len(b.people) > maxCustomers {
		slices.SortStableFunc(b.people[:len(b.people)-1], func(a, b *Customer) int { return a.Seen.Compare(b.Seen) })
		delete(b.changed, b.people[0])
		b.people = slices.Delete(b.people, 0, 1)
	}
	return c
}

// look is what is known of a person.
func (b *book) look(p phone.Party) Customer {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refresh()
	for _, c := range b.people {
		if c.party().Same(p) {
			return *c
		}
	}
	return Customer{Number: p.Number, UserID: p.UserID}
}

// all are the people by name.
func (b *book) all() []Customer {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refresh()
	var out []Customer
	for _, c := range b.people {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(x, y Customer) int {
		return strings.Compare(strings.ToLower(x.party().Display()), strings.ToLower(y.party().Display()))
	})
	return out
}

// opened notes that texts are free for a day from a time on.
func (b *book) opened(p phone.Party, at time.Time) {
	if p.Key() == "" || at.IsZero() {
		return
	}
	edit(b, p, func(c *Customer) bool {
		if until := at.Add(window); until.After(c.FreeUntil) {
			c.FreeUntil = until
		}
		return true
	})
}

// permits notes what a person, or Meta for them, says to being called.
func (b *book) permits(p phone.Party, status string, until time.Time) {
	edit(b, p, func(c *Customer) bool {
		c.Permission, c.Until = status, until
		return true
	})
}

// asked notes a permission request.
func (b *book) asked(p phone.Party, now time.Time) {
	edit(b, p, func(c *Customer) bool {
		c.Asked = append(recent(c.Asked, now, 7*day), now)
		return true
	})
}

// connected notes a call with a person; it resets Meta's counters.
func (b *book) connected(p phone.Party, ours bool, now time.Time) {
	edit(b, p, func(c *Customer) bool {
		c.Unanswered, c.Asked = 0, nil
		if ours {
			c.Connected = append(recent(c.Connected, now, day), now)
		}
		return true
	})
}

// unanswered notes a call of ours that nobody took.
func (b *book) unanswered(p phone.Party) int {
	return edit(b, p, func(c *Customer) int {
		c.Unanswered++
		return c.Unanswered
	})
}
