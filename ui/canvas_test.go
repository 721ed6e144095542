package ui

import (
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// drawn is what a canvas of w by h shows after drawing, rows joined by "|".
func drawn(w, h int, draw func(a area)) string {
	var c canvas
	c.reset(w, h)
	draw(c.all())
	return strings.ReplaceAll(c.render(&theme{}), "\n", "|")
}

func TestDrawingIsCutAtTheEdges(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		draw       func(a area)
	}{
		{"text too long", "abc", func(a area) { a.put(0, 0, text, "abcdef") }},
		{"text from the left of it", "cd ", func(a area) { a.put(-2, 0, text, "abcd") }},
		{"text above and below", "   ", func(a area) { a.put(0, -1, text, "a"); a.put(0, 1, text, "b") }},
		{"a wide character that does not fit", "ab ", func(a area) { a.put(0, 0, text, "ab佐") }},
		{"a wide character overwritten", " x ", func(a area) { a.put(0, 0, text, "佐"); a.put(1, 0, text, "x") }},
		{"an ellipsis", "ab…", func(a area) { a.fit(0, 0, 3, text, "abcdef") }},
		{"an ellipsis instead of half a character", "佐…", func(a area) { a.fit(0, 0, 3, text, "佐藤花") }},
		{"nothing", "   ", func(a area) { a.at(5, 5, 3, 3).put(0, 0, text, "x") }},
		{"to the right", " ab", func(a area) { a.right(0, text, "ab") }},
		{"in the middle", " a ", func(a area) { a.centre(0, text, "a") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := drawn(3, 1, tt.draw); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestFramesHoldTheirTitle(t *testing.T) {
	if got := drawn(8, 3, func(a area) { a.frame("audio device", line, title) }); got != "╭─ au…─╮|│      │|╰──────╯" {
		t.Error(got)
	}
}

func TestStrangersNamesCannotBreakTheScreen(t *testing.T) {
	for name, want := range map[string]string{
		"\x1b[31mred":    "[31mred",
		"a\x00b\x07c\rd": "abcd",
		"a\u202eb\u2066": "ab",
		"a\u200bb\u200d": "ab",
		"two\nlines":     "twolines",
		"\xff\xfeok":     "ok",
		"👨‍👩‍👧x":         "👨x",
		"❤️x":            "❤x",
		"e\u0301x":       "e\u0301x",
	} {
		if got := strings.TrimRight(drawn(10, 1, func(a area) { a.put(0, 0, text, name) }), " "); got != want {
			t.Errorf("%q is drawn as %q, want %q", name, got, want)
		}
	}
}

func TestWideCharactersKeepTheRowsAsWideAsTheTerminal(t *testing.T) {
	row := drawn(12, 1, func(a area) { a.put(0, 0, text, "Hana 佐藤"); a.put(11, 0, line, "│") })
	if ansi.StringWidth(row) != 12 || !strings.HasSuffix(row, "│") {
		t.Errorf("%q is %d cells wide", row, ansi.StringWidth(row))
	}
}

func FuzzEveryTextKeepsTheRowWhole(f *testing.F) {
	for _, s := range []string{"Mum", "\x1b]0;x\a", "👨‍👩‍👧", "🇬🇧🇩", "नमस्ते", "a\u0300\u0301", "\u202eevil", "❤️", "ｗｉｄｅ"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, s string, x int) {
		row := drawn(20, 1, func(a area) { a.put(x%20, 0, text, s); a.put(19, 0, line, "│") })
		for _, r := range row {
			if unicode.IsControl(r) {
				t.Fatalf("%q lets %q through", s, r)
			}
		}
		if w := ansi.StringWidthWc(row); w != 20 {
			t.Fatalf("%q makes a row of %d cells: %q", s, w, row)
		}
	})
}

func TestTheMouseFindsTheTopmostZone(t *testing.T) {
	var c canvas
	c.reset(20, 3)
	c.all().press(0, 1, 20, Call, 4)
	c.all().press(5, 1, 3, Back, -1)
	if z, ok := c.zoneAt(6, 1); !ok || z.does != Back {
		t.Errorf("%+v %v", z, ok)
	}
	if z, ok := c.zoneAt(0, 1); !ok || z.does != Call || z.row != 4 {
		t.Errorf("%+v %v", z, ok)
	}
	if _, ok := c.zoneAt(0, 0); ok {
		t.Error("there is nothing to press")
	}
}

func TestRolesAreWrittenOncePerRun(t *testing.T) {
	var c canvas
	c.reset(6, 1)
	c.all().put(0, 0, good, "abc")
	if got := strings.Count(c.render(newTheme("dark")), "\x1b["); got != 2 {
		t.Errorf("%d sequences for one run: %q", got, c.render(newTheme("dark")))
	}
}

func TestAPathIsCutAtItsBeginning(t *testing.T) {
	for _, tt := range []struct {
		path  string
		width int
		want  string
	}{
		{"/run/tring.sock", 15, "/run/tring.sock"},
		{"/home/ann/.local/state/tring/tring.log", 22, "…/tring/tring.log"},
		{"/home/ann/.local/state/tring/tring.log", 16, "…/tring.log"},
		{"/home/ann/.local/state/tring/tring.log", 8, "/home/a…"},
		{"~/notes.txt", 0, ""},
	} {
		if got := cutPath(tt.path, tt.width, false); got != tt.want {
			t.Errorf("%s in %d cells is %q, want %q", tt.path, tt.width, got, tt.want)
		}
	}
}
