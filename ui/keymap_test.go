package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

func TestTheDefaultKeysDoNotClash(t *testing.T) {
	if _, err := NewKeyMap(nil); err != nil {
		t.Error(err)
	}
}

func TestEveryActionHasANameKeysAndWords(t *testing.T) {
	names := map[string]bool{}
	for _, k := range DefaultKeys() {
		if k.Action == "" || names[k.Action] || len(k.Keys) == 0 || k.Help == "" || k.Where == "" {
			t.Errorf("%+v", k)
		}
		if len(k.Help) > 24 {
			t.Errorf("%q does not fit into a column of the help", k.Help)
		}
		names[k.Action] = true
	}
	if len(names) != int(actionCount)-1 {
		t.Errorf("%d of %d actions have a name", len(names), actionCount-1)
	}
}

func TestKeysCanBeChanged(t *testing.T) {
	for _, tt := range []struct {
		name    string
		changes map[string][]string
		want    string // part of the error, empty if it is allowed
	}{
		{"another key", map[string][]string{"answer": {"enter", "alt+a"}}, ""},
		{"no key at all", map[string][]string{"block": {}}, ""},
		{"an unknown action", map[string][]string{"anser": {"a"}}, `no action "anser"`},
		{"a clash within a group", map[string][]string{"decline": {"a"}}, `"a" means both`},
		{"a clash with any screen", map[string][]string{"mute": {"q"}}, `"q" means both quit and mute`},
		{"the same key in different places", map[string][]string{"scan": {"a"}}, ""},
		{"two that exclude each other", map[string][]string{"end_answer": {"a"}}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewKeyMap(tt.changes)
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

func TestAChangedKeyWorksAndIsShown(t *testing.T) {
	play(t, 80, 24, func(_ *fakePhone, c *Config) { c.Keys = map[string][]string{"mute": {"z", "alt+z"}} }, func(s *stage) {
		s.talking()
		s.shows("z mute", "z    mute")
		s.press("m")
		s.neverAsked("mute")
		s.press("z")
		s.asked("mute c1 true")
	})
}

func TestKeysAreFoundByWhatTerminalsReport(t *testing.T) {
	m, _ := NewKeyMap(nil)
	for _, tt := range []struct {
		key  tea.Key
		want Action
	}{
		{tea.Key{Code: '/', ShiftedCode: '?', Text: "?", Mod: tea.ModShift}, Help},
		{tea.Key{Code: tea.KeyF1}, Help},
		{tea.Key{Code: 'c', Mod: tea.ModCtrl}, Interrupt},
		{tea.Key{Code: 'd', ShiftedCode: 'D', Text: "D", Mod: tea.ModShift}, DoNotDisturb},
		{tea.Key{Code: 'd', Text: "d"}, noAction},
	} {
		if got := m.find(tt.key, []Action{Help, Interrupt, DoNotDisturb}); got != tt.want {
			t.Errorf("%s means %v, want %v", tt.key.String(), got, tt.want)
		}
	}
}

func TestWhatIsShownInTheFooterWorks(t *testing.T) {
	for _, sc := range scenes {
		t.Run(sc.name, func(t *testing.T) {
			play(t, 120, 40, sc.change, func(s *stage) {
				sc.play(s)
				for _, o := range s.root.offers() {
					key := o.key
					if len(key) > 1 && key[0] == 'F' {
						key = strings.ToLower(key)
					}
					if typing := s.root.front().Typing(); typing && len([]rune(key)) == 1 {
						t.Errorf("%q is offered for %v although it would be typed", key, o.act)
					}
				}
			})
		})
	}
}
