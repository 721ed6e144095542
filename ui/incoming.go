package ui

import (
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// incoming is the dialog of a call that rings, alone or while another call is
// up. It opens by itself, so a guard keeps keys from it until nobody types.
type incoming struct {
	plainScreen
	*desk
	guard   *guard
	at      int  // which of several ringing calls
	saying  bool // choosing a message to decline with
	writing bool // … typing an own one
	field   field
}

func newIncoming(d *desk, g *guard) *incoming {
	return &incoming{desk: d, guard: g, field: newField("your message", 200)}
}

func (s *incoming) Name() string { return "incoming call" }

func (s *incoming) Typing() bool { return s.writing }

// ringingCall is the call that the dialog is about.
func (s *incoming) ringingCall() (phone.Call, bool) {
	calls := s.ringing(false)
	if len(calls) == 0 {
		return phone.Call{}, false
	}
	s.at = min(s.at, len(calls)-1)
	return calls[s.at], true
}

func (s *incoming) Actions() []Action {
	switch {
	case s.writing:
		return []Action{Send, Back}
	case s.saying:
		return []Action{Back}
	}
	offered := []Action{Answer, AnswerMuted, Decline, DeclineSay, Silence, AnswerRecord}
	if s.busy() {
		offered = []Action{EndAnswer, HoldAnswer, Decline, DeclineSay, Silence, Mute, EndCall}
	}
	if len(s.ringing(false)) > 1 {
		offered = append(offered, Next)
	}
	return offered
}

func (s *incoming) Do(a Action, _ int) tea.Cmd {
	c, ok := s.ringingCall()
	if !ok {
		return nil
	}
	switch a {
	case Answer, HoldAnswer:
		return s.answer(c.ID)
	case AnswerMuted:
		return s.answerMuted(c.ID)
	case AnswerRecord:
		return s.answerRecord(c.ID)
	case EndAnswer:
		return s.endAnswer(c.ID)
	case Decline:
		return s.decline(c.ID, "")
	case Silence:
		return s.silence(c.ID)
	case Next:
		s.at = (s.at + 1) % len(s.ringing(false))
	case DeclineSay:
		s.saying = true
	case Send:
		return s.say(c, s.field.value())
	case Back:
		s.saying, s.writing = s.writing, false
	}
	return s.doFocus(a)
}

// doFocus is for the call that was there before.
func (s *incoming) doFocus(a Action) tea.Cmd {
	c, ok := s.focus()
	if !ok {
		return nil
	}
	switch a {
	case Mute:
		return s.mute(c.ID, !c.Muted)
	case EndCall:
		return s.hangUp(c.ID)
	}
	return nil
}

// say declines with a message; an empty one only declines.
func (s *incoming) say(c phone.Call, message string) tea.Cmd {
	s.saying, s.writing = false, false
	return s.decline(c.ID, phone.CleanLine(message, 200))
}

// Type takes the number of a message, or the message itself.
func (s *incoming) Type(msg tea.Msg) tea.Cmd {
	if s.writing {
		s.field.update(msg)
		return nil
	}
	key, ok := msg.(tea.KeyPressMsg)
	c, rings := s.ringingCall()
	if !ok || !s.saying || !rings {
		return nil
	}
	n, err := strconv.Atoi(key.Text)
	switch {
	case err != nil || n < 1:
	case n <= len(s.replies()):
		return s.say(c, s.replies()[n-1])
	case n == len(s.replies())+1:
		s.writing = true
	}
	return nil
}

// replies are the messages to choose from; eight fit beside an own one.
func (s *incoming) replies() []string { return s.cfg.Replies[:min(len(s.cfg.Replies), 8)] }

// Draw draws the dialog in the middle, as high as what it has to say.
func (s *incoming) Draw(a area) {
	c, ok := s.ringingCall()
	if !ok {
		return
	}
	heading := "INCOMING CALL"
	if s.busy() {
		heading = "SECOND CALL"
	}
	facts, hints := s.aboutCall(c), s.hints(c)
	rows := 3 + len(facts)
	if s.saying {
		rows += 3 + len(s.replies())
	} else {
		rows += 4 + len(hints)
	}
	air := 0
	if a.h >= rows+4 {
		air = 1
	}
	box := a.middle(min(a.w-2, 76), rows+2+2*air).frame(heading, ring, ring).inset(0, air)
	y := s.drawCaller(box, c, facts)
	if s.saying {
		s.drawReplies(box, y)
		return
	}
	y = s.drawChoices(box, y, c)
	for i, hint := range hints {
		box.fit(3, y+i, box.w-5, hint.look, hint.words)
	}
}

// drawCaller says who calls, and returns the row after it.
func (s *incoming) drawCaller(a area, c phone.Call, facts []string) int {
	clock := s.clockThere(c.Party.Number)
	a.fit(3, 0, a.w-20, strong, s.who(c.Party))
	a.right(0, text, "ringing "+timer(s.now.Sub(c.Started))+"  ")
	number := s.number(c.Party)
	if !s.named(c.Party) {
		number = ""
	}
	a.fit(3, 1, a.w-6-cells(clock), text, strings.TrimSpace(number+"   "+s.place(c.Party)))
	a.right(1, subtle, clock+"  ")
	for i, fact := range facts {
		a.fit(3, 2+i, a.w-5, subtle, fact)
	}
	return 3 + len(facts)
}

// aboutCall is what else there is to know before answering, in rows.
func (s *incoming) aboutCall(c phone.Call) []string {
	kind := "voice call"
	if c.Video {
		kind = "video call, answered with sound only"
	}
	if c.Platform != "" {
		kind += " from " + phone.CleanLine(c.Platform, 16)
	}
	if c.LineKind == phone.BusinessLine {
		kind += ", to " + phone.CleanLine(c.Line, 20)
	}
	facts := []string{kind}
	if missed := s.missedToday(c.Party); missed > 0 {
		facts[0] += "   " + plural(missed, "missed call") + " today"
	}
	if c.Rule != "" {
		facts = append(facts, "rule: "+phone.CleanLine(c.Rule, 50))
	}
	if c.Payload != "" {
		facts = append(facts, "they write: "+phone.CleanLine(c.Payload, 100))
	}
	if known, ok := s.book.find(c.Party); ok && known.Note != "" {
		facts = append(facts, "note: "+phone.CleanLine(known.Note, 100))
	}
	return facts
}

func (s *incoming) missedToday(p phone.Party) (n int) {
	for _, e := range s.recents {
		if e.Party.Same(p) && e.Outcome == phone.OutcomeMissed && day(e.Started.In(s.now.Location())).Equal(day(s.now)) {
			n++
		}
	}
	return n
}

// choice is one way to treat the call.
type choice struct {
	act   Action
	words string
}

// choices are the ways to treat the call, with a call in progress or without.
func (s *incoming) choices(c phone.Call) []choice {
	front, busy := s.focus()
	if !busy {
		return []choice{{Answer, "answer"}, {Decline, "decline"}, {AnswerMuted, "answer muted"}, {DeclineSay, "decline, with a message"},
			{AnswerRecord, "answer and record"}, {Silence, "stop the ringing here"}}
	}
	there := s.who(front.Party)
	return []choice{{EndAnswer, "end " + there + ", answer"}, {Decline, "decline"}, {HoldAnswer, "hold " + there + ", answer"},
		{DeclineSay, "decline, with a message"}, {Silence, "ignore: they hear it ring"}, {EndCall, "only end " + there}}
}

// drawChoices shows the ways in two columns and returns the row after them.
func (s *incoming) drawChoices(a area, y int, c phone.Call) int {
	half := (a.w - 4) / 2
	for i, ch := range s.choices(c) {
		x, row := 5+i%2*half, y+i/2
		a.put(x, row, brand, s.keys.key(ch.act))
		a.fit(x+3, row, half-4, text, ch.words)
		a.press(x, row, half-1, ch.act, -1)
	}
	return y + 4
}

// hint is a row of small print.
type hint struct {
	words string
	look  role
}

// hints say what holding means, what the keys wait for, what else rings.
func (s *incoming) hints(c phone.Call) []hint {
	var hints []hint
	if front, busy := s.focus(); busy {
		hints = append(hints, hint{"you talk to " + s.who(front.Party) + " (" + timer(s.callTime(front)) + "); on hold they hear a tone", subtle})
	} else {
		hints = append(hints, hint{s.soundLine(), subtle})
	}
	if n := len(s.ringing(false)); n > 1 {
		hints = append(hints, hint{fmt.Sprintf("%d calls ring; %s shows the next", n, s.keys.key(Next)), fair})
	}
	if s.guard.waiting(s.now) {
		return append(hints, hint{"keys work 0.7 s after you stop typing; " + s.keys.whileTyping(Answer) + " at once", fair})
	}
	return append(hints, hint{s.keys.whileTyping(Answer) + " and " + s.keys.whileTyping(Decline) + " work while you type; your phone rings too", subtle})
}

func (s *incoming) drawReplies(a area, y int) {
	a.put(3, y, title, "decline and write")
	y++
	for i, reply := range s.replies() {
		a.put(5, y+i, brand, strconv.Itoa(i+1))
		a.fit(8, y+i, a.w-10, text, phone.CleanLine(reply, 120))
	}
	y += len(s.replies())
	a.put(5, y, brand, strconv.Itoa(len(s.replies())+1))
	if s.writing {
		s.field.draw(a, 8, y, a.w-10)
		return
	}
	a.put(8, y, text, "something else")
}
