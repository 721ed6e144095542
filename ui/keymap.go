package ui

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// KeyMap gives every action its keys. It is made once and never changes.
type KeyMap [actionCount][]string

// NewKeyMap is the default map with the changes of the configuration: an
// action's name and its new keys; no keys at all switch it off. Errors name the
// action or the clash and say what to do.
func NewKeyMap(changes map[string][]string) (KeyMap, error) {
	var m KeyMap
	for a, info := range actions {
		m[a] = info.keys
	}
	for _, name := range sortedNames(changes) {
		a, ok := actionNamed(name)
		if !ok {
			return m, fmt.Errorf("keys: there is no action %q; `tring keys` lists them", name)
		}
		m[a] = changes[name]
	}
	return m, m.clash()
}

func sortedNames(changes map[string][]string) []string {
	names := make([]string, 0, len(changes))
	for name := range changes {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func actionNamed(name string) (Action, bool) {
	for a := Action(1); a < actionCount; a++ {
		if actions[a].name == name {
			return a, true
		}
	}
	return noAction, false
}

// alternatives are actions that are never on offer together although they
// belong to one group, so they may share keys.
var alternatives = map[Action]Action{EndAnswer: Answer, Send: Choose}

// clash finds a key that two actions of one group, or one of any screen and
// another, both have.
func (m KeyMap) clash() error {
	for a := Action(1); a < actionCount; a++ {
		for b := a + 1; b < actionCount; b++ {
			if together(a, b) {
				if key, found := shared(m[a], m[b]); found {
					return fmt.Errorf("keys: %q means both %s and %s; give one of them another key", key, a, b)
				}
			}
		}
	}
	return nil
}

// together reports whether two actions can be on offer at the same time.
// Linking and ringing hide the actions of any screen that share their keys.
func together(a, b Action) bool {
	if alternatives[a] == b || alternatives[b] == a {
		return false
	}
	g, h := actions[a].group, actions[b].group
	if g == whenLinking || h == whenLinking {
		return g == h
	}
	return g == h || g == anyScreen || h == anyScreen
}

func shared(a, b []string) (string, bool) {
	for _, key := range a {
		if slices.Contains(b, key) {
			return key, true
		}
	}
	return "", false
}

// find is the first of the offered actions that a key means.
func (m KeyMap) find(key tea.Key, offered []Action) Action {
	name := key.String()
	for _, a := range offered {
		if slices.Contains(m[a], name) {
			return a
		}
	}
	return noAction
}

// key is the key to show for an action where nobody types.
func (m KeyMap) key(a Action) string {
	return m.keyFor(a, true)
}

// keyFor is the first key of an action, of those that are not text unless
// plain ones count; empty if there is none.
func (m KeyMap) keyFor(a Action, plainKeys bool) string {
	for _, k := range m[a] {
		if plainKeys || len([]rune(k)) > 1 && k != "space" {
			return keyName(k)
		}
	}
	return ""
}

// whileTyping is the key of an action that also works in a text field, if any.
func (m KeyMap) whileTyping(a Action) string { return m.keyFor(a, false) }

// all are an action's keys for the help.
func (m KeyMap) all(a Action) string {
	names := make([]string, len(m[a]))
	for i, k := range m[a] {
		names[i] = keyName(k)
	}
	return strings.Join(names, "  ")
}

// keyName writes a key as people know it.
func keyName(k string) string {
	if len(k) > 1 && k[0] == 'f' && k[1] >= '1' && k[1] <= '9' {
		return strings.ToUpper(k)
	}
	switch k {
	case "pgdown":
		return "pgdn"
	case "delete":
		return "del"
	}
	return k
}

// DefaultKeys lists every action's name, keys and meaning for `tring keys`.
func DefaultKeys() []KeyHelp {
	var list []KeyHelp
	for a := Action(1); a < actionCount; a++ {
		list = append(list, KeyHelp{actions[a].name, groupNames[actions[a].group], actions[a].keys, actions[a].help})
	}
	return list
}

// KeyHelp is one action of the key map, for people.
type KeyHelp struct {
	Action string
	Where  string // the part of the program in which the keys work
	Keys   []string
	Help   string
}
