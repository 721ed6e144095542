package rules

import (
	"fmt"
	"time"

	"tring/phone"
)

// Verdict is what a book says about a call.
type Verdict struct {
	Rule    Rule
	Matched bool     // false: nothing matched, the default decided
	Trace   []string // one sentence a step
	Text    string   // for the caller, if it may be sent
	OncePer time.Duration
}

// Decide looks at the guards that nobody can write away, then at every rule
// from top to bottom. It is pure.
func (b *Book) Decide(f Facts) Verdict {
	var v Verdict
	f.number = numberFactsOf(f.Party.Number)
	if r, why := b.guard(f); why != "" {
		v.Rule, v.Trace = r, []string{why}
		return v
	}
	for _, r := range b.Rules {
		if missing := b.missing(r, f); missing != "" {
			v.Trace = append(v.Trace, step(r.Name, missing))
			continue
		}
		v.Trace = append(v.Trace, step(r.Name, "matches"))
		return b.with(v, r, f, true)
	}
	v.Trace = append(v.Trace, fmt.Sprintf("no rule matches: %s", b.Default.Do))
	return b.with(v, b.Default, f, false)
}

// guard decides before any rule.
func (b *Book) guard(f Facts) (Rule, string) {
	switch {
	case f.InCall:
		return Rule{Name: "call in progress", Do: phone.ActionSilence}, "you are talking with this person right now"
	case f.Now.Before(f.Restricted):
		return Rule{Name: "restricted", Do: Restrict}, "held back until " + f.Restricted.In(b.zone).Format("2 Jan 15:04")
	}
	return Rule{}, ""
}

// missing says why a rule does not match, or "".
func (b *Book) missing(r Rule, f Facts) string {
	if !r.Enabled {
		return "switched off"
	}
	if !r.Until.IsZero() && !f.Now.Before(r.Until) {
		return "ended on " + r.Until.AddDate(0, 0, -1).Format(time.DateOnly)
	}
	for _, c := range r.when {
		if why := c(b, f); why != "" {
			return why
		}
	}
	return ""
}

func (b *Book) with(v Verdict, r Rule, f Facts, matched bool) Verdict {
	v.Rule, v.Matched = r, matched
	if m := b.message(r.Say); m != nil && !isSound(r.Say) {
		v.Text, v.OncePer = m.For(b, f), m.OncePer
	}
	return v
}

// decision turns a verdict into the phone's words.
func (b *Book) decision(v Verdict, f Facts) phone.Decision {
	d := phone.Decision{
		Action: v.Rule.Do, Rule: v.Rule.Name, Trace: v.Trace, Say: v.Text,
		To: v.Rule.To, Ring: v.Rule.RingFor, Then: v.Rule.Then, Machine: b.machine(v.Rule),
	}
	if d.Action == Restrict {
		d.Action, d.Say = phone.ActionSilence, ""
		if f.Network == phone.BusinessLine {
			d.Action = phone.ActionReject
		}
	}
	return d
}
