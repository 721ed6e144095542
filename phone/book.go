package phone

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// book is everybody the lines and we ourselves know, merged: one entry for a
// person however many ids they have. It never changes; a new one replaces it.
type book struct {
	all    []Contact // by name
	text   []string  // SearchText of each
	byID   map[string]int
	byName map[string][]int // folded display name
}

func idsOf(p Party) []string {
	var ids []string
	for _, id := range []string{p.Number, p.LID, p.UserID} {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// newBook merges what each line knows with our own words, which win.
func newBook(lines map[string][]Party, own []Contact) *book {
	m := merger{byID: map[string]int{}}
	for _, line := range sortedKeys(lines) {
		for _, party := range lines[line] {
			c := m.of(party)
			c.Party = c.Party.Merge(party)
			if !slices.Contains(c.Lines, line) {
				c.Lines = append(c.Lines, line)
			}
		}
	}
	for _, o := range own {
		c := m.of(o.Party)
		lines := c.Lines
		o.Party = c.Party.Merge(o.Party)
		*c = o
		c.Lines = lines
	}
	return m.finish()
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// merger joins entries that share an id.
type merger struct {
	all  []*Contact
	byID map[string]int
}

// of is the one entry of a party; entries that turn out to be the same person
// become one.
func (m *merger) of(p Party) *Contact {
	at := -1
	for _, id := range idsOf(p) {
		i, ok := m.byID[id]
		switch {
		case !ok:
		case at < 0:
			at = i
		case i != at:
			m.join(at, i)
		}
	}
	if at < 0 {
		at = len(m.all)
		m.all = append(m.all, &Contact{})
	}
	for _, id := range idsOf(p) {
		m.byID[id] = at
	}
	return m.all[at]
}

func (m *merger) join(into, from int) {
	a, b := m.all[into], m.all[from]
	a.Party = b.Party.Merge(a.Party)
	for _, l := range b.Lines {
		if !slices.Contains(a.Lines, l) {
			a.Lines = append(a.Lines, l)
		}
	}
	for _, id := range idsOf(b.Party) {
		m.byID[id] = into
	}
	m.all[from] = nil
}

func (m *merger) finish() *book {
	entries := make([]entry, 0, len(m.all))
	for _, c := range m.all {
		if c != nil {
			entries = append(entries, entry{c, fold(strings.TrimPrefix(c.Display(), "~"))})
		}
	}
	slices.SortStableFunc(entries, func(p, q entry) int {
		return cmp.Or(cmp.Compare(p.name, q.name), cmp.Compare(p.Key(), q.Key()))
	})
	b := &book{
		all: make([]Contact, len(entries)), text: make([]string, len(entries)),
		byID: make(map[string]int, 2*len(entries)), byName: make(map[string][]int, len(entries)),
	}
	for i, e := range entries {
		b.all[i] = *e.Contact
		b.text[i] = partyText(e.Party, append(e.Tags, e.Note)...)
		for _, id := range idsOf(e.Party) {
			b.byID[id] = i
		}
		b.byName[e.name] = append(b.byName[e.name], i)
	}
	return b
}

// entry is a contact with the name that it is sorted and found by.
type entry struct {
	*Contact
	name string
}

// of is what is known of a party, by any of its ids.
func (b *book) of(p Party) (Contact, bool) {
	for _, id := range idsOf(p) {
		if i, ok := b.byID[id]; ok {
			return b.all[i], true
		}
	}
	return Contact{}, false
}

// find are the contacts that fit a search text, favourites first, then those
// where a word begins with it; at most limit.
func (b *book) find(want pattern, limit int) []Contact {
	var ranks [4][]int
	found := 0
	for i, text := range b.text {
		if !want.in(text) {
			continue
		}
		rank := 1
		if !want.starts(text) {
			rank = 3
		}
		if b.all[i].Favourite {
			rank--
		}
		ranks[rank] = append(ranks[rank], i)
		found++
	}
	out := make([]Contact, 0, min(found, limit))
	for _, rank := range ranks {
		for _, i := range rank[:min(len(rank), limit-len(out))] {
			out = append(out, b.all[i])
		}
	}
	return out
}

// starts reports whether a word of a folded text begins with the first word
// looked for, or the number begins so.
func (p pattern) starts(text string) bool {
	begins := func(w string) bool { return strings.HasPrefix(text, w) || strings.Contains(text, " "+w) }
	if len(p.words) > 0 {
		return begins(p.words[0])
	}
	return p.empty() || slices.ContainsFunc(p.digits, begins)
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
	p.stale = true
	if p.asking {
		return
	}
	p.asking, p.stale = true, false
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
			}
		}
		return func() { p.contactsCame(known, failed) }
	})
}

func (p *Phone) contactsCame(known map[string][]Party, failed map[string]error) {
	p.asking = false
	for line, parties := range known {
		if err := failed[line]; err != nil {
			p.log.Warn("a line did not tell its contacts", "line", line, "err", err)
			continue // what it told before stays true
		}
		p.known[line] = parties
	}
	p.rebuildBook(nil)
	if p.stale {
		p.contactsChanged()
	}
}

// rebuildBook makes a new book away from the loop: ten thousand people take
// longer than a caller should wait. then follows on the loop.
func (p *Phone) rebuildBook(then func()) {
	if then != nil {
		p.awaitBook = append(p.awaitBook, then)
	}
	if p.binding {
		p.rebind = true
		return
	}
	p.binding, p.rebind = true, false
	known, own, await := maps.Clone(p.known), p.own, p.awaitBook
	p.awaitBook = nil
	p.task(p.ctx, func(context.Context) func() {
		b := newBook(known, own)
		return func() { p.bookBound(b, await) }
	})
}

func (p *Phone) bookBound(b *book, await []func()) {
	p.binding = false
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
	if p.rebind {
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
	if c.Key() == "" {
		return fmt.Errorf("somebody without number and id cannot be kept: %w", ErrNoNumber)
	}
	c.Label, c.Note = CleanName(c.Label), CleanText(c.Note, maxText)
	c.Lines, c.LastCall = nil, time.Time{}
	return tellTo(ctx, p, func(reply func(error)) {
		if err := p.store.SavePerson(c); err != nil {
			reply(fmt.Errorf("the contact could not be stored: %w", err))
			return
		}
		p.own = append(withoutPerson(p.own, c.Party), c)
		p.rebuildBook(func() { reply(nil) })
	})
}
