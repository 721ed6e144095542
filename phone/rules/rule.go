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
	if err := b.refuse(def, r); err != nil {
		return r, b.fail(key, err)
	}
	b.doubt(def, r)
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
		if *d.into, err = parseDuration(d.text); err != nil {
			return b.fail(key+"."+d.name, err)
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
