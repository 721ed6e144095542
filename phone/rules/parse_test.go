package rules

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tring/phone"
)

func TestABadFileIsRefusedWithItsPlace(t *testing.T) {
	rule := "version = 1\n[[rule]]\nname = \"a\"\n"
	tests := []struct{ name, text, want string }{
		{"not TOML", "version = \n", "line 1,"},
		{"no version", "[[rule]]\nname = \"a\"\ndo = \"ring\"\n", "version: this program reads version 1, not 0"},
		{"unknown key", rule + "do = \"ring\"\nsya = \"hi\"\n", `line 5, column 1: unknown key "rule.sya"`},
		{"unknown key in when", rule + "when = { form = \"contact\" }\ndo = \"ring\"\n", "line 4, column 10: unknown key"},
		{"unknown action", rule + "do = \"ignore\"\n", `line 4, column 1: do: "ignore" is not one of ring,`},
		{"forward", rule + "do = \"forward\"\nto = \"sip:a@b\"\n", "line 4, column 1: do: forwarding to SIP does not exist yet"},
		{"no name", "version = 1\n[[rule]]\ndo = \"ring\"\n", "line 2,"},
		{"name twice", rule + "do=\"ring\"\n[[rule]]\nname = \"a\"\ndo=\"ring\"\n", `line 6, column 1: name: every rule needs a name of its own`},
		{"unknown list", rule + "when = { from = \"@vip\" }\ndo = \"ring\"\n", "line 4, column 10: when.from: there is no list @vip"},
		{"unknown hours", rule + "when = { during = \"office\" }\ndo = \"ring\"\n", `line 4, column 10: when.during: there are no hours "office"`},
		{"unreadable number", rule + "when = { from = \"Mum\" }\ndo = \"ring\"\n", `"Mum" is neither a number nor one of`},
		{"unreadable hours", "version = 1\n[hours.office]\nweekly = [\"monday 9-5\"]\n", `line 2,`},
		{"hours that never open", "version = 1\n[hours.office]\ntimezone = \"UTC\"\n", "would never be open"},
		{"no such zone", "version = 1\ntimezone = \"EST5\"\n", "is not a time zone"},
		{"no such date", "version = 1\n[hours.o]\nweekly=[\"mon 09:00-10:00\"]\nclosed = [\"2026-02-30\"]\n", "cannot read the date"},
		{"range backwards", "version = 1\n[hours.o]\nweekly=[\"mon 09:00-10:00\"]\nclosed = [\"2026-02-20..2026-02-01\"]\n", "ends before it begins"},
		{"holidays of nowhere", "version = 1\n[hours.o]\nweekly=[\"mon 09:00-10:00\"]\nholidays = \"xx\"\n", "no public holidays"},
		{"rate", rule + "when = { calls = \"often\" }\ndo = \"ring\"\n", `cannot read "often" (want "3 in 10m")`},
		{"misspelt field in an expression", rule + "when = { expr = 'call.knd == \"video\"' }\ndo = \"ring\"\n", "the expression is wrong"},
		{"an expression that is no condition", rule + "when = { expr = '1 + 1' }\ndo = \"ring\"\n", "the expression is wrong"},
		{"an endless expression", rule + "when = { expr = '" + strings.Repeat("true && ", 300) + "true' }\ndo = \"ring\"\n", "the expression is wrong"},
		{"block everyone", rule + "do = \"block\"\n", "would block everyone"},
		{"block by rate without asking", rule + "when = { from = \"unknown\", calls = \"9 in 1m\" }\ndo = \"block\"\n", "confirm = false"},
		{"restrict without time", rule + "when = { from = \"unknown\" }\ndo = \"restrict\"\n", "not for how long"},
		{"queue without name", rule + "do = \"queue\"\n", "not where"},
		{"then without ring_for", rule + "do = \"ring\"\nthen = \"voicemail\"\n", "has then but not ring_for"},
		{"ring after ringing", rule + "do = \"ring\"\nring_for = \"9s\"\nthen = \"ring\"\n", "cannot do that after ringing"},
		{"message without text", "version = 1\n[message.a]\nonce_per = \"1h\"\n", "has no text"},
		{"message once per more than is remembered", "version = 1\n[message.a]\ntext = \"hi\"\nonce_per = \"32d\"\n", "once_per can be 31d at most"},
		{"message with an unknown field", "version = 1\n[message.a]\ntext = \"{nmae}\"\n", "{nmae} is not one of"},
		{"message with unknown hours", "version = 1\n[message.a]\ntext = \"{next_open:x}\"\n", "no such hours"},
		{"list file that is missing", "version = 1\n[list.a]\nfile = \"nowhere.txt\"\n", "list file cannot be read"},
		{"from is a table", rule + "when = { from = { a = 1 } }\ndo = \"ring\"\n", "neither a word nor a list"},
		{"from is empty", rule + "when = { from = [] }\ndo = \"ring\"\n", "an empty list matches nobody"},
		{"wrong presence", rule + "when = { me = \"asleep\" }\ndo = \"ring\"\n", `"asleep" is not one of available`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			book, err := Parse([]byte(tt.text), t.TempDir())
			if err == nil {
				t.Fatalf("accepted: %+v", book.Rules)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q does not contain %q", err, tt.want)
			}
		})
	}
}

func TestEveryPresetLoadsWithoutWarnings(t *testing.T) {
	for _, name := range Presets() {
		text, err := Preset(name)
		if err != nil {
			t.Fatal(err)
		}
		book, err := Parse(text, ".")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(book.Warnings) > 0 || len(book.Rules) == 0 {
			t.Errorf("%s: %d rules, warnings %v", name, len(book.Rules), book.Warnings)
		}
	}
}

// manual is the text of docs/rules.md.
func manual(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEveryExampleOfTheManualLoads(t *testing.T) {
	dir := t.TempDir()
	for _, file := range []string{"customers.csv", "hello.ogg", "who-is-it.ogg"} {
		put(t, filepath.Join(dir, file), "")
	}
	examples := strings.Split(manual(t), "```toml\n")[1:]
	for _, example := range examples {
		text, _, _ := strings.Cut(example, "```")
		if strings.HasPrefix(text, "[[case]]") {
			if _, err := ParseCases([]byte(text)); err != nil {
				t.Errorf("%s\n%v", text, err)
			}
			continue
		}
		book, err := Parse([]byte(text), dir)
		if err != nil {
			t.Errorf("%s\n%v", text, err)
		} else if len(book.Rules) == 0 || len(book.Warnings) != 0 {
			t.Errorf("%s\n%d rules, warnings %v", text, len(book.Rules), book.Warnings)
		}
	}
	if len(examples) < 5 {
		t.Errorf("only %d examples were found", len(examples))
	}
}

func TestTheManualNamesEveryWord(t *testing.T) {
	text := manual(t)
	words := append(slices.Collect(maps.Keys(people)), slices.Collect(maps.Keys(numberTypes))...)
	for _, key := range keysOf(reflect.TypeFor[file](), "") {
		words = append(words, key[strings.LastIndexByte(key, '.')+1:])
	}
	words = append(words, keysOf(reflect.TypeFor[Given](), "")...)
	for _, a := range actions {
		words = append(words, string(a))
	}
	words = append(append(append(words, kinds...), presences...), Presets()...)
	for _, word := range words {
		if !regexp.MustCompile(`\b` + regexp.QuoteMeta(word) + `\b`).MatchString(text) {
			t.Errorf("docs/rules.md says nothing of %q", word)
		}
	}
}

func TestWarnings(t *testing.T) {
	book, err := Parse([]byte("version = 1\n[message.busy]\ntext=\"b\"\n[[rule]]\nname=\"a\"\nwhen={me=\"dnd\"}\ndo=\"reject\"\n"+
		"[[rule]]\nname=\"b\"\nwhen={me=\"busy\"}\ndo=\"reject\"\nsay=\"bussy\"\n[[rule]]\nname=\"c\"\ndo=\"silence\"\n"), ".")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`rule "a" rejects without a message`, `rule "b" says the word "bussy" itself`, `rule "c" has no condition`}
	if len(book.Warnings) != len(want) {
		t.Fatalf("warnings %v", book.Warnings)
	}
	for i, w := range want {
		if !strings.HasPrefix(book.Warnings[i].String(), w) {
			t.Errorf("warning %q, want %q", book.Warnings[i], w)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range Presets() {
		text, _ := Preset(name)
		f.Add(text)
	}
	full, err := os.ReadFile("testdata/full.toml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(full)
	f.Add([]byte("version = 1\n[[rule]]\nname = \"a\"\nwhen = { expr = 'len(caller.tags) > 2' }\ndo = \"ring\"\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		book, err := Parse(text, "testdata")
		if err != nil {
			return
		}
		facts := Facts{Party: phone.Party{Number: "+442079460000"}, Kind: "voice", Now: at(t, tuesday)}
		v := book.Decide(facts)
		if v.Rule.Do == "" || len(v.Trace) == 0 {
			t.Errorf("a book that loads decided %+v", v)
		}
	})
}
