package phone

import (
	"cmp"
	"slices"
	"strings"
)

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
