package ui

import (
	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// screened is the dialog of a call that the machine has asked what it is about:
// what was said can be heard, then a person takes the call or does not. Like
// one that rings it opens by itself, behind the same guard.
type screened struct {
	plainScreen
	*desk
}

// decidable are the calls that the machine has asked and that now wait for a
// person, the first one first.
func (d *desk) decidable() (calls []phone.Call) {
	for _, c := range d.listening() {
		if c.State.Answered() && !c.Deadline.IsZero() {
			calls = append(calls, c)
		}
	}
	return calls
}

func (s *screened) Name() string { return "screened call" }

func (s *screened) Actions() []Action {
	offered := []Action{Answer, AnswerMuted, Decline}
	if calls := s.decidable(); len(calls) > 0 && calls[0].Recording != "" {
		offered = append(offered, PlayRecording)
	}
	if s.busy() {
		offered = append(offered, EndCall)
	}
	return offered
}

func (s *screened) Do(a Action, _ int) tea.Cmd {
	calls := s.decidable()
	if len(calls) == 0 {
		return nil
	}
	c := calls[0]
	switch a {
	case Answer:
		return s.answer(c.ID)
	case AnswerMuted:
		return s.answerMuted(c.ID)
	case Decline:
		return s.decline(c.ID, "")
	case PlayRecording:
		return s.playRecording(c)
	case EndCall:
		if front, busy := s.focus(); busy {
			return s.hangUp(front.ID)
		}
	}
	return nil
}

func (s *screened) Draw(a area) {
	calls := s.decidable()
	if len(calls) == 0 {
		return
	}
	c := calls[0]
	rows := s.rows(c)
	box := a.middle(min(a.w-2, 72), min(len(rows)+5, a.h)).frame("SCREENED CALL", ring, ring)
	box.fit(2, 0, box.w-14, strong, s.who(c.Party))
	box.right(0, fair, left(s.now, c.Deadline)+" left ")
	y := 1
	for _, row := range rows {
		box.fit(2, y, box.w-4, row.look, row.words)
		y++
	}
	s.drawKeys(box, min(y+1, box.h-1), c)
}

func (s *screened) rows(c phone.Call) []hint {
	rows := []hint{
		{s.numberIfElse(c.Party), text},
		{"the machine asked what it is about; they wait on the line", subtle},
	}
	if front, busy := s.focus(); busy {
		rows = append(rows, hint{"you talk to " + s.who(front.Party) + "; taking this call holds that one", fair})
	}
	return rows
}

func (s *screened) drawKeys(a area, y int, c phone.Call) {
	x := 2
	for _, ch := range []choice{{Answer, "take it"}, {Decline, "end it"}, {PlayRecording, s.heardWords(c)}} {
		if ch.act == PlayRecording && c.Recording == "" {
			continue
		}
		key := s.keys.key(ch.act)
		a.press(x, y, cells(key)+1+cells(ch.words), ch.act, -1)
		x = a.put(x, y, brand, key) + 1
		x = a.fit(x, y, min(cells(ch.words), max(a.w-x-1, 0)), text, ch.words) + 3
	}
}

// heardWords offer what was said, or show how far that is.
func (s *screened) heardWords(c phone.Call) string {
	if now, on := s.plays(c); on {
		return "stop " + timer(now.Position) + " of " + timer(now.Length)
	}
	return "hear what they said"
}
