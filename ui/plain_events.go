package ui

import (
	"slices"
	"strings"

	"tring/phone"
)

// event says what happened in a line, and keeps the desk.
func (p *plain) event(e phone.Event) {
	switch e.Kind {
	case phone.EventLine:
		p.lineChanged(e)
	case phone.EventOffer, phone.EventDialled, phone.EventState, phone.EventChanged, phone.EventDigit:
		p.callChanged(e)
	case phone.EventEnded:
		p.callEnded(e)
	case phone.EventMissed:
		if e.Call != nil && !e.Replayed && e.What != pastCall {
			p.say("Missed call from %s. %s", p.who(e.Call.Party), e.Call.Ending())
		}
	case phone.EventText:
		if e.Text != nil && !e.Replayed && !e.Text.Sent {
			p.say("%s writes: %s", p.who(e.Text.Party), e.Text.Body)
		}
	case phone.EventPairing:
		p.pairingStep(e)
	case phone.EventPresence:
		if p.presence != phone.Presence(e.What) {
			p.presence = phone.Presence(e.What)
			p.say("You are %s.", p.presence)
		}
	case phone.EventPlayback:
		p.played(e)
	case phone.EventNotice:
		p.say("%s", e.What)
	case phone.EventContacts, phone.EventSnapshot:
		p.readPeople()
		p.started(e)
	}
}

// started says how things stand, once the snapshot is complete.
func (p *plain) started(e phone.Event) {
	if e.Kind != phone.EventSnapshot || p.synced {
		return
	}
	p.synced = true
	if missed := p.phone.Missed(); missed > 0 {
		p.say("%s. Type recents to hear them.", plural(missed, "missed call"))
	}
	if unheard := p.phone.Unheard(); unheard > 0 {
		p.say("%s. Type voicemail to hear who spoke.", plural(unheard, "new voicemail"))
	}
	if l, ok := p.unlinked(); ok && !p.usable() {
		p.linked = l.Name
		if p.cfg.Scan != nil {
			p.say("The line %s is not linked. Type scan: the built-in handset links it.", l.Name)
			return
		}
		p.say("The line %s is not linked. Type link NUMBER for an 8-character code to type on your phone, or scan for a QR code.", l.Name)
	}
}

// played says what became of a recording.
func (p *plain) played(e phone.Event) {
	words := map[string]string{
		"started": "The recording plays. Type stop to end it.", "ended": "The recording is over.",
		"stopped": "The recording was stopped.", "interrupted": "The recording stopped for a call.",
	}
	p.say("%s", words[e.What])
}

// readPeople reads the contacts; a failure is said when somebody asks for them.
func (p *plain) readPeople() {
	contacts, err := p.phone.Contacts(p.ctx)
	if err == nil {
		p.book = newBook(contacts)
	}
}

func (p *plain) lineChanged(e phone.Event) {
	if e.Info == nil {
		return
	}
	at := slices.IndexFunc(p.lines, func(l phone.LineInfo) bool { return l.Name == e.Info.Name })
	if at >= 0 && p.lines[at].Status == e.Info.Status {
		p.lines[at] = *e.Info
		return
	}
	if at < 0 {
		p.lines = append(p.lines, *e.Info)
	} else {
		p.lines[at] = *e.Info
	}
	word, _ := statusWord(e.Info.Status)
	p.say("Line %s: %s. %s %s", e.Info.Name, word, p.ownName(*e.Info), e.Info.Detail)
}

// callChanged says what is new about a call.
func (p *plain) callChanged(e phone.Event) {
	if e.Call == nil {
		return
	}
	c := *e.Call
	before := phone.Call{}
	at := slices.IndexFunc(p.calls, func(old phone.Call) bool { return old.ID == c.ID })
	if at >= 0 {
		before = p.calls[at]
		p.calls[at] = c
	} else {
		p.calls = append(p.calls, c)
	}
	if before.State != c.State || before.ID == "" {
		p.sayState(c)
	}
	for _, news := range changes(before, c, p.who(c.Party)) {
		p.say("%s.", news)
	}
	if e.What == "screened" {
		p.say("%s has told the machine what it is about and waits %s. Type answer or decline.", p.who(c.Party), left(p.now, c.Deadline))
	}
	if e.Kind == phone.EventDigit {
		p.say("%s pressed %s.", p.who(c.Party), e.What)
	}
}

// sayState says how far a call has come, and what can be done with one that rings.
func (p *plain) sayState(c phone.Call) {
	if c.State != phone.Incoming {
		p.say("%s: %s.", p.who(c.Party), stateWords(c))
		return
	}
	p.say("%s is calling, %s %s. Type answer, decline, silence, or message 1 to %d.",
		p.who(c.Party), p.numberIfNamed(c.Party), p.place(c.Party), max(len(p.cfg.Replies), 1))
	if c.LineKind != phone.BusinessLine {
		return
	}
	p.say("It is for the line %s, %s.", c.Line, p.encryption(c, phone.Quality{}))
	if c.Payload != "" {
		p.say("They pressed %s.", c.Payload)
	}
	if !c.AnswerBy.IsZero() {
		p.say("Answer within %s.", left(p.now, c.AnswerBy))
	}
}

func (p *plain) callEnded(e phone.Event) {
	if e.Call == nil {
		return
	}
	p.calls = slices.DeleteFunc(p.calls, func(old phone.Call) bool { return old.ID == e.Call.ID })
	if !e.Replayed {
		p.last = *e.Call
		p.say("%s", p.endSentence(p.last))
	}
}

// pairingStep says what to do to link.
func (p *plain) pairingStep(e phone.Event) {
	if e.Pairing == nil {
		return
	}
	step := *e.Pairing
	p.pairing[e.Line], p.linked = step, e.Line
	switch step.Kind {
	case phone.PairingScan:
		p.sayScan(step)
	case phone.PairingCode:
		p.say("Type this on your phone under Linked devices, Link with phone number: %s", spelled(step.Text))
	case phone.PairingPasskey:
		p.say("The account wants its passkey. Type script to get a script for the browser's console on web.whatsapp.com, then type passkey and the line it prints.")
	case phone.PairingConfirm:
		p.say("Does the phone show %s? Type yes or no.", spelled(step.Text))
	case phone.PairingWait:
		p.say("%s.", strings.TrimRight(step.Text, ". "))
	case phone.PairingDone:
		p.say("Linked.")
	case phone.PairingFailed:
		p.say("%s Type link to try again.", failure(step.Err))
	}
}

func (p *plain) sayScan(step phone.PairingStep) {
	words := "QR code"
	if step.Count > 0 {
		words += " " + fraction(step.Index, step.Count)
	}
	if p.scanNext {
		p.scanCode("")
		return
	}
	if p.cfg.Scan != nil {
		p.say("%s is ready. Type scan and the built-in handset scans it.", words)
		return
	}
	if p.cfg.ShowPicture != nil {
		words += " is ready. Type picture to open it"
	}
	p.say("%s. It is valid for %s. Type link and your number for an 8-character code instead.", words, left(p.now, step.Expires))
}
