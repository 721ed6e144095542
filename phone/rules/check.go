package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tring/phone"
)

// check is one thing that may be wrong with a rule whose every key is right.
// The sentence goes on after "rule NAME".
type check struct {
	sentence string
	wrong    func(*builder, ruleDef, Rule) bool
}

// refusals are rules that cannot mean what they say.
var refusals = []check{
	{"would block everyone; name whom with from", func(_ *builder, def ruleDef, r Rule) bool {
		return r.Do == phone.ActionBlock && def.When.From == nil && def.When.Expr == ""
	}},
	{"blocks people by how often they call; write confirm = false if that may happen without asking", func(_ *builder, def ruleDef, r Rule) bool {
		return r.Do == phone.ActionBlock && def.When.Calls != "" && r.Confirm
	}},
	{"queues a call but not where; write to = \"sales\"", func(_ *builder, _ ruleDef, r Rule) bool {
		return r.Do == phone.ActionQueue && r.To == ""
	}},
	{"restricts a caller but not for how long; write for = \"24h\"", func(_ *builder, _ ruleDef, r Rule) bool {
		return r.Do == Restrict && r.For == 0
	}},
	{"has then but not ring_for", func(_ *builder, _ ruleDef, r Rule) bool {
		return r.Then != "" && r.RingFor == 0
	}},
	{"does not ring, so ring_for means nothing", func(_ *builder, _ ruleDef, r Rule) bool {
		return r.RingFor != 0 && !slices.Contains(ringing, r.Do)
	}},
	{"cannot do that after ringing: only silence, reject, voicemail and screen make sense", func(_ *builder, _ ruleDef, r Rule) bool {
		return r.Then != "" && !slices.Contains(afterwards, r.Then)
	}},
}

// ringing are the actions with which a call rings.
var ringing = []phone.Action{phone.ActionRing, phone.ActionRingLoud, phone.ActionQueue}

// afterwards are the actions for a call that has rung and that nobody took.
var afterwards = []phone.Action{phone.ActionSilence, phone.ActionReject, phone.ActionVoicemail, phone.ActionScreen}

func (b *builder) refuse(def ruleDef, r Rule) error {
	for _, c := range refusals {
		if c.wrong(b, def, r) {
			return fmt.Errorf("rule %q %s", r.Name, c.sentence)
		}
	}
	return nil
}

// doubts are what the author may not have meant.
var doubts = []check{
	{"rejects without a message: the caller is told nothing", func(_ *builder, _ ruleDef, r Rule) bool {
		return r.Do == phone.ActionReject && r.Say == ""
	}},
	{"says the word \"{say}\" itself; the messages are: {messages}", func(b *builder, _ ruleDef, r Rule) bool {
		_, known := b.message[r.Say]
		return r.Say != "" && !known && !strings.Contains(r.Say, " ") && !isSound(r.Say)
	}},
	{"has a message, which is never sent: only reject and voicemail end a call", func(_ *builder, _ ruleDef, r Rule) bool {
		return r.Say != "" && !r.speaks()
	}},
	{"has no condition: no rule below it can ever decide", func(_ *builder, _ ruleDef, r Rule) bool {
		return len(r.when) == 0
	}},
	{"lets the machine answer without a word: callers hear a beep alone; name a sound file under [voicemail], and say in it that you record", func(b *builder, _ ruleDef, r Rule) bool {
		return r.greets(phone.ActionVoicemail) && b.greeting == "" && !isSound(r.Say)
	}},
	{"asks who calls without a word: callers hear a beep alone; name a sound file under [screen]", func(b *builder, _ ruleDef, r Rule) bool {
		return r.greets(phone.ActionScreen) && b.question == "" && !isSound(r.Say)
	}},
	{"is switched off", func(_ *builder, _ ruleDef, r Rule) bool {
		return len(r.when) > 0 && !r.Enabled
	}},
	{"has ended by its until and can be removed", func(_ *builder, _ ruleDef, r Rule) bool {
		return !r.Until.IsZero() && !time.Now().Before(r.Until)
	}},
}

func (b *builder) doubt(def ruleDef, r Rule) {
	fill := strings.NewReplacer("{say}", r.Say, "{messages}", messageNames(b.message))
	for _, c := range doubts {
		if c.wrong(b, def, r) {
			b.warn = append(b.warn, Warning{r.Name, fill.Replace(c.sentence)})
		}
	}
}

// greets reports whether the rule comes to an action of the machine.
func (r Rule) greets(machine phone.Action) bool { return r.Do == machine || r.Then == machine }

// speaks reports whether there is a moment at which Say can be said: by text
// after the end of the call, or as a sound by the machine.
func (r Rule) speaks() bool {
	able := []phone.Action{phone.ActionReject, phone.ActionVoicemail}
	if isSound(r.Say) {
		able = []phone.Action{phone.ActionVoicemail, phone.ActionScreen}
	}
	return slices.Contains(able, r.Do) || slices.Contains(able, r.Then)
}
