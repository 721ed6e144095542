package control

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tring/phone"
)

// defs is the part of the schema that these tests compare.
type defs struct {
	Defs struct {
		Requests map[string]struct {
			Properties struct {
				With struct{ Properties map[string]any }
			}
		}
		Results map[string]any
		Query   struct{ Properties map[string]any }
		Contact struct{ Properties map[string]any }
		Entry   struct{ Properties map[string]any }
	} `json:"$defs"`
}

func readSchema(t *testing.T) defs {
	t.Helper()
	var d defs
	if err := json.Unmarshal(Schema, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheSchemaHasEveryRequestWithEveryField(t *testing.T) {
	d := readSchema(t).Defs
	if got := slices.Sorted(maps.Keys(d.Requests)); !slices.Equal(got, Verbs()) {
		t.Errorf("the schema's requests are\n%v, the program's\n%v", got, Verbs())
	}
	for name, v := range verbs {
		want := strings.Fields(v.fields)
		slices.Sort(want)
		if got := slices.Sorted(maps.Keys(d.Requests[name].Properties.With.Properties)); !slices.Equal(got, want) {
			t.Errorf("%s takes %v in the schema, %v in the program", name, got, want)
		}
		if _, described := d.Results[name]; !described && name != eventsVerb {
			t.Errorf("the schema does not say what %q results in", name)
		}
	}
}

func TestEveryFieldOfARequestIsTakenBySomeRequest(t *testing.T) {
	taken := map[string]bool{}
	for _, v := range verbs {
		for _, f := range strings.Fields(v.fields) {
			taken[f] = true
		}
	}
	if got, want := slices.Sorted(maps.Keys(taken)), fieldsOf[With](); !slices.Equal(got, want) {
		t.Errorf("requests take %v, With has %v", got, want)
	}
}

func TestTheSchemaHasEveryFieldOfWhatItSharesWithThePhone(t *testing.T) {
	d := readSchema(t).Defs
	for what, pair := range map[string][2][]string{
		"query":   {slices.Sorted(maps.Keys(d.Query.Properties)), fieldsOf[Query]()},
		"contact": {slices.Sorted(maps.Keys(d.Contact.Properties)), fieldsOf[phone.Contact]()},
		"entry":   {slices.Sorted(maps.Keys(d.Entry.Properties)), fieldsOf[phone.LogEntry]()},
	} {
		if !slices.Equal(pair[0], pair[1]) {
			t.Errorf("%s is %v in the schema, %v in the program", what, pair[0], pair[1])
		}
	}
}

// fieldsOf are the JSON names of a struct's fields, sorted.
func fieldsOf[T any]() []string {
	var names []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// TestTheManualNamesEveryRequestAndErrorCode keeps docs/control.md complete,
// and its examples true to the schema.
func TestTheManualNamesEveryRequestAndErrorCode(t *testing.T) {
	text, err := os.ReadFile("../../docs/control.md")
	if err != nil {
		t.Fatal(err)
	}
	manual := string(text)
	want := Verbs()
	for _, c := range codes {
		want = append(want, c.code)
	}
	for _, name := range append(want, AskFirst, "malformed", "unknown", "usage", "too_long", "crowded", "no_device", "failed") {
		if !strings.Contains(manual, "`"+name+"`") {
			t.Errorf("docs/control.md does not name `%s`", name)
		}
	}
	examples := regexp.MustCompile(`(?m)^([<>]) (\{.*\})$`).FindAllStringSubmatch(manual, -1)
	if len(examples) < 6 {
		t.Errorf("docs/control.md has only %d examples", len(examples))
	}
	for _, e := range examples {
		if e[1] == ">" {
			fits(t, "request", []byte(e[2]))
		} else if !strings.Contains(e[2], `"tring"`) {
			fits(t, "response", []byte(e[2]))
		}
	}
}
