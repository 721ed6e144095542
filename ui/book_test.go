package ui

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tring/phone"
)

var searchable = newBook([]phone.Contact{
	{Party: phone.Party{Number: "+447700900456", Name: "Mum"}, Favourite: true},
	{Party: phone.Party{Number: "+5511912345678", Name: "Bruno Costa"}, Note: "invoice 4411"},
	{Party: phone.Party{Number: "+33612345678", Name: "Adèle Müller-Łoś"}, Tags: []string{"plumber"}},
	{Party: phone.Party{Number: "+201001234567", Name: "أحمد"}},
	{Party: phone.Party{LID: "99", PushName: "Sören"}},
})

func TestSearchFinds(t *testing.T) {
	for _, tt := range []struct{ typed, want string }{
		{"mum", "Mum"},
		{"MUM", "Mum"},
		{"costa", "Bruno Costa"},
		{"brncst", "Bruno Costa"},
		{"adele muller", "Adèle Müller-Łoś"},
		{"los", "Adèle Müller-Łoś"},
		{"soren", "~Sören"},
		{"أحمد", "أحمد"},
		{"plumber", "Adèle Müller-Łoś"},
		{"invoice", "Bruno Costa"},
		{"07700 900456", "Mum"},
		{"+44 7700", "Mum"},
		{"0044 7700", "Mum"},
		{"(11) 91234-5678", "Bruno Costa"},
		{"٠٧٧٠٠", "Mum"},
	} {
		t.Run(tt.typed, func(t *testing.T) {
			found := searchable.search(tt.typed)
			if len(found) == 0 || searchable.people[found[0]].Display() != tt.want {
				t.Errorf("found %v", found)
			}
		})
	}
}

func TestSearchFindsNobodyByAccident(t *testing.T) {
	for _, typed := range []string{"zzz", "99999", "xbrunox"} {
		if found := searchable.search(typed); len(found) != 0 {
			t.Errorf("%q finds %v", typed, found)
		}
	}
}

func TestTheBetterFitComesFirst(t *testing.T) {
	b := newBook([]phone.Contact{
		{Party: phone.Party{Number: "+1", Name: "Hannah"}},
		{Party: phone.Party{Number: "+2", Name: "Anna"}},
		{Party: phone.Party{Number: "+3", Name: "Lee Anna"}},
		{Party: phone.Party{Number: "+4", Name: "Zed"}, Note: "anna's brother"},
	})
	var got []string
	for _, i := range b.search("anna") {
		got = append(got, b.people[i].Display())
	}
	if want := "[Anna Lee Anna Hannah Zed]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestFavouritesComeFirstThenNames(t *testing.T) {
	if got := searchable.people[0].Display() + ", " + searchable.people[1].Display(); got != "Mum, Adèle Müller-Łoś" {
		t.Errorf("the book begins with %s", got)
	}
}

func TestDigitsOfAnyScriptAreRead(t *testing.T) {
	if got := digitsOf("+٤٤ (०१२) ９"); got != "440129" {
		t.Errorf("read as %q", got)
	}
}

// manyContacts are n people with made-up names.
func manyContacts(n int) []phone.Contact {
	first := []string{"Ana", "Bruno", "Chidi", "Dora", "Émile", "Farah", "Gökhan", "Hana", "Ivo", "Jo"}
	last := []string{"Okafor", "Silva", "Müller", "Sato", "Larsen", "Costa", "Roux", "Mendes", "March", "Novák"}
	r := rand.New(rand.NewPCG(1, 2))
	contacts := make([]phone.Contact, n)
	for i := range contacts {
		contacts[i] = phone.Contact{Party: phone.Party{Number: fmt.Sprintf("+44%010d", r.Int64N(1e10)), Name: first[r.IntN(10)] + " " + last[r.IntN(10)] + fmt.Sprint(" ", i)}}
	}
	return contacts
}

func BenchmarkSearchTenThousandContacts(b *testing.B) {
	book := newBook(manyContacts(10_000))
	for _, typed := range []string{"mu", "hana sato 77", "07700", "gkhn"} {
		b.Run(typed, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				book.search(typed)
			}
		})
	}
}

func BenchmarkReadTenThousandContacts(b *testing.B) {
	contacts := manyContacts(10_000)
	b.ReportAllocs()
	for b.Loop() {
		newBook(contacts)
	}
}
