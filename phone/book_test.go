package phone

import (
	"slices"
	"testing"
)

func display(cs []Contact) []string {
	var names []string
	for _, c := range cs {
		names = append(names, c.Display())
	}
	return names
}

func TestBookMergesPeople(t *testing.T) {
	b := newBook(map[string][]Party{
		"home": {
			{Number: "+441632960001", Name: "Zoë"},
			{LID: "7@lid", PushName: "ada"},
			{Number: "+441632960002", Name: "Bob"},
			{LID: "7@lid", Number: "+441632960003"}, // the same person, told later
		},
		"work": {{Number: "+441632960001", UserID: "U1", Business: "Zoë Ltd"}},
	}, []Contact{{Party: Party{Number: "+441632960002", Label: "Bobby"}, Note: "plumber", Favourite: true}})

	if got, want := display(b.all), []string{"~ada", "Bobby", "Zoë"}; !slices.Equal(got, want) {
		t.Fatalf("the book has %q, want %q", got, want)
	}
	zoe := b.all[2]
	if zoe.UserID != "U1" || !slices.Equal(zoe.Lines, []string{"home", "work"}) {
		t.Errorf("Zoë is %+v", zoe)
	}
	if ada, ok := b.of(Party{LID: "7@lid"}); !ok || ada.Number != "+441632960003" {
		t.Errorf("by her hidden id ada is %+v", ada.Party)
	}
	if bob := b.all[1]; bob.Name != "Bob" || bob.Note != "plumber" {
		t.Errorf("Bob is %+v", bob)
	}
}

func TestBookJoinsEntriesThatTurnOutToBeOne(t *testing.T) {
	b := newBook(map[string][]Party{"home": {
		{Number: "+441632960001", Name: "Zoë"},
		{LID: "7@lid", PushName: "zo"},
		{Number: "+441632960001", LID: "7@lid"},
	}}, nil)
	if len(b.all) != 1 || b.all[0].Name != "Zoë" || b.all[0].PushName != "zo" {
		t.Errorf("the book has %+v", b.all)
	}
}

func TestFindContacts(t *testing.T) {
	b := newBook(map[string][]Party{"home": {
		{Number: "+441632960001", Name: "Joanna"},
		{Number: "+441632960002", Name: "Ann Chan"},
		{Number: "+441632960003", Name: "Susanne"},
		{Number: "+14155550100", Name: "Zoë"},
	}}, []Contact{{Party: Party{Number: "+441632960003"}, Favourite: true}})
	for _, row := range []struct {
		text string
		want []string
	}{
		{"ann", []string{"Ann Chan", "Susanne", "Joanna"}}, // the start of a word, then favourites
		{"zoe", []string{"Zoë"}},
		{"CHAN ann", []string{"Ann Chan"}},
		{"01632 96000", []string{"Susanne", "Ann Chan", "Joanna"}},
		{"415", []string{"Zoë"}},
		{"xyz", nil},
	} {
		if got := display(b.find(patternOf(row.text, ""), 10)); !slices.Equal(got, row.want) {
			t.Errorf("%q finds %q, want %q", row.text, got, row.want)
		}
	}
	if got := b.find(patternOf("", ""), 2); len(got) != 2 {
		t.Errorf("nothing typed finds %q", display(got))
	}
}
