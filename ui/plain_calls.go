package ui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tring/phone"
)

// rings is the call that wants an answer, also one that the machine has; it says
// so if there is none.
func (p *plain) rings() (phone.Call, bool) {
	calls := slices.Concat(p.ringing(false), p.ringing(true), p.listening())
	if len(calls) == 0 {
		p.say("No call is ringing.")
		return phone.Call{}, false
	}
	return calls[0], true
}

// up is the call in progress; it says so if there is none.
func (p *plain) up() (phone.Call, bool) {
	c, ok := p.focus()
	if !ok {
		p.say("There is no call.")
	}
	return c, ok
}

func (p *plain) answerCall(string) {
	if c, ok := p.rings(); ok {
		p.wish("answer", func(ctx context.Context) error { return p.phone.Answer(ctx, c.ID) })
	}
}

func (p *plain) declineCall(say string) {
	c, ok := p.rings()
	switch {
	case ok && c.Listening:
		p.wish("end the call", func(ctx context.Context) error { return p.phone.HangUp(ctx, c.ID) })
	case ok:
		p.wish("decline", func(ctx context.Context) error { return p.phone.Reject(ctx, c.ID, say) })
	}
}

// declineSaying takes the number of a configured message, or own words.
func (p *plain) declineSaying(rest string) {
	if n, err := strconv.Atoi(rest); err == nil && n >= 1 && n <= len(p.cfg.Replies) {
		p.declineCall(p.cfg.Replies[n-1])
		return
	}
	if rest != "" {
		p.declineCall(phone.CleanLine(rest, 200))
		return
	}
	for i, reply := range p.cfg.Replies {
		p.say("message %d: %s", i+1, reply)
	}
}

func (p *plain) silenceCall(string) {
	if c, ok := p.rings(); ok {
		p.wish("silence it", func(ctx context.Context) error { return p.phone.Silence(ctx, c.ID) })
	}
}

// callSomebody says how a number is read before it is dialled.
func (p *plain) callSomebody(who string) {
	if who == "" {
		p.say("Type call and a number or a name.")
		return
	}
	r := p.phone.ReadNumber(who)
	if r.Refused != "" {
		p.say("%s", r.Refused)
		return
	}
	if r.E164 != "" {
		p.say("Calling %s.", strings.TrimSuffix(r.Pretty+", "+regionName(r.Region), ", "))
		who = r.E164
	}
	line := p.from
	p.wish("call", func(ctx context.Context) error { _, err := p.phone.Dial(ctx, line, who); return err })
}

// callFrom chooses the line of the calls to come.
func (p *plain) callFrom(line string) {
	known := slices.ContainsFunc(p.lines, func(l phone.LineInfo) bool { return l.Name == line })
	switch {
	case line == "":
		p.from = ""
		p.say("Calls go out on the line that fits.")
	case !known:
		p.say("There is no line %q. Type status to hear them.", line)
	default:
		p.from = line
		p.say("Calls go out on %s.", line)
	}
}

func (p *plain) redialLast(string) {
	p.wish("call", func(ctx context.Context) error { _, err := p.phone.Redial(ctx); return err })
}

func (p *plain) endCall(string) {
	if c, ok := p.up(); ok {
		p.wish("hang up", func(ctx context.Context) error { return p.phone.HangUp(ctx, c.ID) })
	}
}

func (p *plain) muteCall(string) {
	if c, ok := p.up(); ok {
		p.wish("switch the microphone", func(ctx context.Context) error { return p.phone.Mute(ctx, c.ID, !c.Muted) })
	}
}

func (p *plain) holdCall(string) {
	c, ok := p.up()
	if !ok {
		return
	}
	p.wish("hold", func(ctx context.Context) error {
		if c.Held {
			return p.phone.Resume(ctx, c.ID)
		}
		return p.phone.Hold(ctx, c.ID)
	})
}

func (p *plain) recordCall(string) {
	if c, ok := p.up(); ok {
		p.wish("record", func(ctx context.Context) error { return p.phone.Record(ctx, c.ID, !c.OnRecord) })
	}
}

func (p *plain) sendDigits(digits string) {
	if c, ok := p.up(); ok {
		p.wish("send the tones", func(ctx context.Context) error { return p.phone.SendDigits(ctx, c.ID, digits) })
	}
}

func (p *plain) noteCall(words string) {
	c, ok := p.focus()
	if !ok {
		c = p.last
	}
	if c.ID == "" {
		p.say("There is no call.")
		return
	}
	p.wish("keep the note", func(ctx context.Context) error { return p.phone.Note(ctx, c.ID, phone.CleanLine(words, promptLimit)) })
}
