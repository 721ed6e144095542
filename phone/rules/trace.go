package rules

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// step is one sentence of a trace: a rule, and why it does not match or that it
// does. A name that could be taken for both is quoted.
func step(rule, why string) string {
	if strings.Contains(rule, ": ") || strings.HasPrefix(rule, `"`) {
		rule = strconv.Quote(rule)
	}
	return rule + ": " + why
}

// stepParts takes a step apart again.
func stepParts(sentence string) (rule, why string) {
	if quoted, err := strconv.QuotedPrefix(sentence); err == nil && quoted[0] == '"' {
		rule, _ = strconv.Unquote(quoted) // QuotedPrefix has read it
		return rule, strings.TrimPrefix(sentence[len(quoted):], ": ")
	}
	rule, why, _ = strings.Cut(sentence, ": ")
	return rule, why
}

// PrintTrace writes why a call was treated so, rule and reason lined up; the
// last step is the one that decided and gets an arrow.
func PrintTrace(w io.Writer, trace []string) {
	for i, sentence := range trace {
		mark := " ."
		if i == len(trace)-1 {
			mark = "=>"
		}
		rule, why := stepParts(sentence)
		fmt.Fprintf(w, "  %s %s\n", mark, strings.TrimRight(fmt.Sprintf("%-40s %s", rule, why), " "))
	}
}
