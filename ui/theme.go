package ui

import (
	"fmt"
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// look is how one role is drawn. Colours are written as #rrggbb; the terminal's
// profile brings them down to what it can show.
type look struct {
	fg, bg                              string
	bold, faint, italic, under, reverse bool
}

// theme is the escape sequence that switches each role on.
type theme struct {
	name string
	on   [roleCount]string

	back, fore color.Color // of the whole terminal, where its own do not fit
}

// newTheme chooses the palette: "dark", "light" or "mono".
func newTheme(name string) *theme {
	looks := map[string]*[roleCount]look{"dark": &darkLooks, "light": &lightLooks, "mono": &monoLooks}[name]
	t := &theme{name: name}
	switch name {
	case "dark":
		t.back, t.fore = lipgloss.Color("#101418"), lipgloss.Color("#e1e6ea")
	case "light":
		t.back, t.fore = lipgloss.Color("#ffffff"), lipgloss.Color("#1f2933")
	}
	for r, l := range looks {
		t.on[r] = l.sequence()
	}
	return t
}

// foreign reports whether the theme is for the other kind of terminal: a person
// chose light on a dark one, or dark on a light one. The terminal's own colours
// are changed then, and only then.
func (t *theme) foreign(dark bool) bool {
	return t.name == "dark" && !dark || t.name == "light" && dark
}

// sequence is the escape sequence that switches a look on, empty for plain text.
func (l look) sequence() string {
	if l == (look{}) {
		return ""
	}
	var s ansi.Style
	if l.fg != "" {
		s = s.ForegroundColor(lipgloss.Color(l.fg))
	}
	if l.bg != "" {
		s = s.BackgroundColor(lipgloss.Color(l.bg))
	}
	if l.bold {
		s = s.Bold()
	}
	if l.faint {
		s = s.Faint()
	}
	if l.italic {
		s = s.Italic(true)
	}
	if l.under {
		s = s.Underline(true)
	}
	if l.reverse {
		s = s.Reverse(true)
	}
	return s.String()
}

// NoColor reports whether the environment asks for no colour. Any value of
// NO_COLOR that is not empty does, as no-color.org says; the terminal library
// reads it as a boolean and would ignore NO_COLOR=yes.
func NoColor(environ []string) bool {
	for _, e := range environ {
		if v, ok := strings.CutPrefix(e, "NO_COLOR="); ok && v != "" {
			return true
		}
	}
	return false
}

// profileFor is the colour profile to force on the program, and whether one
// must be forced.
func profileFor(environ []string) (colorprofile.Profile, bool) {
	return colorprofile.ASCII, NoColor(environ)
}

// themeFor resolves a theme's configured name against what is known of the
// terminal; an unknown name is an error that lists the known ones.
func themeFor(name string, dark, mono bool) (*theme, error) {
	switch {
	case mono || name == "mono":
		return newTheme("mono"), nil
	case name == "dark" || name == "light":
		return newTheme(name), nil
	case name != "" && name != "auto":
		return nil, fmt.Errorf("theme %q is not known; use auto, dark, light or mono", name)
	case dark:
		return newTheme("dark"), nil
	}
	return newTheme("light"), nil
}
