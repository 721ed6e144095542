package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tring/phone"
)

// actions are the words of "do".
var actions = []phone.Action{
	phone.ActionRing, phone.ActionRingLoud, phone.ActionSilence, phone.ActionReject, phone.ActionBlock,
	Restrict, phone.ActionQueue, phone.ActionVoicemail, phone.ActionScreen,
}

var errForward = errors.New("forwarding to SIP does not exist yet; use voicemail, or reject with a message that names another number")

func action(word string) (phone.Action, error) {
	if word == "forward" {
		return "", errForward
	}
	if a := phone.Action(word); slices.Contains(actions, a) {
		return a, nil
	}
	names := make([]string, len(actions))
	for i, a := range actions {
		names[i] = string(a)
	}
	return "", fmt.Errorf("%q is not one of %s", word, strings.Join(names, ", "))
}

// rule compiles one [[rule]]; key is its place, "rule[3]".
func (b *builder) rule(key string, def ruleDef) (Rule, error) {
	do, err := action(def.Do)
	if err != nil {
		return Rule{}, b.fail(key+".do", err)
	}
	r := Rule{
		Name: def.Name, Do: do, To: def.To, Say: def.Say,
		Enabled: def.Enabled == nil || *def.Enabled, Confirm: def.Confirm == nil || *def.Confirm,
	}
	if isSound(r.Say) {
		r.Say = b.sound(fmt.Sprintf("rule %q", r.Name), r.Say)
	}
	if err := b.spans(key, def, &r); err != nil {
		return r, err
	}
	for _, c := range conditionKeys {
		compiled, err := c.compile(b, def.When)
		if err != nil {
			return r, b.fail(key+".when."+c.key, err)
		}
		if compiled != nil {
			r.when = append(r.when, compiled)
		}
	}
	if err := b.sense(def, r); err != nil {
		return r, b.fail(key, err)
	}
	b.lint(def, r)
	return r, nil
}

// spans reads the times of a rule.
func (b *builder) spans(key string, def ruleDef, r *Rule) (err error) {
	for _, d := range []struct {
		name, text string
		into       *time.Duration
	}{{"for", def.For, &r.For}, {"ring_for", def.RingFor, &r.RingFor}} {
		if d.text == "" {
			continue
		}
		if *d.into, err = time.ParseDuration(d.text); err != nil || *d.into <= 0 {
			return b.fail(key+"."+d.name, fmt.Errorf("cannot read %q (want \"20s\")", d.text))
		}
	}
	if def.Then != "" {
		if r.Then, err = action(def.Then); err != nil {
			return b.fail(key+".then", err)
		}
	}
	if def.Until != "" {
		if r.Until, err = time.ParseInLocation(time.DateOnly, def.Until, b.zone); err != nil {
			return b.fail(key+".until", fmt.Errorf("cannot read the date %q (want \"2026-12-31\")", def.Until))
		}
		r.Until = r.Until.AddDate(0, 0, 1) // the day itself still counts
	}
	return nil
}

// sense refuses rules that cannot mean what they say.
func (b *builder) sense(def ruleDef, r Rule) error {
	switch {
	case r.Do == phone.ActionBlock && def.When.From == nil && def.When.Expr == "":
		return fmt.Errorf("rule %q would block everyone; name whom with from", r.Name)
	case r.Do == phone.ActionBlock && def.When.Calls != "" && r.Confirm:
		return fmt.Errorf("rule %q blocks people by how often they call; write confirm = false if that may happen without asking", r.Name)
	case r.Do == phone.ActionQueue && r.To == "":
		return fmt.Errorf("rule %q queues a call but not where; write to = \"sales\"", r.Name)
	case r.Do == Restrict && r.For == 0:
		return fmt.Errorf("rule %q restricts a caller but not for how long; write for = \"24h\"", r.Name)
	case r.Then != "" && r.RingFor == 0:
		return fmt.Errorf("rule %q has then but not ring_for", r.Name)
	case r.RingFor != 0 && r.Do != phone.ActionRing && r.Do != phone.ActionRingLoud && r.Do != phone.ActionQueue:
		return fmt.Errorf("rule %q does not ring, so ring_for means nothing", r.Name)
	case r.Then == phone.ActionRing || r.Then == phone.ActionRingLoud || r.Then == Restrict || r.Then == phone.ActionBlock:
		return fmt.Errorf("rule %q: after ringing only silence, reject, voicemail, screen and queue make sense", r.Name)
	}
	return nil
}

// lint notes what the author may not have meant.
func (b *builder) lint(def ruleDef, r Rule) {
	if r.Do == phone.ActionReject && r.Say == "" {
		b.warn = append(b.warn, Warning{r.Name, "rejects without a message: the caller is told nothing"})
	}
	if _, known := b.message[r.Say]; r.Say != "" && !known && !strings.Contains(r.Say, " ") && !isSound(r.Say) {
		b.warn = append(b.warn, Warning{r.Name, fmt.Sprintf("says the word %q itself; the messages are: %s", r.Say, messageNames(b.message))})
	}
	if r.Say != "" && !r.speaks() {
		b.warn = append(b.warn, Warning{r.Name, "has a message, which is never sent: only reject and voicemail end a call"})
	}
	if len(r.when) == 0 {
		b.warn = append(b.warn, Warning{r.Name, "has no condition: no rule below it can ever decide"})
	}
	if len(r.when) > 0 && !r.Enabled {
		b.warn = append(b.warn, Warning{r.Name, "is switched off"})
	}
}

// speaks reports whether there is a moment at which Say can be said: by text
// after the end of the call, or as a sound by the machine.
func (r Rule) speaks() bool {
	able := []phone.Action{phone.ActionReject, phone.ActionVoicemail}
	if isSound(r.Say) {
		able = []phone.Action{phone.ActionVoicemail, phone.ActionScreen}
	}
	return slices.Contains(able, r.Do) || slices.Contains(able, r.Then)
}
