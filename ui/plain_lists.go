package ui

import (
	"context"
	"fmt"
	"strings"

	"tring/phone"
)

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

// listVoicemail lists the voicemails; choosing one plays it, which counts as
// heard.
func (p *plain) listVoicemail(string) {
	entries, err := p.phone.Log(p.ctx, phone.Query{Outcomes: []phone.Outcome{phone.OutcomeVoicemail}, Limit: listLimit})
	if err != nil {
		p.say("%s", sentence("The call log could not be read", err))
		return
	}
	var rows []listed
	for _, e := range entries {
		words := fmt.Sprintf("%s, %s, %s", p.who(e.Party), p.clock(e.Started), timer(e.Duration(p.now)))
		if !e.Seen {
			words += ", not heard yet"
		}
		rows = append(rows, listed{words, func() {
			p.wish("play it", func(ctx context.Context) error { return p.phone.PlayRecording(ctx, e.ID) })
		}})
	}
	p.list("No voicemail.", rows)
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
