package rules

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Explain writes what would happen to such a call, rule by rule, for people.
// Nothing is done.
func (b *Book) Explain(w io.Writer, f Facts) Verdict {
	began := time.Now()
	v := b.Decide(f)
	took := time.Since(began)
	fmt.Fprintf(w, "Call %s %q  %s %s  %s  you: %s\n", f.Party.Number, f.Party.Display(), f.Account, f.Kind,
		f.Now.In(b.zone).Format("Mon 2 Jan 2006 15:04 MST"), f.Me)
	for _, step := range v.Trace {
		printStep(w, step)
	}
	fmt.Fprintf(w, "Would: %s\n", strings.ToUpper(string(v.Rule.Do)))
	if v.Text != "" {
		fmt.Fprintf(w, "Would send (at most once per %s): %q\n", v.OncePer, v.Text)
	}
	fmt.Fprintf(w, "Nothing was done. Decided in %s.\n", took.Round(time.Microsecond))
	return v
}

// printStep lines rule and reason up; the one that decides gets an arrow.
func printStep(w io.Writer, step string) {
	rule, why, ok := strings.Cut(step, ": ")
	mark := " ."
	if why == "matches" || !ok {
		mark = "=>"
	}
	fmt.Fprintf(w, "  %s %-40s %s\n", mark, rule, why)
}

// PrintTrace writes the stored trace of a call.
func PrintTrace(w io.Writer, trace []string) {
	for _, step := range trace {
		printStep(w, step)
	}
}
