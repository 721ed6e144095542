package phone

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// SearchText is what a call can be found by: names, note and rule without case
// and accents, and the digits of the number.
func SearchText(c Call) string {
	return partyText(c.Party, c.Note, c.Rule)
}

func partyText(p Party, more ...string) string {
	words := append([]string{p.Label, p.Name, p.Business, p.PushName, p.Group}, more...)
	var b strings.Builder
	for _, w := range words {
		if w != "" {
			b.WriteString(fold(w))
			b.WriteByte(' ')
		}
	}
	b.WriteString(onlyDigits(p.Number))
	return b.String()
}

// fold takes case and accents away: "Zoë" is found by "zoe".
func fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// pattern is a search text made ready: every word must occur, or, for a
// number, any of its readings.
type pattern struct {
	words  []string
	digits []string
}

// patternOf reads a search text. Numbers are found however they are written:
// with or without country code, trunk 0, parentheses, spaces.
func patternOf(text, e164 string) pattern {
	text = CleanLine(text, 256)
	if numberLike(text) {
		p := pattern{digits: []string{strings.TrimLeft(onlyDigits(strings.ReplaceAll(text, "(0)", "")), "0")}}
		if e164 != "" {
			p.digits = append(p.digits, onlyDigits(e164))
		}
		return p
	}
	return pattern{words: strings.Fields(fold(text))}
}

func (p pattern) empty() bool { return len(p.words) == 0 && len(p.digits) == 0 }

// in reports whether a folded text fits.
func (p pattern) in(text string) bool {
	for _, w := range p.words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	if len(p.digits) == 0 {
		return true
	}
	for _, d := range p.digits {
		if strings.Contains(text, d) {
			return true
		}
	}
	return false
}
