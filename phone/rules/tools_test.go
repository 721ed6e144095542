package rules

import (
	"strings"
	"testing"
	"time"

	"tring/phone"
)

func TestExplainTellsEveryStepAndDoesNothing(t *testing.T) {
	book := fullBook(t)
	f, err := Given{From: "+44 20 7946 0000", Name: "Ann Reed", Account: "business", At: "2026-12-25 10:00"}.Facts(book, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	book.Explain(&out, f)
	for _, want := range []string{
		`Call +442079460000 "~Ann Reed"  business voice  Fri 25 Dec 2026 10:00 EST  you: available`,
		"   . VIPs always get through                  caller is not @vip",
		"   . Too many calls from a stranger           call 1 of 4 in 10m",
		"  => Customers at night                       matches",
		"Would: VOICEMAIL",
		`Would send (at most once per 12h): "Hi Ann Reed, we are closed. We open Monday 28 December at 10:00 EST."`,
		"Nothing was done.",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("explain lacks %q:\n%s", want, out.String())
		}
	}
}

func TestExplainTellsTheTimesOfARule(t *testing.T) {
	book := fullBook(t)
	for from, want := range map[string]string{
		"+33 1 45 67 89 01": "Would: RING for 20s, then VOICEMAIL\n",
		"+1 202 555 0143":   "Would: RESTRICT for 24h\n",
	} {
		f, err := Given{From: from, Contact: from[1] == '3', Nth: 4, At: tuesday}.Facts(book, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		if book.Explain(&out, f); !strings.Contains(out.String(), want) {
			t.Errorf("%s: want %q in\n%s", from, want, out.String())
		}
	}
}

func TestReplayTellsExactlyTheDifferences(t *testing.T) {
	start := at(t, tuesday)
	call := func(number string, minute int, action phone.Action) phone.Call {
		return phone.Call{
			ID: number, Direction: phone.Inbound, Party: phone.Party{Number: number}, Line: "personal",
			LineKind: phone.PersonalLine, Action: action, Started: start.Add(time.Duration(minute) * time.Minute),
		}
	}
	calls := []phone.Call{
		call("+12025550143", 0, phone.ActionRing),
		call("+12025550143", 1, phone.ActionRing),
		call("+12025550199", 2, ""),
		{Direction: phone.Outbound, Party: phone.Party{Number: "+12025550143"}, Started: start.Add(3 * time.Minute)},
		call("+12025550143", 4, phone.ActionRing),
		call("+12025550143", 5, phone.ActionSilence),
	}
	book, err := Parse([]byte("version=1\n[[rule]]\nname=\"often\"\nwhen={calls=\"3 in 10m\"}\ndo=\"silence\"\n"), ".")
	if err != nil {
		t.Fatal(err)
	}
	got := book.Replay(calls, Assume{Me: phone.Available})
	if len(got) != 1 || got[0].Call.Started != calls[4].Started || got[0].Was != phone.ActionRing || got[0].Rule != "often" {
		t.Errorf("differences %+v", got)
	}
}

func TestReplayOfTheRulesThatWereInForceTellsNothing(t *testing.T) {
	book, err := Parse([]byte("version=1\n[[rule]]\nname=\"gold\"\nwhen={from=\"tag:gold\"}\ndo=\"ring-loud\"\n"+
		"[[rule]]\nname=\"spam\"\nwhen={from=\"unknown\",calls=\"2 in 1m\"}\ndo=\"restrict\"\nfor=\"1h\"\n"), ".")
	if err != nil {
		t.Fatal(err)
	}
	gold := phone.Contact{Party: phone.Party{Number: "+12025550188"}, Tags: []string{"gold"}}
	spam := phone.Party{LID: "66", Number: "+12025550166"}
	call := func(who phone.Party, after time.Duration, a phone.Action, why phone.Cause) phone.Call {
		return phone.Call{Direction: phone.Inbound, Party: who, Action: a, Cause: why, Started: at(t, tuesday).Add(after)}
	}
	calls := []phone.Call{
		call(gold.Party, 0, phone.ActionRingLoud, phone.NormalClearing),
		call(spam, 0, phone.ActionRing, phone.Cancelled),
		call(spam, 30*time.Second, phone.ActionSilence, phone.Cancelled),                     // restricted by the rule …
		call(phone.Party{LID: "66"}, 30*time.Minute, phone.ActionSilence, phone.Cancelled),   // … and held back
		call(phone.Party{LID: "66"}, 40*time.Minute, "", phone.Stale),                        // no rule was asked
		call(phone.Party{Number: "+12025550166"}, 2*time.Hour, phone.ActionRing, phone.Busy), // the hour is over
	}
	if got := book.Replay(calls, Assume{Me: phone.Available, People: []phone.Contact{gold}}); len(got) != 0 {
		t.Errorf("differences %+v", got)
	}
}

func TestDecliningTooManyBusinessCallsIsWorthAWarning(t *testing.T) {
	book, err := Parse([]byte("version=1\n[[rule]]\nname=\"video\"\nwhen={kind=\"video\"}\ndo=\"reject\"\nsay=\"Voice only, please.\"\n"), ".")
	if err != nil {
		t.Fatal(err)
	}
	log := func(voice, video int, kind phone.LineKind) (calls []phone.Call) {
		for i := range voice + video {
			calls = append(calls, phone.Call{Direction: phone.Inbound, LineKind: kind, Video: i < video, Started: at(t, tuesday).Add(time.Duration(i) * time.Hour)})
		}
		return calls
	}
	for _, tt := range []struct {
		name  string
		calls []phone.Call
		want  string
	}{
		{"a quarter", log(15, 5, phone.BusinessLine), `rule "video" would decline 5 of the 20 calls of the business lines (25 %)`},
		{"a fifth", log(16, 4, phone.BusinessLine), ""},
		{"too few to judge", log(0, 9, phone.BusinessLine), ""},
		{"a personal line", log(0, 20, phone.PersonalLine), ""},
	} {
		got := book.PickupWarnings(tt.calls, Assume{Me: phone.Available})
		if (tt.want == "") != (len(got) == 0) || len(got) > 0 && !strings.HasPrefix(got[0].String(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, got, tt.want)
		}
	}
}

func TestHitsCountAlsoRulesThatNeverDecided(t *testing.T) {
	book := fullBook(t)
	hits := book.Hits([]phone.Call{
		{Direction: phone.Inbound, Rule: "Off", Action: phone.ActionSilence},
		{Direction: phone.Inbound, Action: phone.ActionRing},
		{Direction: phone.Inbound, Rule: "restricted", Action: phone.ActionSilence},
		{Direction: phone.Inbound, Cause: phone.Stale},
		{Direction: phone.Outbound},
	})
	n := len(book.Rules)
	if len(hits) != n+2 || hits[0].Hits != 0 || hits[n].Hits != 1 || hits[n].Rule != "" {
		t.Errorf("hits %+v", hits)
	}
	if last := hits[n+1]; last.Rule != "restricted" || last.Hits != 1 || !last.Foreign {
		t.Errorf("what is not in the book: %+v", last)
	}
}

func TestTheWeekAsAPicture(t *testing.T) {
	var out strings.Builder
	fullBook(t).PrintWeek(&out, at(t, "2026-12-21 12:00"))
	for _, want := range []string{
		"Mon 21 Dec ..................################..............",
		"Thu 24 Dec ................................................  <- closed date",
		"Fri 25 Dec ................................................  <- public holiday: Christmas Day",
		"Mon 21 Dec ##############..............................####",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the week lacks %q:\n%s", want, out.String())
		}
	}
}

func TestCasesAreCheckedAgainstABook(t *testing.T) {
	book := fullBook(t)
	cases, err := ParseCases([]byte(`
[[case]]
name = "mum at night"
given = { name = "Mum", contact = true, at = "2026-11-17 23:30", me = "dnd" }
expect = { do = "ring-loud", rule = "VIPs always get through" }
[[case]]
name = "wrong on purpose"
given = { from = "+12025550143", nth = 4, at = "2026-11-17 10:00" }
expect = { do = "ring" }
`))
	if err != nil {
		t.Fatal(err)
	}
	if why, err := book.Check(cases[0], time.Now()); why != "" || err != nil {
		t.Errorf("first case: %q %v", why, err)
	}
	if why, _ := book.Check(cases[1], time.Now()); why != `restrict by "Too many calls from a stranger", not ring` {
		t.Errorf("second case: %q", why)
	}
	for _, g := range []Given{{Me: "asleep"}, {Kind: "fax"}, {From: "Mum"}, {At: "noon"}} {
		if _, err := g.Facts(book, time.Now()); err == nil {
			t.Errorf("%+v was read", g)
		}
	}
	if _, err := ParseCases([]byte("[[case]]\nnmae = \"x\"\n")); err == nil || !strings.Contains(err.Error(), "line 2, column 1") {
		t.Errorf("misspelt key: %v", err)
	}
}
