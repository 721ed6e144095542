package ui

import (
	"fmt"
	"strconv"

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
	return s.decline(c.ID, clean(message, 200))
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

// Draw draws the dialog in the middle, or at the top while another call is up.
func (s *incoming) Draw(a area) {
	c, ok := s.ringingCall()
	if !ok {
		return
	}
	heading := "INCOMING CALL"
	if s.busy() {
		heading = "SECOND CALL"
	}
	w, h := min(a.w-2, 80), min(a.h, s.height(a))
	box := a.middle(w, h).frame(heading, ring, ring)
	y := s.drawCaller(box, c)
	if s.saying {
		s.drawReplies(box, y)
		return
	}
	y = s.drawChoices(box, y, c)
	s.drawHints(box, y, c)
}

func (s *incoming) height(a area) int {
	if s.saying {
		return 8 + len(s.replies())
	}
	if a.h >= 20 {
		return 15
	}
	return 13
}

// drawCaller says who calls, and returns the row after it.
func (s *incoming) drawCaller(a area, c phone.Call) int {
	y := 0
	if a.h >= 13 {
		y = 1
	}
	a.fit(3, y, a.w/2, strong, s.who(c.Party))
	a.right(y, text, "ringing "+timer(s.now.Sub(c.Started))+"  ")
	y++
	number := s.number(c.Party)
	if place := s.place(c.Party); place != "" {
		number += "   " + place
	}
	a.fit(3, y, a.w-24, text, number)
	a.right(y, subtle, s.clockThere(c.Party.Number)+"  ")
	y++
	a.fit(3, y, a.w-5, subtle, s.aboutCall(c))
	return y + 2
}

// aboutCall is what else there is to know before answering.
func (s *incoming) aboutCall(c phone.Call) string {
	words := "WhatsApp voice"
	if c.Video {
		words = "video call, answered with sound only"
	}
	if c.Platform != "" {
		words += ", " + clean(c.Platform, 16)
	}
	if c.Rule != "" {
		words += "   rule: " + clean(c.Rule, 30)
	}
	if known, ok := s.book.find(c.Party); ok && known.Note != "" {
		words += "   note: " + clean(known.Note, 60)
	}
	if missed := s.missedToday(c.Party); missed > 0 {
		words += "   " + plural(missed, "missed call") + " today"
	}
	return words
}

func (s *incoming) missedToday(p phone.Party) (n int) {
	for _, e := range s.recents {
		if e.Party.Same(p) && e.Outcome == phone.OutcomeMissed && day(e.Started.In(s.now.Location())).Equal(day(s.now)) {
			n++
		}
	}
	return n
}

// drawChoices shows the actions in two columns.
func (s *incoming) drawChoices(a area, y int, c phone.Call) int {
	who := s.who(c.Party)
	choices := []struct {
		act   Action
		words string
	}{{Answer, "answer"}, {AnswerMuted, "answer muted"}, {Decline, "decline"}, {DeclineSay, "decline with a message"},
		{Silence, "stop the ringing here"}, {AnswerRecord, "answer and record"}}
	if front, busy := s.focus(); busy {
		choices[0].act, choices[0].words = EndAnswer, "end "+s.who(front.Party)+", answer "+who
		choices[1].act, choices[1].words = HoldAnswer, "hold "+s.who(front.Party)+", answer "+who
		choices = choices[:5]
	}
	half := (a.w - 4) / 2
	for i, ch := range choices {
		x, row := 5+i%2*half, y+i/2
		a.put(x, row, brand, s.keys.key(ch.act))
		a.fit(x+3, row, half-4, text, ch.words)
		a.press(x, row, half-1, ch.act, -1)
	}
	return y + (len(choices)+1)/2 + 1
}

// drawHints says what the keys wait for and what holding means.
func (s *incoming) drawHints(a area, y int, c phone.Call) {
	if front, busy := s.focus(); busy {
		a.fit(3, y, a.w-5, subtle, fmt.Sprintf("You are talking to %s (%s). On hold %s hears a tone and may hang up.",
			s.who(front.Party), timer(s.callTime(front)), s.who(front.Party)))
		y++
	} else if a.h-y > 2 {
		a.fit(3, y, a.w-5, subtle, s.soundLine())
		y++
	}
	if s.guard.waiting(s.now) {
		a.fit(3, y, a.w-5, fair, "keys work 0.7 s after you stop typing; "+s.keys.whileTyping(Answer)+" answers at once")
	} else if n := len(s.ringing(false)); n > 1 {
		a.fit(3, y, a.w-5, fair, fmt.Sprintf("%d calls ring; %s shows the next", n, s.keys.key(Next)))
	}
}

func (s *incoming) drawReplies(a area, y int) {
	a.put(3, y, title, "decline and write")
	for i, reply := range s.replies() {
		a.put(5, y+1+i, brand, strconv.Itoa(i+1))
		a.fit(8, y+1+i, a.w-10, text, clean(reply, 120))
	}
	y += 1 + len(s.replies())
	a.put(5, y, brand, strconv.Itoa(len(s.replies())+1))
	if s.writing {
		s.field.draw(a, 8, y, a.w-10)
		return
	}
	a.put(8, y, text, "something else …")
}
