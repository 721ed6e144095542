package rules

import (
	"fmt"
	"slices"
	"strings"

	"tring/phone"
)

// condition is one key of a rule's "when". It says in words why it does not
// hold; nothing when it does.
type condition func(*Book, Facts) (missing string)

// words reads a value that is one string or a list of strings.
func words(v any) ([]string, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		return []string{v}, nil
	case []any:
		list := make([]string, 0, len(v))
		for _, item := range v {
			s, ok := item.(string)
			if !ok {
				return nil, fmt.Errorf("%v is not a word", item)
			}
			list = append(list, s)
		}
		if len(list) == 0 {
			return nil, fmt.Errorf("an empty list matches nobody; leave the key out")
		}
		return list, nil
	}
	return nil, fmt.Errorf("%v is neither a word nor a list of words", v)
}

func slashed(w []string) string { return strings.Join(w, "/") }

// conditionKeys are the keys of "when", in the order in which they are tried:
// cheap ones first.
var conditionKeys = []struct {
	key     string
	compile func(*builder, whenDef) (condition, error)
}{
	{"account", (*builder).account},
	{"kind", (*builder).kind},
	{"me", (*builder).me},
	{"agents", (*builder).agents},
	{"from", (*builder).from},
	{"not_from", (*builder).notFrom},
	{"payload", (*builder).payload},
	{"calls", (*builder).calls},
	{"during", (*builder).during},
	{"outside", (*builder).outside},
	{"expr", (*builder).expression},
}

func (b *builder) from(w whenDef) (condition, error) {
	people, list, err := b.whos(w.From)
	if people == nil || err != nil {
		return nil, err
	}
	return func(_ *Book, f Facts) string {
		if slices.ContainsFunc(people, func(p who) bool { return p.is(f) }) {
			return ""
		}
		return "caller is not " + slashed(list)
	}, nil
}

func (b *builder) notFrom(w whenDef) (condition, error) {
	people, _, err := b.whos(w.NotFrom)
	if people == nil || err != nil {
		return nil, err
	}
	return func(_ *Book, f Facts) string {
		for _, p := range people {
			if p.is(f) {
				return "caller is " + p.word
			}
		}
		return ""
	}, nil
}

func (b *builder) whos(v any) (people []who, list []string, err error) {
	list, err = words(v)
	for _, word := range list {
		p, err := b.compileWho(word)
		if err != nil {
			return nil, nil, err
		}
		people = append(people, p)
	}
	return people, list, err
}

// choice makes a condition of a fact that must be one of a list of words.
func choice(v any, allowed []string, fact func(Facts) string, sentence string) (condition, error) {
	list, err := words(v)
	if list == nil || err != nil {
		return nil, err
	}
	for _, word := range list {
		if err := oneOf(word, allowed); err != nil {
			return nil, err
		}
	}
	return func(_ *Book, f Facts) string {
		if slices.Contains(list, fact(f)) {
			return ""
		}
		return fmt.Sprintf(sentence, fact(f), slashed(list))
	}, nil
}

// account holds a line's name or its kind.
func (b *builder) account(w whenDef) (condition, error) {
	list, err := words(w.Account)
	if list == nil || err != nil {
		return nil, err
	}
	return func(_ *Book, f Facts) string {
		if slices.Contains(list, f.Account) || slices.Contains(list, string(f.Network)) {
			return ""
		}
		return fmt.Sprintf("on the line %s, not %s", f.Account, slashed(list))
	}, nil
}

// kinds are the words for calls, presences those for how you want to be treated.
var (
	kinds     = []string{"voice", "video", "group"}
	presences = []string{string(phone.Available), string(phone.BusyNow), string(phone.DND), string(phone.Away), string(phone.OnCall)}
)

func oneOf(word string, allowed []string) error {
	if slices.Contains(allowed, word) {
		return nil
	}
	return fmt.Errorf("%q is not one of %s", word, strings.Join(allowed, ", "))
}

func (b *builder) kind(w whenDef) (condition, error) {
	return choice(w.Kind, kinds, func(f Facts) string { return f.Kind }, "a %s call, not %s")
}

func (b *builder) me(w whenDef) (condition, error) {
	return choice(w.Me, presences, func(f Facts) string { return string(f.Me) }, "you are %s, not %s")
}

func (b *builder) agents(w whenDef) (condition, error) {
	if w.Agents == "" {
		return nil, nil
	}
	if w.Agents != "none" && w.Agents != "some" {
		return nil, fmt.Errorf("agents is \"none\" or \"some\", not %q", w.Agents)
	}
	return func(_ *Book, f Facts) string {
		if (f.Agents > 0) == (w.Agents == "some") {
			return ""
		}
		if f.Agents == 0 {
			return "nobody is free"
		}
		return "somebody is free"
	}, nil
}

func (b *builder) payload(w whenDef) (condition, error) {
	list, err := words(w.Payload)
	if list == nil || err != nil {
		return nil, err
	}
	return func(_ *Book, f Facts) string {
		if slices.ContainsFunc(list, func(p string) bool { return matchPayload(p, f.Payload) }) {
			return ""
		}
		return fmt.Sprintf("button or link payload %q", f.Payload)
	}, nil
}
