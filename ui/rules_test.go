package ui

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tring/phone"
	"tring/phone/rules"
)

// ruled gives the screens a gatekeeper with a file of its own.
func ruled(t *testing.T, text string) (path string, change func(*fakePhone, *Config)) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "rules.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	memory, err := rules.OpenMemory("")
	if err != nil {
		t.Fatal(err)
	}
	k := rules.NewKeeper(path, memory, rules.TextPolicy{}, slog.New(slog.DiscardHandler), nil)
	return path, func(_ *fakePhone, c *Config) { c.Rules = k }
}

const twoRules = `version = 1
[[rule]]
name = "Strangers at night"
when = { from = "unknown" }
do = "silence"
[[rule]]
name = "Mum"
when = { from = "+15550100" }
do = "ring-loud"
`

// fixedRules are the rules of the drawn screens.
func fixedRules(_ *fakePhone, c *Config) {
	book, err := rules.Parse([]byte(twoRules+"enabled = false\n"), "")
	if err != nil {
		panic(err) // the text stands above
	}
	c.Rules = drawnRules{book}
}

// drawnRules can be seen, not changed.
type drawnRules struct{ book *rules.Book }

func (d drawnRules) Book() *rules.Book             { return d.book }
func (drawnRules) Problem() string                 { return "" }
func (drawnRules) Switch(string, bool) error       { return errors.ErrUnsupported }
func (drawnRules) SilenceCaller(phone.Party) error { return errors.ErrUnsupported }

func TestRulesAreSeenAndSwitched(t *testing.T) {
	path, change := ruled(t, twoRules)
	play(t, 80, 24, change, func(s *stage) {
		s.press("s", "down", "down", "down", "down", "down", "right")
		s.shows("[x] Strangers at night", "silence", "[x] Mum", "ring-loud")
		s.press("down", "enter")
		s.shows("[x] Strangers at night", "[ ] Mum")
	})
	if text, _ := os.ReadFile(path); !strings.Contains(string(text), "enabled = false\nname = \"Mum\"") {
		t.Errorf("the file is now\n%s", text)
	}
}

func TestARefusedRulesFileIsShown(t *testing.T) {
	_, change := ruled(t, "version = 1\nsya = 1\n")
	play(t, 80, 24, change, func(s *stage) {
		s.shows("RULES")
		s.press("s", "down", "down", "down", "down", "down", "right")
		s.shows("unknown key", "every call rings")
	})
}

func TestARuleIsMadeFromACallInTheLog(t *testing.T) {
	path, change := ruled(t, twoRules)
	play(t, 80, 24, change, func(s *stage) {
		s.press("l", "i")
		s.shows("Silence ", "A rule is put first")
		s.press("y")
		s.shows("Their calls are silent from now on")
	})
	text, _ := os.ReadFile(path)
	if !strings.HasPrefix(string(text), "version = 1\n[[rule]]\nname = \"Silence ") || !strings.HasSuffix(string(text), strings.TrimPrefix(twoRules, "version = 1\n")) {
		t.Errorf("the file is now\n%s", text)
	}
}
