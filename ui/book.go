package ui

import (
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/sahilm/fuzzy"
	"golang.org/x/text/unicode/norm"

	"tring/phone"
)

// person is a contact with what searching needs, worked out once.
type person struct {
	phone.Contact
	folded string // names without accents and capitals
	words  string // note and tags, folded
	digits string
}

// book is the contacts: favourites first, then by name.
type book struct {
	people []person
	byKey  map[string]int // Party.Key → index
}

// newBook sorts and prepares contacts. It takes milliseconds for thousands, so
// a command makes it.
func newBook(contacts []phone.Contact) book {
	b := book{people: make([]person, len(contacts)), byKey: make(map[string]int, len(contacts))}
	for i, c := range contacts {
		b.people[i] = newPerson(c)
	}
	sort.SliceStable(b.people, func(i, j int) bool {
		p, q := &b.people[i], &b.people[j]
		if p.Favourite != q.Favourite {
			return p.Favourite
		}
		return p.folded < q.folded
	})
	for i := range b.people {
		if key := b.people[i].Key(); key != "" {
			b.byKey[key] = i
		}
	}
	return b
}

func newPerson(c phone.Contact) person {
	names := []string{c.Label, c.Name, c.Business, c.PushName}
	names = slices.DeleteFunc(names, func(s string) bool { return s == "" })
	return person{
		Contact: c,
		folded:  fold(strings.Join(slices.Compact(names), " ")),
		words:   fold(c.Note + " " + strings.Join(c.Tags, " ")),
		digits:  digitsOf(c.Number),
	}
}

// find is the contact of a party, if the book has one.
func (b *book) find(p phone.Party) (*person, bool) {
	if i, ok := b.byKey[p.Key()]; ok {
		return &b.people[i], true
	}
	return nil, false
}

// How well a person fits a search; more is better. A fuzzy fit is worth less
// than any fit as typed.
const (
	fitsNote   = 1
	fitsFuzzy  = 2
	fitsInside = 1000
	fitsWord   = 2000
	fitsStart  = 3000
)

// search lists the people whom what was typed fits, the best first: by parts of
// the names, by digits with or without country code and trunk zero, by note
// and tag. An empty search lists everybody.
func (b *book) search(typed string) []int {
	want := fold(strings.TrimSpace(typed))
	if want == "" {
		return indices(len(b.people))
	}
	digits := searchDigits(typed)
	scores := b.fuzzy(want, digits)
	var hits []int
	for i := range b.people {
		if s := b.people[i].fits(want, digits); s > 0 {
			scores[i] = max(scores[i], s)
		}
		if scores[i] > 0 {
			hits = append(hits, i)
		}
	}
	sort.SliceStable(hits, func(i, j int) bool { return scores[hits[i]] > scores[hits[j]] })
	return hits
}

// fuzzy scores the names whose letters contain the wanted ones in order.
// Numbers are never matched that way.
func (b *book) fuzzy(want, digits string) []int {
	scores := make([]int, len(b.people))
	if digits != "" || len(want) < 2 {
		return scores
	}
	for _, m := range fuzzy.FindFromNoSort(want, names{b.people}) {
		if m.Score > 0 {
			scores[m.Index] = fitsFuzzy + min(m.Score, fitsInside-fitsFuzzy-1)
		}
	}
	return scores
}

// names is the source of fuzzy: the folded names of people.
type names struct{ people []person }

func (n names) String(i int) string { return n.people[i].folded }
func (n names) Len() int            { return len(n.people) }

func (p *person) fits(want, digits string) int {
	at := strings.Index(p.folded, want)
	switch {
	case at == 0:
		return fitsStart
	case at > 0 && p.folded[at-1] == ' ':
		return fitsWord
	case at > 0:
		return fitsInside
	case digits != "" && strings.Contains(p.digits, digits):
		return fitsInside
	case strings.Contains(p.words, want):
		return fitsNote
	}
	return 0
}

func indices(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// searchDigits is the digits of a search that looks like a number, without
// what people put before them: 00, +, or one trunk zero. Empty for other text.
func searchDigits(typed string) string {
	for _, r := range typed {
		if !unicode.IsDigit(r) && !strings.ContainsRune("+()-./ \u00a0", r) {
			return ""
		}
	}
	d := digitsOf(typed)
	if rest, ok := strings.CutPrefix(d, "00"); ok {
		return rest
	}
	return strings.TrimPrefix(d, "0")
}

// digitsOf keeps the digits of any script as ASCII digits.
func digitsOf(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsDigit(r) {
			b.WriteByte(byte('0' + digitValue(r)))
		}
	}
	return b.String()
}

// digitValue is the value of a decimal digit; in Unicode the ten digits of
// every script stand together in order.
func digitValue(r rune) rune {
	zero := r
	for zero > 0 && unicode.IsDigit(zero-1) && r-zero < 9 {
		zero--
	}
	return r - zero
}

// unaccented are letters that decomposition does not take apart.
var unaccented = strings.NewReplacer("ø", "o", "ł", "l", "đ", "d", "ß", "ss", "æ", "ae", "œ", "oe", "ı", "i", "þ", "th", "ð", "d")

// fold brings text into the form that searching compares: small letters
// without accents.
func fold(s string) string {
	s = strings.ToLower(s)
	if isASCII(s) {
		return s
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return unaccented.Replace(b.String())
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
