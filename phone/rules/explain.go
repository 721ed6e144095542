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
	PrintTrace(w, v.Trace)
	fmt.Fprintf(w, "Would: %s\n", v.Rule.would())
	if v.Text != "" {
		fmt.Fprintf(w, "Would send (at most once per %s): %q\n", durationText(v.OncePer), v.Text)
	}
	fmt.Fprintf(w, "Nothing was done. Decided in %s.\n", took.Round(time.Microsecond))
	return v
}

// would says what a rule does, with its times.
func (r Rule) would() string {
	text := strings.ToUpper(string(r.Do))
	if r.To != "" {
		text += " for " + r.To
	}
	if r.For > 0 {
		text += " for " + durationText(r.For)
	}
	if r.RingFor > 0 {
		text += " for " + durationText(r.RingFor)
	}
	if r.Then != "" {
		text += ", then " + strings.ToUpper(string(r.Then))
	}
	return text
}
