package whatsapp

import (
	"regexp"
	"strings"
)

// digits finds numbers long enough to name somebody.
var digits = regexp.MustCompile(`\d{6,}`)

// Mask hides the middle of every long number in a text, so that logs can be
// shown to others: 15550100001 becomes 15…01.
func Mask(s string) string {
	return digits.ReplaceAllStringFunc(s, func(d string) string { return d[:2] + "…" + d[len(d)-2:] })
}

// maskID shortens a call id for logs.
func maskID(id string) string {
	if len(id) <= 8 {
		return id
	}
	return strings.ToUpper(id[2:8]) + "…"
}
