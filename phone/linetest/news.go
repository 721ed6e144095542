package linetest

import (
	"strings"

	"tring/phone"
)

// Notice waits for a sentence for people that has a part.
func (d *Driver) Notice(part string) string {
	d.t.Helper()
	return await(d, "notice of "+part, func(e phone.LineNotice) bool { return strings.Contains(e.Sentence, part) }).Sentence
}
