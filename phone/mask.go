package phone

import (
	"regexp"
	"strings"
)

// MaskNumber hides the middle of a number, for logs and file names: the country
// and the last two digits stay.
func MaskNumber(number string) string {
	switch {
	case number == "":
		return "hidden"
	case len(number) <= 7:
		return number[:1] + "xxx"
	}
	return number[:4] + strings.Repeat("x", len(number)-6) + number[len(number)-2:]
}

// longNumber is anything long enough to be somebody's number or network id:
// E.164 numbers have seven digits or more. What stands beside it does not
// matter; ids are written as 15550100001_1:0 too.
var longNumber = regexp.MustCompile(`\+?\d{7,}`)

// MaskText hides the middle of every number in a text that could be somebody's,
// so that it can be logged or shown to others.
func MaskText(text string) string { return longNumber.ReplaceAllStringFunc(text, MaskNumber) }
