package phone

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// directory is what the book is made of, and how far making it has come.
type directory struct {
	known   map[string][]Party // what each line told of its contacts
	own     []Contact          // what we wrote down ourselves; replaced, never changed
	asking  bool               // the lines are being asked for contacts
	stale   bool               // ask again afterwards
	binding bool               // a new book is being made
	rebind  bool               // make another afterwards
	await   []func()           // what follows when the next book is there
}

// named is a party with all that the book knows of it.
func (p *Phone) named(who Party) Party {
	c, ok := p.book.Load().of(who)
	if !ok {
		return who
	}
	device, push := who.Device, who.PushName
	who = who.Merge(c.Party)
	who.Device = device
	if push != "" {
		who.PushName = push // what they call themselves now
	}
	return who
}

func (p *Phone) contactOf(who Party) Contact {
	c, ok := p.book.Load().of(who)
	if !ok {
		c.Party = who
	}
	return c
}

// whoIs reads what somebody typed as a person: a number, a known name, or a
// network's id. ErrNoNumber says that only the network may know.
func (p *Phone) whoIs(who string) (Party, error) {
	who = CleanLine(who, 256)
	b := p.book.Load()
	if i, ok := b.byID[who]; ok {
		return b.all[i].Party, nil
	}
	r := p.ReadNumber(who)
	switch {
	case r.Refused != "":
		return Party{}, fmt.Errorf("%s: %w", r.Refused, Forbidden)
	case r.E164 != "":
		return p.named(Party{Number: r.E164}), nil
	}
	switch at := b.byName[fold(strings.TrimPrefix(who, "~"))]; len(at) {
	case 0:
		return Party{}, fmt.Errorf("%q: %w", who, ErrNoNumber)
	case 1:
		return b.all[at[0]].Party, nil
	default:
		return Party{}, fmt.Errorf("%q: %w", who, ErrAmbiguous)
	}
}

// contactsTime is how long a line may take to tell its contacts.
const contactsTime = time.Minute

// contactsChanged asks every line anew, away from the loop. While an answer is
// awaited, further news only notes that it must be asked again.
func (p *Phone) contactsChanged() {
	p.people.stale = true
	if p.people.asking {
		return
	}
	p.people.asking, p.people.stale = true, false
	lines := p.lines
	p.task(p.ctx, func(ctx context.Context) func() {
		ctx, cancel := context.WithTimeout(ctx, contactsTime)
		defer cancel()
		known := map[string][]Party{}
		failed := map[string]error{}
		for _, t := range lines {
			name := t.Info().Name
			if a, ok := t.Line.(AddressBook); ok {
				known[name], failed[name] = a.Contacts(ctx)
				for i, party := range known[name] {
					known[name][i] = party.clean()
				}
			}
		}
		return func() { p.contactsCame(known, failed) }
	})
}

func (p *Phone) contactsCame(known map[string][]Party, failed map[string]error) {
	p.people.asking = false
	for line, parties := range known {
		if err := failed[line]; err != nil {
			p.log.Warn("a line did not tell its contacts", "line", line, "err", err)
			continue // what it told before stays true
		}
		p.people.known[line] = parties
	}
	p.rebuildBook(nil)
	if p.people.stale {
		p.contactsChanged()
	}
}

// rebuildBook makes a new book away from the loop: ten thousand people take
// longer than a caller should wait. then follows on the loop.
func (p *Phone) rebuildBook(then func()) {
	if then != nil {
		p.people.await = append(p.people.await, then)
	}
	if p.people.binding {
		p.people.rebind = true
		return
	}
	p.people.binding, p.people.rebind = true, false
	known, own, await := maps.Clone(p.people.known), p.people.own, p.people.await
	p.people.await = nil
	p.task(p.ctx, func(context.Context) func() {
		b := newBook(known, own)
		return func() { p.bookBound(b, await) }
	})
}

func (p *Phone) bookBound(b *book, await []func()) {
	p.people.binding = false
	p.book.Store(b)
	for _, c := range p.calls {
		if named := p.named(c.Party); named != c.Party {
			c.Party = named
			p.changed(c, "party")
		}
	}
	p.emit(Event{Kind: EventContacts})
	for _, then := range await {
		then()
	}
	if p.people.rebind {
		p.rebuildBook(nil)
	}
}

// Contacts are all people the lines or we ourselves know, by name.
func (p *Phone) Contacts(ctx context.Context) ([]Contact, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return p.dated(slices.Clone(p.book.Load().all)), nil
}

// FindContacts are the contacts that fit a search text, best first, at most
// limit; cheap enough for every key press.
func (p *Phone) FindContacts(text string, limit int) []Contact {
	return p.dated(p.book.Load().find(patternOf(text, p.ReadNumber(text).E164), limit))
}

// dated puts in when we last had to do with each.
func (p *Phone) dated(cs []Contact) []Contact {
	last := p.index.lastCalls()
	for i := range cs {
		cs[i].LastCall = last(cs[i].Key())
	}
	return cs
}

// EditContact stores our own label, note, tags and marks of a person.
func (p *Phone) EditContact(ctx context.Context, c Contact) error {
	return p.EditContacts(ctx, []Contact{c})
}

// MaxEdit is how many contacts EditContacts takes at once: the phone does
// nothing else while they are written.
const MaxEdit = 50

// EditContacts is EditContact for several people.
func (p *Phone) EditContacts(ctx context.Context, people []Contact) error {
	if len(people) > MaxEdit {
		return fmt.Errorf("%d contacts are too many at once; %d are taken", len(people), MaxEdit)
	}
	edits := make([]Contact, len(people))
	for i, c := range people {
		if c.Key() == "" {
			return fmt.Errorf("somebody without number and id cannot be kept: %w", ErrNoNumber)
		}
		c.Label, c.Note = CleanName(c.Label), CleanText(c.Note, maxText)
		c.Lines, c.LastCall = nil, time.Time{}
		edits[i] = c
	}
	return tellTo(ctx, p, func(reply func(error)) {
		for _, c := range edits {
			if err := p.store.SavePerson(c); err != nil {
				reply(fmt.Errorf("the contact could not be stored: %w", err))
				return
			}
			p.people.own = append(withoutPerson(p.people.own, c.Party), c)
		}
		p.rebuildBook(func() { reply(nil) })
	})
}
