package phone

import (
	"slices"
	"strings"
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
