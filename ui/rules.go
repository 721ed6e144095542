package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
	"tring/phone/rules"
)

// Rules is the gatekeeper, as far as the screens show and change it. Book and
// Problem never wait; the others are called from commands only.
type Rules interface {
	Book() *rules.Book
	Problem() string // what is wrong with the file, "" when it is in force
	Switch(name string, on bool) error
	SilenceCaller(who phone.Party) error
}

var _ Rules = (*rules.Keeper)(nil)

// rulesInForce are the rules, top to bottom; none without a gatekeeper.
func (d *desk) rulesInForce() []rules.Rule {
	if d.cfg.Rules == nil {
		return nil
	}
	return d.cfg.Rules.Book().Rules
}

// rulesProblem is what is wrong with the rules file, "" for nothing.
func (d *desk) rulesProblem() string {
	if d.cfg.Rules == nil {
		return ""
	}
	return phone.CleanLine(d.cfg.Rules.Problem(), 300)
}

// switchRule switches the rule in front on or off; the file keeps it.
func (s *settings) switchRule(at int) tea.Cmd {
	all := s.rulesInForce()
	if at >= len(all) {
		return nil
	}
	r := all[at]
	return s.ask("switch that rule", func(context.Context) error { return s.cfg.Rules.Switch(r.Name, !r.Enabled) })
}

// silenceCaller asks, then makes a rule from a call.
func (d *desk) silenceCaller(p phone.Party) tea.Cmd {
	switch {
	case d.cfg.Rules == nil:
		d.complain("There is no gatekeeper to make a rule for.")
		return nil
	case p.Key() == "":
		d.complain("The caller hid the number; no rule can know them again.")
		return nil
	}
	return d.open(newConfirm(d, "Silence "+d.who(p)+"?", "A rule is put first in rules.toml: their calls are shown and logged, without a sound.", "silence",
		func() tea.Cmd {
			return func() tea.Msg {
				if err := d.cfg.Rules.SilenceCaller(p); err != nil {
					return failed{"make that rule", err}
				}
				return told{"Their calls are silent from now on; Settings, Rules switches it off."}
			}
		}))
}

// drawRules lists the rules as they are tried, with what each does and how
// often it decided among the recent calls.
func (s *settings) drawRules(a area) {
	all := s.rulesInForce()
	if len(all) == 0 {
		a.wrap(2, 1, subtle, "There are no rules: every call rings. The command tring rules preset puts ready-made ones in place.")
	}
	room := a.h - 4
	from, to := s.rows[rulesSection].window(len(all), room)
	hits := s.ruleHits()
	for i := from; i < to; i++ {
		y := 1 + i - from
		look := s.mark(a, y, i == s.rows[rulesSection].at)
		mark := "[ ] "
		if all[i].Enabled {
			mark = "[x] "
		}
		x := a.fit(2, y, max(a.w-26, 12), look, mark+phone.CleanLine(all[i].Name, 60))
		a.fit(max(x+2, a.w-23), y, 12, look, string(all[i].Do))
		a.right(y, look, plural(hits[all[i].Name], "call")+" ")
	}
	if problem := s.rulesProblem(); problem != "" {
		a.wrap(2, a.h-3, bad, problem)
		return
	}
	a.fit(2, a.h-2, a.w-4, subtle, "the first that fits decides; rules.toml says more")
}

// ruleHits counts the recent calls that each rule decided.
func (d *desk) ruleHits() map[string]int {
	hits := map[string]int{}
	for _, e := range d.recents {
		if e.Direction == phone.Inbound {
			hits[e.Rule]++
		}
	}
	return hits
}
