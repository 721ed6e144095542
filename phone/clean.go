package phone

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// NameCells is how wide a name of a stranger may be, in terminal cells.
const NameCells = 40

// CleanName makes a name that a stranger chose safe for screens, titles,
// notifications, logs and hooks: one line, no control or invisible characters,
// no direction overrides, at most NameCells wide.
func CleanName(name string) string {
	return ansi.Truncate(CleanLine(name, 4*NameCells), NameCells, "…")
}

// CleanLine makes any text from outside one safe line of at most limit runes.
func CleanLine(text string, limit int) string {
	return strings.Join(strings.Fields(CleanText(text, limit)), " ")
}

// CleanText makes a text from outside safe, keeping line breaks and tabs, and
// cuts it to limit runes.
func CleanText(text string, limit int) string {
	// A rune has at most four bytes: no need to look at a megabyte. What is
	// invisible counts too, or a line of nothing else would be endless work.
	text = strings.ToValidUTF8(firstBytes(text, 4*limit), "�")
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n == limit {
			break
		}
		if r = safeRune(r); r >= 0 {
			b.WriteRune(r)
			n++
		}
	}
	return strings.TrimSpace(b.String())
}

func firstBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// safeRune is r, a stand-in for it, or -1 to leave it out.
func safeRune(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case r == '\r' || unicode.Is(unicode.Zs, r), r == '\u2028', r == '\u2029':
		return ' '
	case r == zeroWidthJoiner || r == variation16:
		return r // they hold emoji together
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), hidden(r):
		return -1
	}
	return r
}

const (
	zeroWidthJoiner = '\u200d'
	variation16     = '\ufe0f'
)

// hidden reports characters that draw nothing although Unicode does not call
// them format characters: fillers used to make "empty" names.
func hidden(r rune) bool {
	switch r {
	case '\u034f', '\u115f', '\u1160', '\u17b4', '\u17b5', '\u3164', '\uffa0':
		return true
	}
	return r >= 0xfe00 && r < variation16 || r >= 0xe0100 && r <= 0xe01ef
}
