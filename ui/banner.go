package ui

import (
	"strings"

	"tring/phone"
)

// banner shows full-width rows for what needs a person: a line that was logged
// out, replaced, banned or outdated, and a call that rings without a sound. It
// returns what is left of the body.
func (r *root) banner(a area) area {
	for _, l := range r.lines {
		text, hint := lineTrouble(l)
		if text == "" {
			continue
		}
		row, rest := a.top(1)
		row.fill(barBad)
		row.fit(1, 0, row.w-2, barBad, phone.CleanLine(text, 160)+hint)
		a = rest
	}
	if silent := r.ringing(true); len(silent) > 0 {
		row, rest := a.top(1)
		row.fill(barMuted)
		row.fit(1, 0, row.w-2, barMuted, r.who(silent[0].Party)+" is calling, silenced here.  "+
			r.keys.whileTyping(Answer)+" answer  "+r.keys.whileTyping(Decline)+" decline")
		a = rest
	}
	if machine := r.listening(); len(machine) > 0 && len(r.decidable()) == 0 {
		row, rest := a.top(1)
		row.fill(barMuted)
		row.fit(1, 0, row.w-2, barMuted, r.who(machine[0].Party)+" is talking to the machine, "+timer(r.callTime(machine[0]))+".  "+
			r.keys.whileTyping(Answer)+" takes the call")
		a = rest
	}
	return a
}

// troubles are the states of a line that only a person can end, and what to do.
var troubles = map[phone.LineStatus]struct{ what, hint string }{
	phone.LineLoggedOut: {"This computer was unlinked from the account.", "  settings > lines links it again"},
	phone.LineReplaced:  {"The account was opened elsewhere.", "  settings > lines starts it again"},
	phone.LineBanned:    {"The account may not be used for now.", ""},
	phone.LineOutdated:  {"The network asks for a newer program.", "  update tring"},
}

func lineTrouble(l phone.LineInfo) (what, hint string) {
	trouble, ok := troubles[l.Status]
	if !ok {
		return "", ""
	}
	what = trouble.what
	if l.Detail != "" {
		what = strings.TrimSuffix(l.Detail, ".") + "."
	}
	return l.Name + ": " + what, trouble.hint
}
