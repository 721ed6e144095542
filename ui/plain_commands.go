package ui

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"tring/phone"
)

// plainCommand is one word that can be typed.
type plainCommand struct {
	names []string // the first is the word, the others are short for it
	takes string   // what follows it
	help  string
	do    func(p *plain, rest string)
}

// plainCommands are all of them; help says them in this order.
func plainCommands() []plainCommand {
	return []plainCommand{
		{[]string{"answer", "a"}, "", "answer the call that rings", (*plain).answerCall},
		{[]string{"decline", "d"}, "", "decline it", func(p *plain, _ string) { p.declineCall("") }},
		{[]string{"message", "t"}, "N or words", "decline it with a message", (*plain).declineSaying},
		{[]string{"silence", "i"}, "", "stop the ringing here", (*plain).silenceCall},
		{[]string{"call", "c"}, "number or name", "call somebody", (*plain).callSomebody},
		{[]string{"end", "e"}, "", "end the call", (*plain).endCall},
		{[]string{"mute", "m"}, "", "microphone off and on", (*plain).muteCall},
		{[]string{"hold", "h"}, "", "hold the call here, or take it back", (*plain).holdCall},
		{[]string{"swap", "x"}, "", "swap two calls", func(p *plain, _ string) { p.wish("swap", p.phone.Swap) }},
		{[]string{"record", "r"}, "", "record, stop recording", (*plain).recordCall},
		{[]string{"keys", "k"}, "digits", "send keypad tones", (*plain).sendDigits},
		{[]string{"note", "n"}, "words", "keep a note on the call", (*plain).noteCall},
		{[]string{"status"}, "", "what goes on", (*plain).status},
		{[]string{"level"}, "", "how loud both sides are", (*plain).sayLevel},
		{[]string{"contacts"}, "search", "list people; a number calls one", (*plain).listContacts},
		{[]string{"recents", "log"}, "", "list the last calls; a number calls back", (*plain).listRecents},
		{[]string{"redial"}, "", "call the last number again", (*plain).redialLast},
		{[]string{"devices"}, "", "list sound devices; a number chooses one", (*plain).listDevices},
		{[]string{"test"}, "", "test microphone and speaker", (*plain).testEcho},
		{[]string{"dnd"}, "", "do not disturb, on and off", (*plain).switchDND},
		{[]string{"link"}, "your number", "link with an 8-character code; alone: with a QR code", (*plain).linkLine},
		{[]string{"scan"}, "", "scan the QR code with the built-in handset, or ask for one", (*plain).scanCode},
		{[]string{"picture"}, "", "open the QR code as a picture", (*plain).openPicture},
		{[]string{"script"}, "", "print the passkey script", (*plain).sayScript},
		{[]string{"passkey"}, "answer", "send the browser's answer", (*plain).sendPasskey},
		{[]string{"yes", "y"}, "", "yes, the codes are the same", func(p *plain, _ string) { p.confirm(true) }},
		{[]string{"no"}, "", "no, they are not", func(p *plain, _ string) { p.confirm(false) }},
		{[]string{"help", "?"}, "", "say the commands", (*plain).sayHelp},
		{[]string{"quit", "q"}, "", "end all calls and leave", func(p *plain, _ string) { p.quit = true }},
	}
}

// command does what was typed: a word, the number of a listed row, or a
// telephone number.
func (p *plain) command(typed string) {
	word, rest, _ := strings.Cut(strings.TrimSpace(typed), " ")
	if word == "" {
		return
	}
	for _, c := range plainCommands() {
		for _, name := range c.names {
			if strings.EqualFold(word, name) {
				c.do(p, strings.TrimSpace(rest))
				return
			}
		}
	}
	if n, err := strconv.Atoi(word); err == nil && n >= 1 && n <= len(p.listed) && rest == "" {
		p.listed[n-1].choose()
		return
	}
	if searchDigits(typed) != "" {
		p.callSomebody(typed)
		return
	}
	p.say("There is no command %q. Type help.", word)
}

func (p *plain) sayHelp(string) {
	for _, c := range plainCommands() {
		p.say("%s: %s.", strings.TrimSpace(strings.Join(c.names, " or ")+" "+c.takes), c.help)
	}
}

// rings is the call that wants an answer; it says so if there is none.
func (p *plain) rings() (phone.Call, bool) {
	calls := append(p.ringing(false), p.ringing(true)...)
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
	if c, ok := p.rings(); ok {
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
		p.say("Calling %s, %s.", r.Pretty, regionName(r.Region))
		who = r.E164
	}
	p.wish("call", func(ctx context.Context) error { _, err := p.phone.Dial(ctx, "", who); return err })
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

// status says how every line and call is.
func (p *plain) status(string) {
	for _, l := range p.lines {
		word, _ := statusWord(l.Status)
		p.say("Line %s: %s.", l.Name, word)
	}
	for _, c := range p.calls {
		p.say("%s: %s, %s.", p.who(c.Party), stateWords(c), timer(p.callTime(c)))
		for _, property := range changes(phone.Call{}, c, p.who(c.Party)) {
			p.say("%s.", property)
		}
		if c.State.Answered() {
			q := p.phone.Quality(c.ID)
			p.say("Quality %s. %s.", q.Word(), strings.Join(qualityFacts(q), ", "))
		}
	}
	if len(p.calls) == 0 {
		p.say("No call.")
	}
}

func (p *plain) sayLevel(string) {
	if c, ok := p.up(); ok {
		l := p.phone.Levels(c.ID)
		p.say("You %s, they %s.", decibels(l.Mic), decibels(l.Peer))
	}
}

// listLimit is how many rows a list says; a search makes it shorter.
const listLimit = 20

func (p *plain) listContacts(search string) {
	var rows []listed
	found := p.book.search(search)
	for _, i := range found[:min(len(found), listLimit)] {
		party := p.book.people[i].Party
		rows = append(rows, listed{p.who(party) + ", " + p.number(party), func() { p.callSomebody(party.Key()) }})
	}
	p.list("Nobody fits.", rows)
	if more := len(found) - len(rows); more > 0 {
		p.say("And %d more; type contacts and a part of the name.", more)
	}
}

func (p *plain) listRecents(string) {
	entries, err := p.phone.Log(p.ctx, phone.Query{Limit: listLimit})
	if err != nil {
		p.say("%s", sentence("The call log could not be read", err))
		return
	}
	var rows []listed
	for _, e := range entries {
		word, _ := outcomeWord(e.Call)
		words := fmt.Sprintf("%s, %s, %s", word, p.who(e.Party), p.clock(e.Started))
		if d := e.Duration(p.now); d > 0 {
			words += ", " + timer(d)
		}
		rows = append(rows, listed{words, func() { p.callSomebody(e.Party.Key()) }})
	}
	p.list("No calls yet.", rows)
	p.wish("clear the missed calls", p.phone.MarkSeen)
}

func (p *plain) listDevices(string) {
	devices, choice, err := p.phone.Devices(p.ctx)
	if err != nil {
		p.say("%s", sentence("The sound system does not answer", err))
		return
	}
	p.sound = soundState{devices: devices, choice: choice, read: true}
	var rows []listed
	for _, row := range p.deviceRows() {
		words := strings.ToLower(roleHeads[row.role]) + ": " + row.label
		if row.chosen {
			words += ", chosen"
		}
		rows = append(rows, listed{words, func() {
			p.wish("use that device", func(ctx context.Context) error { return p.phone.SelectDevice(ctx, row.role, row.name) })
		}})
	}
	p.list("No sound devices.", rows)
}

// testEcho says each step of the test once.
func (p *plain) testEcho(string) {
	steps, err := p.phone.EchoTest(p.ctx)
	if err != nil {
		p.say("%s", sentence("The test could not start", err))
		return
	}
	go func() {
		last := ""
		for s := range steps {
			words := s.Step
			if s.Err != nil {
				words = sentence("The test stopped", s.Err)
			} else if s.Done {
				words = s.Verdict
			}
			if words != last {
				last = words
				p.later(func(context.Context) string { return words })
			}
		}
	}()
}

func (p *plain) switchDND(string) {
	to := phone.DND
	if p.presence == phone.DND {
		to = phone.Available
	}
	p.wish("change do not disturb", func(ctx context.Context) error { return p.phone.SetPresence(ctx, to) })
}
