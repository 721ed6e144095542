package ui

import (
	"fmt"
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// role is what a cell means; a theme says how that looks. Screens know roles
// only. Nothing is told by colour alone: each role's words say it too.
type role uint8

const (
	text      role = iota
	subtle         // what may be overlooked: hints, units, captions
	line           // borders and rules
	faded          // the backdrop behind a dialog
	title          // names of panes
	strong         // the person and the number that matter now
	brand          // our own name, the key to press
	good           // connected, MIC ON, quality good
	fair           // muted, quality fair, waiting
	bad            // missed, failed, quality poor, recording
	chosen         // the row in front
	chosenDim      // details on the row in front
	bar            // the header row
	barBrand       // our name and keys on it
	barOK          // linked
	barWarn        // connecting, do not disturb
	barAlert       // missed calls, failures
	barGood        // the header row of a call that goes well
	barMuted       // … of one that they cannot hear, or that is held
	barBad         // a row that needs a person
	ring           // the frame of a call that rings
	level          // the quiet part of a meter
	levelHigh      // the loud part
	levelClip      // too loud
	track          // the empty part of a meter
	qrDark         // explicit black on white, whatever the theme
	roleCount
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

// darkLooks and lightLooks are the two palettes; both keep text at a contrast
// of 4.5:1 or more against the usual backgrounds (WCAG 2.2, 1.4.3).
var darkLooks = [roleCount]look{
	subtle:    {fg: "#8b949e"},
	line:      {fg: "#3d4650"},
	faded:     {fg: "#454d57"},
	title:     {fg: "#a9b4bf"},
	strong:    {fg: "#f2f5f7", bold: true},
	brand:     {fg: "#5fd0b4", bold: true},
	good:      {fg: "#6fcf97"},
	fair:      {fg: "#e5b567"},
	bad:       {fg: "#ef7b7b"},
	chosen:    {fg: "#f2f5f7", bg: "#22333a", bold: true},
	chosenDim: {fg: "#a9b4bf", bg: "#22333a"},
	bar:       {fg: "#c6d0d8", bg: "#1b2329"},
	barBrand:  {fg: "#5fd0b4", bg: "#1b2329", bold: true},
	barOK:     {fg: "#6fcf97", bg: "#1b2329"},
	barWarn:   {fg: "#e5b567", bg: "#1b2329"},
	barAlert:  {fg: "#ef8b8b", bg: "#1b2329", bold: true},
	barGood:   {fg: "#0d1f1a", bg: "#5fd0b4", bold: true},
	barMuted:  {fg: "#241a06", bg: "#e5b567", bold: true},
	barBad:    {fg: "#ffffff", bg: "#a83a3a", bold: true},
	ring:      {fg: "#5fd0b4", bold: true},
	level:     {fg: "#5fd0b4"},
	levelHigh: {fg: "#e5b567"},
	levelClip: {fg: "#ef7b7b", bold: true},
	track:     {fg: "#39424b"},
	qrDark:    {fg: "#000000", bg: "#ffffff"},
}

var lightLooks = [roleCount]look{
	subtle:    {fg: "#5c6670"},
	line:      {fg: "#b4bec7"},
	faded:     {fg: "#b0b8c0"},
	title:     {fg: "#3d4852"},
	strong:    {fg: "#0b1015", bold: true},
	brand:     {fg: "#00735c", bold: true},
	good:      {fg: "#1b7a43"},
	fair:      {fg: "#8a5a00"},
	bad:       {fg: "#b3261e"},
	chosen:    {fg: "#0b1015", bg: "#d5ebe5", bold: true},
	chosenDim: {fg: "#3d4852", bg: "#d5ebe5"},
	bar:       {fg: "#26313a", bg: "#e7ecef"},
	barBrand:  {fg: "#00664f", bg: "#e7ecef", bold: true},
	barOK:     {fg: "#17693a", bg: "#e7ecef"},
	barWarn:   {fg: "#7a4f00", bg: "#e7ecef"},
	barAlert:  {fg: "#a3211a", bg: "#e7ecef", bold: true},
	barGood:   {fg: "#ffffff", bg: "#00735c", bold: true},
	barMuted:  {fg: "#2b1d00", bg: "#f0c777", bold: true},
	barBad:    {fg: "#ffffff", bg: "#b3261e", bold: true},
	ring:      {fg: "#00735c", bold: true},
	level:     {fg: "#00735c"},
	levelHigh: {fg: "#8a5a00"},
	levelClip: {fg: "#b3261e", bold: true},
	track:     {fg: "#c3ccd3"},
	qrDark:    {fg: "#000000", bg: "#ffffff"},
}

// monoLooks uses no colour at all (NO_COLOR, see no-color.org).
var monoLooks = [roleCount]look{
	faded:     {faint: true},
	subtle:    {},
	line:      {faint: true},
	strong:    {bold: true},
	brand:     {bold: true},
	bad:       {bold: true},
	chosen:    {reverse: true},
	chosenDim: {reverse: true},
	bar:       {reverse: true},
	barBrand:  {reverse: true, bold: true},
	barOK:     {reverse: true},
	barWarn:   {reverse: true},
	barAlert:  {reverse: true, bold: true},
	barGood:   {reverse: true, bold: true},
	barMuted:  {reverse: true, bold: true},
	barBad:    {reverse: true, bold: true},
	ring:      {bold: true},
	levelClip: {bold: true},
	track:     {faint: true},
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
