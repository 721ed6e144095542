package ui

import (
	"strings"
	"unicode"
)

// clean makes text from outside fit for one line anywhere: the screen, the
// window's title, a notification, a log. Controls, escape sequences, line
// breaks, bidirectional overrides and zero-width characters go; it is cut to
// limit characters.
func clean(s string, limit int) string {
	var b strings.Builder
	kept, gap := 0, false
	for _, r := range s {
		if unicode.IsSpace(r) {
			gap = kept > 0
			continue
		}
		if invisible(r) || r == unicode.ReplacementChar {
			continue
		}
		if kept >= limit {
			break
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
		kept++
	}
	return b.String()
}
