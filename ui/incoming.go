package ui

import (
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
	words := phone.CleanLine(message, 200)
	if words != "" {
		s.said = c.ID
	}
	return s.decline(c.ID, words)
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
