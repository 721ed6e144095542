package cloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"tring/phone"
	"tring/signaling/cloud/graph"
	"tring/signaling/cloud/webhook"
)

// Customer is what the line knows of a person: Meta has no address book, so
// these are the people who wrote, called or were called.
type Customer struct {
	Number   string    `json:"number,omitempty"` // E.164 with "+"
	UserID   string    `json:"user_id,omitempty"`
	PushName string    `json:"push_name,omitempty"`
	Seen     time.Time `json:"seen"`
	// FreeUntil is until when texts need no template.
	FreeUntil  time.Time   `json:"free_until,omitzero"`
	Permission string      `json:"permission,omitempty"` // as Meta said last
	Until      time.Time   `json:"until,omitzero"`       // of a temporary permission
	Asked      []time.Time `json:"asked,omitempty"`      // requests since the last connected call
	Connected  []time.Time `json:"connected,omitempty"`  // calls that we placed
	Unanswered int         `json:"unanswered,omitempty"` // calls in a row
}

// window is how long after they wrote, called or took a call texts are free.
const window = 24 * time.Hour

// maxCustomers bounds the book; the ones not seen longest leave it.
const maxCustomers = 5000

// book is the people of a line, kept in a file.
type book struct {
	path string
	log  *slog.Logger

	mu     sync.Mutex
	people []*Customer
	dirty  bool
	saver  *time.Timer
	saving sync.Mutex
}

func openBook(dir string, log *slog.Logger) (*book, error) {
	b := &book{path: filepath.Join(dir, "people.json"), log: log}
	text, err := os.ReadFile(b.path)
	if errors.Is(err, os.ErrNotExist) {
		return b, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the people of the line cannot be read: %w", err)
	}
	if err := json.Unmarshal(text, &b.people); err != nil {
		return nil, fmt.Errorf("%s is damaged; move it away to begin anew: %w", b.path, err)
	}
	b.people = slices.DeleteFunc(b.people, func(c *Customer) bool { return c == nil })
	return b, nil
}

// party is a customer as the phone knows people.
func (c Customer) party() phone.Party {
	return phone.Party{Number: c.Number, UserID: c.UserID, PushName: c.PushName}
}

// partyOf is somebody as an event names them, made safe.
func partyOf(p webhook.Person) phone.Party {
	number := ""
	if p.Number != "" {
		number = "+" + p.Number
	}
	return phone.Party{Number: number, UserID: phone.CleanLine(p.UserID, 128), PushName: phone.CleanName(p.Name)}
}

// meet notes somebody whom an event names, and tells the phone what is new.
func (d *desk) meet(p webhook.Person) phone.Party {
	before := d.book.look(partyOf(p))
	party := d.book.learn(partyOf(p), d.graph.Now())
	if before.Seen.IsZero() && party.Key() != "" {
		d.emit(phone.ContactsChanged{})
	}
	if whole := party.Number != "" && party.UserID != ""; whole && (before.Number == "" || before.UserID == "" || before.Seen.IsZero()) {
		d.emit(phone.PartyLearned{Party: party})
	}
	return party
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
	b.changed()
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
		b.people = slices.Delete(b.people, 0, 1)
	}
	return c
}

// look is what is known of a person.
func (b *book) look(p phone.Party) Customer {
	b.mu.Lock()
	defer b.mu.Unlock()
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

// saveAfter is how long changes gather before they are written.
const saveAfter = time.Second

// changed has the book saved soon. The lock is held.
func (b *book) changed() {
	if b.dirty {
		return
	}
	b.dirty = true
	b.saver = time.AfterFunc(saveAfter, func() {
		if err := b.save(); err != nil {
			b.log.Error("the people of the line could not be saved", "error", err)
		}
	})
}

// save writes the book, whole or not at all.
func (b *book) save() error {
	b.saving.Lock()
	defer b.saving.Unlock()
	b.mu.Lock()
	if !b.dirty {
		b.mu.Unlock()
		return nil
	}
	b.dirty = false
	b.saver.Stop()
	text, err := json.MarshalIndent(b.people, "", "  ")
	b.mu.Unlock()
	if err != nil {
		return err
	}
	tmp := b.path + ".new"
	if err := os.WriteFile(tmp, text, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, b.path)
}

// windowShut reports whether texts are known to need a template. Of somebody
// who wrote before this program was installed, only Meta knows.
func (c Customer) windowShut(now time.Time) bool {
	return !c.FreeUntil.IsZero() && now.After(c.FreeUntil)
}

// mayDial says why a person should not be called now, or nil.
func (c Customer) mayDial(l Limits, now time.Time) error {
	switch {
	case c.Unanswered >= l.Unanswered:
		return fmt.Errorf("%w (%d times in a row)", errUnanswered, c.Unanswered)
	case len(recent(c.Connected, now, day)) >= l.PerPerson:
		return &graph.Error{Code: 138012}
	}
	return nil
}

// mayAsk says why a person should not be asked for permission now, or nil.
func (c Customer) mayAsk(l Limits, now time.Time) error {
	if len(recent(c.Asked, now, day)) >= l.AsksPerDay || len(recent(c.Asked, now, 7*day)) >= l.AsksWeekly {
		return &graph.Error{Code: 138009}
	}
	return nil
}

var errUnanswered = errors.New("they did not answer your last calls; after four Meta takes the permission away, so write to them, or wait for their call")
