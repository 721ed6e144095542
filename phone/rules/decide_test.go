package rules

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"tring/phone"
)

func fullBook(t testing.TB) *Book {
	t.Helper()
	text, err := os.ReadFile("testdata/full.toml")
	if err != nil {
		t.Fatal(err)
	}
	book, err := Parse(text, "testdata")
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// at reads a time of day in New York.
func at(t testing.TB, text string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	when, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

const (
	tuesday = "2026-11-17 10:00"
	evening = "2026-11-17 20:00"
	night   = "2026-11-17 23:30"
)

func TestTheFirstRuleWhoseConditionsAllHoldDecides(t *testing.T) {
	stranger := phone.Party{Number: "+12025550143", PushName: "Eve"}
	friend := phone.Party{Number: "+12025550111", Name: "Bruno"}
	tests := []struct {
		name  string
		when  string
		facts Facts
		want  string
		do    phone.Action
	}{
		{"nothing matches: ring", tuesday, Facts{Party: stranger}, "", phone.ActionRing},
		{"a number of a list", tuesday, Facts{Party: phone.Party{Number: "+12025550100"}, Me: phone.DND}, "VIPs always get through", phone.ActionRingLoud},
		{"a pattern of a list", tuesday, Facts{Party: phone.Party{Number: "+4930123456"}}, "VIPs always get through", phone.ActionRingLoud},
		{"a contact of a list, in any case", tuesday, Facts{Party: phone.Party{Name: "MUM"}, Contact: true}, "VIPs always get through", phone.ActionRingLoud},
		{"nobody names themselves into a list", tuesday, Facts{Party: phone.Party{Number: "+12025550143", PushName: "Mum"}}, "", phone.ActionRing},
		{"a group call", tuesday, Facts{Party: friend, Contact: true, Kind: "group"}, "Groups never ring", phone.ActionSilence},
		{"the fourth call of a stranger in ten minutes", tuesday, Facts{Party: stranger, Recent: ago(t, tuesday, 1, 4, 9)}, "Too many calls from a stranger", Restrict},
		{"the third is not the fourth", tuesday, Facts{Party: stranger, Recent: ago(t, tuesday, 1, 4, 11)}, "", phone.ActionRing},
		{"a friend who rings twice gets through", tuesday, Facts{Party: friend, Contact: true, Me: phone.DND, Recent: ago(t, tuesday, 2)}, "Urgent: a known caller rings twice", phone.ActionRing},
		{"a friend who rings once does not", tuesday, Facts{Party: friend, Contact: true, Me: phone.DND}, "Do not disturb", phone.ActionReject},
		{"a premium number by pattern", tuesday, Facts{Party: phone.Party{Number: "+19005550100"}}, "Premium numbers", phone.ActionSilence},
		{"a premium number by numbering plan", tuesday, Facts{Party: phone.Party{Number: "+449098790000"}}, "Premium numbers", phone.ActionSilence},
		{"a button in office hours", tuesday, Facts{Party: stranger, Account: "business", Payload: "sales-7"}, "Sales button goes to the sales queue", phone.ActionQueue},
		{"a button at night", night, Facts{Party: stranger, Account: "business", Payload: "sales-7"}, "Anyone else out of hours", phone.ActionReject},
		{"a customer of the file at night", night, Facts{Party: phone.Party{Number: "+442079460000"}, Account: "business"}, "Customers at night", phone.ActionVoicemail},
		{"a customer of the file, written the local way", night, Facts{Party: phone.Party{Number: "+12025550199"}, Account: "business"}, "Customers at night", phone.ActionVoicemail},
		{"the line's kind stands for its name", night, Facts{Party: stranger, Account: "shop", Network: phone.BusinessLine}, "Anyone else out of hours", phone.ActionReject},
		{"an expression", tuesday, Facts{Party: friend, Contact: true, Kind: "video", Tags: []string{"tier1"}}, "Big spenders, by expression", phone.ActionScreen},
		{"an expression that is false", tuesday, Facts{Party: friend, Contact: true, Kind: "voice", Tags: []string{"tier1"}}, "", phone.ActionRing},
		{"no number and no contact", tuesday, Facts{Party: phone.Party{LID: "1234"}}, "No number", phone.ActionSilence},
		{"no number but a contact", tuesday, Facts{Party: phone.Party{LID: "1234", Name: "Priya"}, Contact: true}, "", phone.ActionRing},
		{"a stranger at night", night, Facts{Party: stranger, Account: "personal"}, "Strangers at night", phone.ActionSilence},
		{"a stranger in the evening", evening, Facts{Party: stranger, Account: "personal"}, "", phone.ActionRing},
		{"ring for a while", tuesday, Facts{Party: phone.Party{Number: "+33145678901"}, Contact: true}, "Ring, then the machine", phone.ActionRing},
		{"a rule that has ended", tuesday, Facts{Party: phone.Party{Number: "+390612345678"}, Contact: true}, "Over since yesterday", phone.ActionSilence},
		{"a rule on the day after it ended", "2026-11-21 00:00", Facts{Party: phone.Party{Number: "+390612345678"}, Contact: true}, "", phone.ActionRing},
		{"a rule that is switched off", tuesday, Facts{Party: phone.Party{Number: "+34912345678"}, Contact: true}, "", phone.ActionRing},
		{"no agent is free", tuesday, Facts{Party: friend, Contact: true, Account: "support"}, "Nobody is at the desk", phone.ActionVoicemail},
		{"an agent is free", tuesday, Facts{Party: friend, Contact: true, Account: "support", Agents: 1}, "", phone.ActionRing},
		{"guard: the same person is on the line", tuesday, Facts{Party: phone.Party{Number: "+12025550100"}, InCall: true}, "call in progress", phone.ActionSilence},
		{"guard: held back, even a VIP", tuesday, Facts{Party: phone.Party{Number: "+12025550100"}, Restricted: at(t, night)}, "restricted", Restrict},
		{"guard: held back until earlier", tuesday, Facts{Party: stranger, Restricted: at(t, "2026-11-17 09:59")}, "", phone.ActionRing},
	}
	book := fullBook(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := tt.facts
			f.Now = at(t, tt.when)
			if f.Kind == "" {
				f.Kind = "voice"
			}
			if f.Me == "" {
				f.Me = phone.Available
			}
			v := book.Decide(f)
			if v.Rule.Name != tt.want || v.Rule.Do != tt.do {
				t.Errorf("%q decided %s, want %q %s\n%s", v.Rule.Name, v.Rule.Do, tt.want, tt.do, strings.Join(v.Trace, "\n"))
			}
			if len(v.Trace) == 0 {
				t.Error("no trace")
			}
		})
	}
}

// ago are moments so many minutes before a time.
func ago(t testing.TB, when string, minutes ...int) (times []time.Time) {
	for _, m := range minutes {
		times = append(times, at(t, when).Add(-time.Duration(m)*time.Minute))
	}
	return times
}

func TestTheTextOfARule(t *testing.T) {
	book := fullBook(t)
	ann := phone.Party{Number: "+442079460000", Name: "Ann Reed"}
	v := book.Decide(Facts{Party: ann, Contact: true, Account: "business", Kind: "voice", Me: phone.Available, Now: at(t, "2026-12-25 10:00")})
	if want := "Hi Ann Reed, we are closed. We open Monday 28 December at 10:00 EST."; v.Text != want {
		t.Errorf("text %q, want %q", v.Text, want)
	}
	german := phone.Party{Number: "+4915112345678"}
	v = book.Decide(Facts{Party: german, Kind: "voice", Me: phone.DND, Now: at(t, tuesday)})
	if want := "Ich bin in einer Besprechung."; v.Text != want || v.OncePer != time.Hour {
		t.Errorf("text %q once per %s, want %q", v.Text, v.OncePer, want)
	}
}

func TestARestrictedCallerIsSilencedOrOnABusinessLineDeclined(t *testing.T) {
	book := fullBook(t)
	f := Facts{Party: phone.Party{Number: "+12025550143"}, Restricted: at(t, night), Now: at(t, tuesday)}
	if d := book.decision(book.Decide(f), f); d.Action != phone.ActionSilence {
		t.Errorf("personal: %s", d.Action)
	}
	f.Network = phone.BusinessLine
	if d := book.decision(book.Decide(f), f); d.Action != phone.ActionReject || d.Say != "" {
		t.Errorf("business: %s %q", d.Action, d.Say)
	}
}

// BenchmarkDecide is a file of 200 rules none of which matches, with 100
// earlier calls of the person.
func BenchmarkDecide(b *testing.B) {
	var text strings.Builder
	text.WriteString("version = 1\n[hours.night]\nweekly = [\"every 22:00-07:00\"]\n[list.vip]\nnumbers = [\"+4930*\"]\n")
	for i := range 200 {
		name := string(rune('a'+i/26)) + string(rune('a'+i%26))
		text.WriteString("[[rule]]\nname = \"" + name + "\"\nwhen = { from = [\"@vip\", \"+1900*\", \"country:DE\"], calls = \"101 in 24h\", during = \"night\", not_from = \"contact\" }\ndo = \"silence\"\n")
	}
	book, err := Parse([]byte(text.String()), ".")
	if err != nil {
		b.Fatal(err)
	}
	f := Facts{Party: phone.Party{Number: "+4930123456"}, Kind: "voice", Now: at(b, tuesday)}
	for i := range 100 {
		f.Recent = append(f.Recent, f.Now.Add(-time.Duration(i)*time.Minute))
	}
	var took []time.Duration
	b.ReportAllocs()
	for b.Loop() {
		began := time.Now()
		v := book.Decide(f)
		took = append(took, time.Since(began))
		if v.Matched {
			b.Fatal(v.Trace)
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
