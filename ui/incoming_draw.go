package ui

import (
	"fmt"
	"strconv"
	"strings"

	"tring/phone"
)

// Draw draws the dialog in the middle, as high as what it has to say.
func (s *incoming) Draw(a area) {
	c, ok := s.ringingCall()
	if !ok {
		return
	}
	heading := "INCOMING CALL"
	switch {
	case c.Loud:
		heading = "URGENT CALL"
	case s.busy():
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
	for i, hint := range hints[:max(min(len(hints), box.h-y), 0)] {
		box.fit(3, y+i, box.w-5, hint.look, hint.words)
	}
}

// drawCaller says who calls, and returns the row after it.
func (s *incoming) drawCaller(a area, c phone.Call, facts []string) int {
	clock := s.clockThere(c.Party.Number)
	ringing, look := "ringing "+timer(s.now.Sub(c.Started)), text
	if !c.AnswerBy.IsZero() {
		ringing, look = "answer within "+left(s.now, c.AnswerBy), fair
	}
	a.fit(3, 0, a.w-8-cells(ringing), strong, s.who(c.Party))
	a.right(0, look, ringing+"  ")
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
	kind += labelled(" from ", phone.CleanLine(c.Platform, 16)) + labelled(", ", s.encryption(c, phone.Quality{}))
	if missed := s.missedToday(c.Party); missed > 0 {
		kind += "   " + plural(missed, "missed call") + " today"
	}
	facts := []string{kind}
	add := func(name, words string) {
		if words != "" {
			facts = append(facts, name+words)
		}
	}
	add("to: ", s.ringingLine(c))
	add("button or link: ", phone.CleanLine(c.Payload, 100))
	add("rule: ", phone.CleanLine(c.Rule, 50))
	add("calling back: ", c.Permission.Sentence(s.now))
	if known, ok := s.book.find(c.Party); ok {
		add("note: ", phone.CleanLine(known.Note, 100))
	}
	return facts
}

// ringingLine is the line that rings, where that is not plain.
func (s *incoming) ringingLine(c phone.Call) string {
	if len(s.lines) < 2 && c.LineKind != phone.BusinessLine {
		return ""
	}
	return phone.CleanLine(c.Line, 20) + labelled("  ", s.numberOf(s.line(c.Line).Own))
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
		return []choice{
			{Answer, "answer"},
			{Decline, "decline"},
			{AnswerMuted, "answer muted"},
			{DeclineSay, "decline with a message"},
			{AnswerRecord, "answer and record"},
			{Silence, "stop the ringing here"},
		}
	}
	there := s.who(front.Party)
	return []choice{
		{EndAnswer, "end " + there + ", answer"},
		{Decline, "decline"},
		{HoldAnswer, "hold " + there + ", answer"},
		{DeclineSay, "decline with a message"},
		{Silence, "ignore: they hear it ring"},
		{EndCall, "only end " + there},
	}
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
	words := s.keys.whileTyping(Answer) + " and " + s.keys.whileTyping(Decline) + " work while you type"
	if c.LineKind != phone.BusinessLine {
		words += "; your phone rings too"
	}
	return append(hints, hint{words, subtle})
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
