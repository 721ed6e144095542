package rules

import (
	"fmt"
	"io"
	"strings"
	"time"

	"tring/phone"
)

// done says in words what was done with a call.
var done = map[phone.Action]string{
	phone.ActionRing:      "It rang",
	phone.ActionRingLoud:  "It rang loudly",
	phone.ActionSilence:   "It was shown without a sound",
	phone.ActionReject:    "It was declined",
	phone.ActionBlock:     "It was declined and the caller was blocked",
	phone.ActionVoicemail: "The machine took it",
	phone.ActionScreen:    "The machine asked who calls",
	phone.ActionQueue:     "It rang",
}

// Why tells what was done with a call of the log, and why, rule by rule.
func Why(w io.Writer, e phone.LogEntry) {
	fmt.Fprintf(w, "%s  %s  %s  on %s: %s\n", e.ID, e.Started.Local().Format("Mon 2 Jan 2006 15:04:05"),
		caller(e.Party), e.Line, outcomeText(e.Outcome))
	fmt.Fprintln(w, treated(e.Call))
	PrintTrace(w, e.Trace)
}

// caller is a name and, where there is one besides, the number.
func caller(p phone.Party) string {
	name := p.Display()
	if p.Number == "" || p.Number == name {
		return name
	}
	return name + " " + p.Number
}

func outcomeText(o phone.Outcome) string {
	if o == "" {
		return "not over yet"
	}
	return strings.ReplaceAll(string(o), "_", " ")
}

// treated is what was done with a call, in sentences.
func treated(c phone.Call) string {
	if c.Action == "" {
		return "No rule was asked: it was over, or turned away, before. " + c.Cause.Sentence()
	}
	text := done[c.Action]
	if c.Queue != "" {
		text += fmt.Sprintf(" for the queue %q", c.Queue)
	}
	if c.Rule == "" {
		text += "; no rule decided"
	} else {
		text += fmt.Sprintf(" by the rule %q", c.Rule)
	}
	if c.Decided > 0 {
		text += fmt.Sprintf(", after %v", tookText(time.Duration(c.Decided*float64(time.Millisecond))))
	}
	text += "."
	if c.Me != "" {
		text += fmt.Sprintf(" You were %s.", c.Me)
	}
	return text
}

func tookText(d time.Duration) time.Duration {
	if d < time.Millisecond {
		return d.Round(time.Microsecond)
	}
	return d.Round(100 * time.Microsecond)
}
