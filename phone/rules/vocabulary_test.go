package rules

import (
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tring/phone"
)

// keysOf are all keys that a rules file may have, as paths without names and
// indices: "hours.weekly", "rule.when.from". They are read off the file's own
// type, so that a key that is added without a row here fails the test.
func keysOf(t reflect.Type, prefix string) (keys []string) {
	for t.Kind() == reflect.Map || t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return []string{prefix}
	}
	for i := range t.NumField() {
		keys = append(keys, keysOf(t.Field(i).Type, strings.TrimPrefix(prefix+"."+t.Field(i).Tag.Get("toml"), "."))...)
	}
	return keys
}

// outcome is what a rules file does with a call, in a line; "refused: …" when
// the file does not load.
func outcome(t *testing.T, text string, call Given) string {
	t.Helper()
	book, err := Parse([]byte(text), "testdata")
	if err != nil {
		return "refused: " + err.Error()
	}
	f, err := call.Facts(book, at(t, tuesday))
	if err != nil {
		return "unreadable: " + err.Error()
	}
	v := book.Decide(f)
	d := book.decision(v, f)
	said := []string{string(v.Rule.Do)}
	add := func(is bool, format string, values ...any) {
		if is {
			said = append(said, fmt.Sprintf(format, values...))
		}
	}
	add(v.Rule.Name != "", "by %s", v.Rule.Name)
	add(d.Say != "", "say %q once per %s", d.Say, durationText(v.OncePer))
	add(d.To != "", "to %s", d.To)
	add(v.Rule.For > 0, "for %s", durationText(v.Rule.For))
	add(d.Ring > 0, "after %s %s", durationText(d.Ring), d.Then)
	add(d.Machine.Greeting != "", "greet %s", filepath.Base(d.Machine.Greeting))
	add(d.Machine.Question != "", "ask %s", filepath.Base(d.Machine.Question))
	add(d.Action == phone.ActionVoicemail, "record %s", durationText(d.Machine.Max))
	add(d.Action == phone.ActionScreen, "listen %s", durationText(d.Machine.Screen))
	add(len(book.Lookup.Command) > 0, "asking %s for %s", strings.Join(book.Lookup.Command, " "), durationText(book.Lookup.Keep))
	return strings.Join(said, " ")
}

// TestEveryKeyOfARulesFile has a row for every key: a file with it and a call,
// and another call, or another file, with which it goes differently.
func TestEveryKeyOfARulesFile(t *testing.T) {
	const rule = "version = 1\n[[rule]]\nname = \"a\"\ndo = \"silence\"\n"
	when := func(conditions string) string { return rule + "when = { " + conditions + " }\n" }
	hours := func(keys string) string {
		return "version = 1\ntimezone = \"America/New_York\"\n[hours.h]\n" + keys + "\n[[rule]]\nname = \"a\"\nwhen = { during = \"h\" }\ndo = \"silence\"\n"
	}
	message := func(keys string) string {
		return "version = 1\n[message.m]\n" + keys + "\n[[rule]]\nname = \"a\"\ndo = \"reject\"\nsay = \"m\"\n"
	}
	list := func(keys string) string {
		return "version = 1\ncountry = \"US\"\n[list.l]\n" + keys + "\n[[rule]]\nname = \"a\"\nwhen = { from = \"@l\" }\ndo = \"silence\"\n"
	}
	machine := func(table, do, keys string) string {
		return "version = 1\n[" + table + "]\n" + keys + "\n[[rule]]\nname = \"a\"\ndo = \"" + do + "\"\n"
	}
	eve := Given{From: "+1 202 555 0143", Name: "Eve"}
	berlin := Given{From: "+49 30 123456", Name: "Bea"}
	rows := map[string]struct {
		text  string
		call  Given
		want  string
		text2 string // empty: the same file
		call2 Given  // zero: the same call
		want2 string
	}{
		"version":  {text: rule, want: "silence by a", text2: strings.Replace(rule, "1", "2", 1), want2: "refused: line 1, column 1: version: this program reads version 1, not 2"},
		"timezone": {text: hours(`weekly = ["tue 09:00-11:00"]`), call: Given{At: "2026-11-17 10:00"}, want: "silence by a", call2: Given{At: "2026-11-17 08:59"}, want2: "ring"},
		"country":  {text: list(`numbers = ["202 555 0143"]`), call: eve, want: "silence by a", call2: berlin, want2: "ring"},

		"default.do":  {text: "version = 1\n[default]\ndo = \"silence\"\n", want: "silence", text2: "version = 1\n", want2: "ring"},
		"default.say": {text: "version = 1\n[default]\ndo = \"reject\"\nsay = \"Not now.\"\n", want: `reject say "Not now." once per 12h`, text2: "version = 1\n[default]\ndo = \"reject\"\n", want2: "reject"},

		"list.numbers":  {text: list(`numbers = ["+49 30 *"]`), call: berlin, want: "silence by a", call2: eve, want2: "ring"},
		"list.contacts": {text: list(`contacts = ["Eve"]`), call: Given{Name: "EVE", Contact: true}, want: "silence by a", call2: eve, want2: "ring"},
		"list.tags":     {text: list(`tags = ["gold"]`), call: Given{Tags: []string{"gold"}}, want: "silence by a", call2: Given{Tags: []string{"tin"}}, want2: "ring"},
		"list.file":     {text: list(`file = "customers.csv"`), call: Given{From: "+44 20 7946 0000"}, want: "silence by a", call2: eve, want2: "ring"},

		"hours.timezone": {text: hours(`timezone = "Europe/Berlin"` + "\n" + `weekly = ["tue 09:00-17:00"]`), call: Given{At: "2026-11-17 03:00"}, want: "silence by a", call2: Given{At: "2026-11-17 11:00"}, want2: "ring"},
		"hours.weekly":   {text: hours(`weekly = ["mon-wed 09:00-17:00"]`), call: Given{At: "2026-11-18 16:59"}, want: "silence by a", call2: Given{At: "2026-11-19 16:59"}, want2: "ring"},
		"hours.holidays": {text: hours(`weekly = ["every 00:00-24:00"]` + "\n" + `holidays = "us"`), call: Given{At: "2026-11-25 10:00"}, want: "silence by a", call2: Given{At: "2026-11-26 10:00"}, want2: "ring"},
		"hours.closed":   {text: hours(`weekly = ["every 00:00-24:00"]` + "\n" + `closed = ["2026-11-17..2026-11-18"]`), call: Given{At: "2026-11-19 00:00"}, want: "silence by a", call2: Given{At: "2026-11-18 23:59"}, want2: "ring"},
		"hours.open":     {text: hours(`weekly = ["tue 09:00-17:00"]` + "\n" + `open = ["2026-11-17 20:00-21:00"]`), call: Given{At: "2026-11-17 20:30"}, want: "silence by a", call2: Given{At: "2026-11-17 10:00"}, want2: "ring"},

		"message.text":       {text: message(`text = "Hi {name} at {time}."`), call: Given{Name: "Eve", At: "2026-11-17 10:00"}, want: `reject by a say "Hi Eve at 10:00." once per 12h`, call2: Given{Name: "Bea", At: "2026-11-17 11:00"}, want2: `reject by a say "Hi Bea at 11:00." once per 12h`},
		"message.by_tag":     {text: message(`text = "No."` + "\n" + `by_tag = { gold = "Soon." }`), call: Given{Tags: []string{"gold"}}, want: `reject by a say "Soon." once per 12h`, call2: eve, want2: `reject by a say "No." once per 12h`},
		"message.by_country": {text: message(`text = "No."` + "\n" + `by_country = { de = "Nein." }`), call: berlin, want: `reject by a say "Nein." once per 12h`, call2: eve, want2: `reject by a say "No." once per 12h`},
		"message.once_per":   {text: message(`text = "No."` + "\n" + `once_per = "2d"`), want: `reject by a say "No." once per 2d`, text2: message(`text = "No."`), want2: `reject by a say "No." once per 12h`},

		"voicemail.greeting": {text: machine("voicemail", "voicemail", `greeting = "hello.ogg"`), want: "voicemail by a greet hello.ogg record 2m", text2: machine("voicemail", "voicemail", ""), want2: "voicemail by a record 2m"},
		"voicemail.max":      {text: machine("voicemail", "voicemail", `max = "30s"`), want: "voicemail by a record 30s", text2: machine("voicemail", "voicemail", `max = "0s"`), want2: `refused: line 3, column 1: voicemail.max: cannot read the time "0s" (want "20s", "5m", "12h" or "7d")`},
		"screen.greeting":    {text: machine("screen", "screen", `greeting = "who.ogg"`), want: "screen by a ask who.ogg listen 5s", text2: machine("screen", "screen", ""), want2: "screen by a listen 5s"},
		"screen.max":         {text: machine("screen", "screen", `max = "8s"`), want: "screen by a listen 8s", text2: machine("screen", "screen", ""), want2: "screen by a listen 5s"},
		"lookup.command":     {text: "version = 1\n[lookup]\ncommand = [\"crm\"]\n", want: "ring asking crm for 1h", text2: "version = 1\n[lookup]\ncommand = []\n", want2: "ring"},
		"lookup.keep":        {text: "version = 1\n[lookup]\ncommand = [\"crm\"]\nkeep = \"5m\"\n", want: "ring asking crm for 5m", text2: "version = 1\n[lookup]\ncommand = [\"crm\"]\nkeep = \"soon\"\n", want2: `refused: line 4, column 1: lookup.keep: cannot read the time "soon" (want "20s", "5m", "12h" or "7d")`},

		"rule.name":     {text: rule, want: "silence by a", text2: strings.Replace(rule, `"a"`, `"b"`, 1), want2: "silence by b"},
		"rule.do":       {text: rule, want: "silence by a", text2: strings.Replace(rule, "silence", "ring", 1), want2: "ring by a"},
		"rule.to":       {text: "version = 1\n[[rule]]\nname = \"a\"\ndo = \"queue\"\nto = \"sales\"\n", want: "queue by a to sales", text2: "version = 1\n[[rule]]\nname = \"a\"\ndo = \"queue\"\n", want2: `refused: line 2, column 3: rule "a" queues a call but not where; write to = "sales"`},
		"rule.say":      {text: "version = 1\n[[rule]]\nname = \"a\"\ndo = \"reject\"\nsay = \"Not now.\"\n", want: `reject by a say "Not now." once per 12h`, text2: "version = 1\n[[rule]]\nname = \"a\"\ndo = \"reject\"\n", want2: "reject by a"},
		"rule.for":      {text: "version = 1\n[[rule]]\nname = \"a\"\ndo = \"restrict\"\nfor = \"7d\"\n", want: "restrict by a for 7d", text2: "version = 1\n[[rule]]\nname = \"a\"\ndo = \"restrict\"\nfor = \"long\"\n", want2: `refused: line 5, column 1: for: cannot read the time "long" (want "20s", "5m", "12h" or "7d")`},
		"rule.ring_for": {text: "version = 1\n[[rule]]\nname = \"a\"\ndo = \"ring\"\nring_for = \"20s\"\n", want: "ring by a after 20s ", text2: rule + "ring_for = \"20s\"\n", want2: `refused: line 2, column 3: rule "a" does not ring, so ring_for means nothing`},
		"rule.then":     {text: "version = 1\n[[rule]]\nname = \"a\"\ndo = \"ring\"\nring_for = \"20s\"\nthen = \"voicemail\"\n", want: "ring by a after 20s voicemail", text2: "version = 1\n[[rule]]\nname = \"a\"\ndo = \"ring\"\nring_for = \"20s\"\nthen = \"reject\"\n", want2: "ring by a after 20s reject"},
		"rule.until":    {text: "version = 1\ntimezone = \"America/New_York\"\n[[rule]]\nname = \"a\"\ndo = \"silence\"\nuntil = \"2026-11-17\"\n", call: Given{At: "2026-11-17 23:59"}, want: "silence by a", call2: Given{At: "2026-11-18 00:00"}, want2: "ring"},
		"rule.enabled":  {text: rule + "enabled = true\n", want: "silence by a", text2: rule + "enabled = false\n", want2: "ring"},
		"rule.confirm":  {text: "version = 1\n[[rule]]\nname = \"a\"\nwhen = { from = \"unknown\", calls = \"2 in 1m\" }\ndo = \"block\"\nconfirm = false\n", call: Given{Nth: 2}, want: "block by a", text2: "version = 1\n[[rule]]\nname = \"a\"\nwhen = { from = \"unknown\", calls = \"2 in 1m\" }\ndo = \"block\"\n", want2: `refused: line 2, column 3: rule "a" blocks people by how often they call; write confirm = false if that may happen without asking`},

		"rule.when.from":     {text: when(`from = ["+1 202 *", "contact"]`), call: eve, want: "silence by a", call2: berlin, want2: "ring"},
		"rule.when.not_from": {text: when(`not_from = "+1 202 *"`), call: berlin, want: "silence by a", call2: eve, want2: "ring"},
		"rule.when.account":  {text: when(`account = "business"`), call: Given{Account: "business"}, want: "silence by a", call2: Given{Account: "personal"}, want2: "ring"},
		"rule.when.kind":     {text: when(`kind = ["video", "group"]`), call: Given{Kind: "group"}, want: "silence by a", call2: Given{Kind: "voice"}, want2: "ring"},
		"rule.when.during":   {text: hours(`weekly = ["tue 09:00-17:00"]`), call: Given{At: "2026-11-17 09:00"}, want: "silence by a", call2: Given{At: "2026-11-17 17:00"}, want2: "ring"},
		"rule.when.outside":  {text: strings.Replace(hours(`weekly = ["tue 09:00-17:00"]`), "during", "outside", 1), call: Given{At: "2026-11-17 17:00"}, want: "silence by a", call2: Given{At: "2026-11-17 09:00"}, want2: "ring"},
		"rule.when.calls":    {text: when(`calls = "3 in 10m"`), call: Given{Nth: 3}, want: "silence by a", call2: Given{Nth: 2}, want2: "ring"},
		"rule.when.me":       {text: when(`me = ["dnd", "in-call"]`), call: Given{Me: "in-call"}, want: "silence by a", call2: Given{Me: "away"}, want2: "ring"},
		"rule.when.agents":   {text: when(`agents = "none"`), call: Given{Me: "away"}, want: "silence by a", call2: Given{Me: "available"}, want2: "ring"},
		"rule.when.payload":  {text: when(`payload = "sales*"`), call: Given{Payload: "sales-7"}, want: "silence by a", call2: Given{Payload: "support"}, want2: "ring"},
		"rule.when.expr":     {text: when(`expr = 'now.Hour() >= 18 && call.last_day < 3'`), call: Given{At: "2026-11-17 18:00"}, want: "silence by a", call2: Given{At: "2026-11-17 18:00", Nth: 3}, want2: "ring"},
	}
	keys := keysOf(reflect.TypeFor[file](), "")
	for key := range maps.Keys(rows) {
		if !slices.Contains(keys, key) {
			t.Errorf("a rules file has no key %q", key)
		}
	}
	for _, key := range keys {
		t.Run(key, func(t *testing.T) {
			row, there := rows[key]
			if !there {
				t.Fatal("this key has no row here: add a file and two calls that show what it does")
			}
			if got := outcome(t, row.text, row.call); got != row.want {
				t.Errorf("%s\nwant %s\ngot  %s", row.text, row.want, got)
			}
			text, call := row.text, row.call
			if row.text2 != "" {
				text = row.text2
			}
			if !reflect.ValueOf(row.call2).IsZero() {
				call = row.call2
			}
			if got := outcome(t, text, call); got != row.want2 || got == row.want {
				t.Errorf("%s\nwant %s\ngot  %s", text, row.want2, got)
			}
		})
	}
}

// TestEveryWordForACaller has a caller for every word of from, and one whom
// the word does not mean.
func TestEveryWordForACaller(t *testing.T) {
	friend := Facts{Party: phone.Party{Number: "+12025550111", Name: "Bruno"}, Contact: true}
	hidden := Facts{Party: phone.Party{LID: "77"}}
	number := func(n string) Facts { return Facts{Party: phone.Party{Number: n}} }
	stranger := number("+442079460000")
	rows := map[string]struct {
		is, not Facts
	}{
		"anyone":          {stranger, Facts{}},
		"contact":         {friend, stranger},
		"unknown":         {stranger, friend},
		"no-number":       {hidden, stranger},
		"+44 20 79460000": {stranger, friend},
		"+44 20 *":        {stranger, friend},
		"@l":              {friend, stranger},
		"country:GB":      {stranger, friend},
		"tag:gold":        {Facts{Tags: []string{"tin", "gold"}}, friend},
		"id:77":           {hidden, stranger},
		"type:premium":    {number("+449098790000"), stranger},
		"type:mobile":     {number("+4915112345678"), stranger},
		"type:fixed":      {number("+493012345678"), number("+4915112345678")},
		"type:tollfree":   {number("+448081570000"), stranger},
		"type:voip":       {number("+445612345678"), stranger},
	}
	for word := range people {
		if _, there := rows[word]; !there {
			t.Errorf("%q has no row", word)
		}
	}
	for name := range numberTypes {
		if _, there := rows["type:"+name]; !there {
			t.Errorf("type:%s has no row", name)
		}
	}
	for word, row := range rows {
		for _, tt := range []struct {
			key       string
			want, not Facts
		}{{"from", row.is, row.not}, {"not_from", row.not, row.is}} {
			text := fmt.Sprintf("version = 1\n[list.l]\nnumbers = [\"+1 202 *\"]\n[[rule]]\nname = \"a\"\nwhen = { %s = %q }\ndo = \"silence\"\n", tt.key, word)
			book, err := Parse([]byte(text), ".")
			if err != nil {
				t.Errorf("%s = %q: %v", tt.key, word, err)
				continue
			}
			if v := book.Decide(tt.want); !v.Matched && !(word == "anyone" && tt.key == "not_from") {
				t.Errorf("%s = %q does not mean %+v: %v", tt.key, word, tt.want.Party, v.Trace)
			}
			if v := book.Decide(tt.not); v.Matched && word != "anyone" {
				t.Errorf("%s = %q means %+v", tt.key, word, tt.not.Party)
			}
		}
	}
}

// TestEveryAction has the shortest rule for every word of do, and what the
// phone is told on either kind of line.
func TestEveryAction(t *testing.T) {
	rows := map[phone.Action]struct {
		more               string
		personal, business phone.Action
	}{
		phone.ActionRing:      {"", phone.ActionRing, phone.ActionRing},
		phone.ActionRingLoud:  {"", phone.ActionRingLoud, phone.ActionRingLoud},
		phone.ActionSilence:   {"", phone.ActionSilence, phone.ActionSilence},
		phone.ActionReject:    {"say = \"No.\"\n", phone.ActionReject, phone.ActionReject},
		phone.ActionBlock:     {"when = { from = \"unknown\" }\n", phone.ActionBlock, phone.ActionBlock},
		Restrict:              {"for = \"1h\"\n", phone.ActionSilence, phone.ActionReject},
		phone.ActionQueue:     {"to = \"sales\"\n", phone.ActionQueue, phone.ActionQueue},
		phone.ActionVoicemail: {"", phone.ActionVoicemail, phone.ActionVoicemail},
		phone.ActionScreen:    {"", phone.ActionScreen, phone.ActionScreen},
	}
	for _, do := range actions {
		row, there := rows[do]
		if !there {
			t.Errorf("%q has no row", do)
		}
		book, err := Parse([]byte("version = 1\n[[rule]]\nname = \"a\"\ndo = \""+string(do)+"\"\n"+row.more), ".")
		if err != nil {
			t.Errorf("%s: %v", do, err)
			continue
		}
		for network, want := range map[phone.LineKind]phone.Action{phone.PersonalLine: row.personal, phone.BusinessLine: row.business} {
			f := Facts{Party: phone.Party{Number: "+12025550143"}, Network: network, Now: at(t, tuesday)}
			if d := book.decision(book.Decide(f), f); d.Action != want || d.Rule != "a" {
				t.Errorf("%s on a %s line: %s by %q, want %s", do, network, d.Action, d.Rule, want)
			}
		}
	}
}

// TestEveryCheckOfAFile has a file for every mistake that is refused and for
// everything that is worth a warning, in the order of their tables.
func TestEveryCheckOfAFile(t *testing.T) {
	const rule = "version = 1\n[message.m]\ntext = \"No.\"\n[[rule]]\nname = \"a\"\n"
	files := []struct{ what, text, sentence string }{
		{"refused", rule + "do = \"block\"\n", "would block everyone"},
		{"refused", rule + "when = { from = \"unknown\", calls = \"9 in 1m\" }\ndo = \"block\"\n", "blocks people by how often they call"},
		{"refused", rule + "do = \"queue\"\n", "queues a call but not where"},
		{"refused", rule + "do = \"restrict\"\n", "restricts a caller but not for how long"},
		{"refused", rule + "do = \"ring\"\nthen = \"voicemail\"\n", "has then but not ring_for"},
		{"refused", rule + "do = \"silence\"\nring_for = \"20s\"\n", "does not ring"},
		{"refused", rule + "do = \"ring\"\nring_for = \"20s\"\nthen = \"block\"\n", "cannot do that after ringing"},
		{"warned", rule + "when = { kind = \"video\" }\ndo = \"reject\"\n", "rejects without a message"},
		{"warned", rule + "when = { kind = \"video\" }\ndo = \"reject\"\nsay = \"mm\"\n", "says the word \"mm\" itself"},
		{"warned", rule + "when = { kind = \"video\" }\ndo = \"silence\"\nsay = \"m\"\n", "has a message, which is never sent"},
		{"warned", rule + "do = \"silence\"\n", "has no condition"},
		{"warned", rule + "when = { kind = \"video\" }\ndo = \"ring\"\nring_for = \"9s\"\nthen = \"voicemail\"\n", "lets the machine answer without a word"},
		{"warned", rule + "when = { kind = \"video\" }\ndo = \"screen\"\n", "asks who calls without a word"},
		{"warned", rule + "when = { kind = \"video\" }\ndo = \"silence\"\nenabled = false\n", "is switched off"},
		{"warned", rule + "when = { kind = \"video\" }\ndo = \"silence\"\nuntil = \"2020-01-01\"\n", "has ended"},
	}
	checks := map[string][]check{"refused": refusals, "warned": doubts}
	done := map[string]int{}
	for _, f := range files {
		if done[f.what] == len(checks[f.what]) {
			t.Fatalf("more files than checks: %s", f.text)
		}
		c := checks[f.what][done[f.what]]
		done[f.what]++
		if !strings.Contains(c.sentence, strings.SplitN(f.sentence, "\"", 2)[0]) {
			t.Errorf("the check %q is met by the file for %q: keep the order", c.sentence, f.sentence)
		}
		book, err := Parse([]byte(f.text), ".")
		switch {
		case f.what == "refused" && (err == nil || !strings.Contains(err.Error(), f.sentence)):
			t.Errorf("%s\nis not refused for %q: %v", f.text, f.sentence, err)
		case f.what == "warned" && err != nil:
			t.Errorf("%s\nis refused: %v", f.text, err)
		case f.what == "warned" && (len(book.Warnings) != 1 || !strings.Contains(book.Warnings[0].String(), f.sentence)):
			t.Errorf("%s\nis worth %v, want %q", f.text, book.Warnings, f.sentence)
		}
	}
	for what, all := range checks {
		if done[what] != len(all) {
			t.Errorf("%d checks are %s, %d have a file", len(all), what, done[what])
		}
	}
}

func TestDurationsMayBeDaysAndWeeks(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"20s": 20 * time.Second, "1h30m": 90 * time.Minute, "1d": 24 * time.Hour, "2w": 14 * 24 * time.Hour,
	} {
		if got, err := parseDuration(text); got != want || err != nil {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "d", "-1d", "0s", "1.5d", "99999999999w", "5", "-3h", "1d2h"} {
		if got, err := parseDuration(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}
