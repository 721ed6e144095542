package phone

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// past makes a logged call for the index. minute counts from a fixed morning.
func past(row int, who string, minute int, d Direction, o Outcome) Digest {
	began := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC).Add(time.Duration(minute) * time.Minute)
	return Digest{ID: CallID(int64(row)), Line: "home", Key: who, Direction: d, Outcome: o, Started: began}
}

func TestSelectCalls(t *testing.T) {
	all := []Digest{
		past(1, "+1", 0, Inbound, OutcomeAnswered),
		past(2, "+2", 1, Outbound, OutcomeNoAnswer),
		past(3, "+1", 2, Inbound, OutcomeMissed),
		past(4, "+3", 3, Inbound, OutcomeMissed),
	}
	all[1].Line, all[3].Text = "work", "zoe smith 441632960961"
	began := all[0].Started
	for _, row := range []struct {
		name string
		q    Query
		want []string
	}{
		{"everything, newest first", Query{}, []string{"c4", "c3", "c2", "c1"}},
		{"at most two", Query{Limit: 2}, []string{"c4", "c3"}},
		{"the page after c3", Query{Before: "c3"}, []string{"c2", "c1"}},
		{"one outcome", Query{Outcomes: []Outcome{OutcomeMissed}}, []string{"c4", "c3"}},
		{"two outcomes", Query{Outcomes: []Outcome{OutcomeNoAnswer, OutcomeAnswered}}, []string{"c2", "c1"}},
		{"one direction", Query{Direction: Outbound}, []string{"c2"}},
		{"one line", Query{Line: "work"}, []string{"c2"}},
		{"one person", Query{Who: "+1"}, []string{"c3", "c1"}},
		{"since", Query{Since: began.Add(2 * time.Minute)}, []string{"c4", "c3"}},
		{"until, which is left out", Query{Until: began.Add(time.Minute)}, []string{"c1"}},
		{"a word", Query{Text: "SMI"}, []string{"c4"}},
		{"two words in any order", Query{Text: "smith zoë"}, []string{"c4"}},
		{"a number as it is spoken", Query{Text: "01632 960 961"}, []string{"c4"}},
		{"a number with country code", Query{Text: "+44 (0)1632 960961"}, []string{"c4"}},
		{"a few digits of it", Query{Text: "960-96"}, []string{"c4"}},
		{"nothing fits", Query{Text: "nobody"}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			want := patternOf(row.q.Text, ReadNumber(row.q.Text, "GB", began).E164)
			if got := selectCalls(all, row.q, want); !slices.Equal(got, row.want) {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}

func TestLeads(t *testing.T) {
	all := []Digest{
		past(1, "+1", 0, Inbound, OutcomeMissed), // twice, then nothing
		past(2, "+1", 10, Inbound, OutcomeMissed),
		past(3, "+2", 20, Inbound, OutcomeMissed), // called back
		past(4, "+2", 30, Outbound, OutcomeNoAnswer),
		past(5, "+3", 40, Inbound, OutcomeMissed), // called again and was answered
		past(6, "+3", 50, Inbound, OutcomeAnswered),
		past(7, "+4", 60, Inbound, OutcomeMissed), // answered on the phone
		past(8, "+4", 70, Inbound, OutcomeElsewhere),
		past(9, "+5", 80, Inbound, OutcomeVoicemail), // waits for an answer
		past(10, "+6", 90, Inbound, OutcomeDeclined), // we said no
		past(11, "", 100, Inbound, OutcomeMissed),    // nobody to call back
	}
	var got []string
	for _, l := range leads(all, time.Time{}) {
		got = append(got, fmt.Sprintf("%s x%d", l.key, l.attempts))
	}
	if want := []string{"+1 x2", "+5 x1"}; !slices.Equal(got, want) {
		t.Errorf("leads are %v, want %v", got, want)
	}
	if later := leads(all, all[1].Started); len(later) != 2 || later[0].attempts != 1 {
		t.Errorf("since the tenth minute: %+v", later)
	}
}

func TestStats(t *testing.T) {
	all := []Digest{
		past(1, "+1", 0, Inbound, OutcomeAnswered),
		past(2, "+1", 5, Inbound, OutcomeMissed),
		past(3, "+2", 10, Inbound, OutcomeElsewhere),
		past(4, "+2", 70, Inbound, OutcomeAnswered),
		past(5, "+3", 80, Inbound, OutcomeDeclinedByRule),
		past(6, "+3", 90, Outbound, OutcomeAnswered),
		past(7, "+3", 100, Inbound, OutcomeAnswered),
	}
	all[0].ToAnswer, all[3].ToAnswer, all[6].ToAnswer = 4*time.Second, 6*time.Second, 20*time.Second
	all[0].Talk, all[5].Talk = time.Minute, 2*time.Minute
	all[4].Rule = "Nights"
	s := sumUp(all, time.Time{}, time.Time{})
	switch {
	case s.Calls != 7 || s.Incoming != 6 || s.Answered != 3:
		t.Errorf("%d calls, %d incoming, %d answered", s.Calls, s.Incoming, s.Answered)
	case s.PickUpRate != 3.0/5:
		t.Errorf("pick-up rate %v, want 3 of the 5 that could be answered here", s.PickUpRate)
	case s.ToAnswer != 6*time.Second:
		t.Errorf("median time to answer %v", s.ToAnswer)
	case s.Talk != 3*time.Minute || s.ByRule["Nights"] != 1:
		t.Errorf("talk %v, by rule %v", s.Talk, s.ByRule)
	case s.ByHour[9] != HourStats{3, 1} || s.ByHour[10] != HourStats{3, 2}:
		t.Errorf("by hour %v", s.ByHour)
	}
	if some := sumUp(all, all[3].Started, all[5].Started); some.Calls != 2 {
		t.Errorf("between the fourth and the sixth: %d calls", some.Calls)
	}
}

func TestIndexKeepsCallsThatEndWhileItLoads(t *testing.T) {
	x := newCallIndex()
	x.put(past(3, "+1", 30, Inbound, OutcomeMissed))
	x.put(past(1, "+1", 10, Inbound, OutcomeAnswered)) // newer than what the disk says
	x.remove([]string{"c2"})
	store := NewMemory()
	for i := range 2 {
		c := Call{Line: "home", Party: Party{Number: "+1"}, State: Terminated, Started: past(0, "", 10*(i+1), Inbound, "").Started}
		if err := store.Begin(&c); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.load(store); err != nil {
		t.Fatal(err)
	}
	var got []string
	x.view(func(all []Digest) {
		for _, d := range all {
			got = append(got, d.ID+" "+string(d.Outcome))
		}
	})
	if want := []string{"c1 answered", "c3 missed"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// names are a few syllables to make ten thousand people of.
var names = []string{"ada", "bert", "chloë", "dmitri", "eve", "faisal", "grün", "hana", "ingrid", "josé"}

func person(i int) Party {
	return Party{
		Number: fmt.Sprintf("+4477009%05d", i),
		Name:   fmt.Sprintf("%s %s %d", names[i%10], names[i/10%10], i),
	}
}

// BenchmarkSearchLog searches 100,000 calls for what is found nowhere: the
// whole log is looked at.
func BenchmarkSearchLog(b *testing.B) {
	var all []Digest
	for i := range 100_000 {
		d := past(i+1, person(i%10_000).Number, i, Inbound, OutcomeMissed)
		d.Text = partyText(person(i % 10_000))
		all = append(all, d)
	}
	for _, text := range []string{"nobody", "0770 099 99999 9", "ada"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			want := patternOf(text, "")
			for b.Loop() {
				selectCalls(all, Query{}, want)
			}
		})
	}
}

// BenchmarkSearchContacts searches 10,000 people.
func BenchmarkSearchContacts(b *testing.B) {
	var people []Party
	for i := range 10_000 {
		people = append(people, person(i))
	}
	book := newBook(map[string][]Party{"home": people}, nil)
	for _, text := range []string{"nobody", "grun", "07700 9", "in"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			want := patternOf(text, "")
			for b.Loop() {
				book.find(want, 50)
			}
		})
	}
}

// BenchmarkBook merges 10,000 people of two lines.
func BenchmarkBook(b *testing.B) {
	var people []Party
	for i := range 10_000 {
		people = append(people, person(i))
	}
	b.ReportAllocs()
	for b.Loop() {
		newBook(map[string][]Party{"home": people, "work": people}, nil)
	}
}

func TestStatsAreWrittenInSecondsAndReadAgain(t *testing.T) {
	s := Stats{Calls: 3, ByOutcome: map[Outcome]int{OutcomeMissed: 2}, ToAnswer: 1500 * time.Millisecond, Talk: time.Minute}
	text, err := json.Marshal(s)
	if err != nil || !strings.Contains(string(text), `"to_answer_s":1.5`) || !strings.Contains(string(text), `"talk_s":60`) {
		t.Errorf("written as %s, %v", text, err)
	}
	var back Stats
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, s) {
		t.Errorf("read again as %+v, want %+v (%v)", back, s, err)
	}
}
