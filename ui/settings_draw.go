package ui

import (
	"fmt"

	"tring/phone"
)

func (s *settings) Draw(a area) {
	if a.w < fullW-2 || a.h < 18 {
		s.drawNarrow(a)
		return
	}
	names, panel := a.left(16)
	s.drawSections(names.frame("settings", frameRole(!s.inside), titleRole(!s.inside)).at(0, 1, 14, a.h))
	s.drawSection(panel.frame(sectionNames[s.section], frameRole(s.inside), titleRole(s.inside)))
}

// drawNarrow shows either the sections or one of them.
func (s *settings) drawNarrow(a area) {
	if s.inside {
		s.drawSection(a.frame(sectionNames[s.section], line, title))
		return
	}
	s.drawSections(a.frame("settings", line, title))
}

func (s *settings) drawSections(box area) {
	for sec := range sectionCount {
		look := text
		if sec == s.section {
			look = chosen
			box.at(0, int(sec), box.w, 1).fill(chosen)
			box.put(0, int(sec), chosen, "▸")
		}
		box.put(2, int(sec), look, sectionNames[sec])
	}
}

func (s *settings) drawSection(a area) {
	switch s.section {
	case linesSection:
		s.drawLines(a)
	case soundSection:
		s.drawDevices(a)
	case callsSection:
		s.drawCalls(a)
	case lookSection:
		s.drawLook(a)
	case keysSection:
		s.drawKeys(a)
	case rulesSection:
		s.drawRules(a)
	}
}

// mark draws the marker of the row in front and returns the role for its text.
func (s *settings) mark(a area, y int, inFront bool) role {
	if !inFront || !s.inside {
		return text
	}
	a.at(0, y, a.w, 1).fill(chosen)
	a.put(0, y, chosen, "▸")
	return chosen
}

func (s *settings) drawLines(a area) {
	from, to := s.rows[linesSection].window(len(s.lines), max((a.h-2)/lineRows, 1))
	for i := from; i < to; i++ {
		s.drawLine(a.at(0, 1+(i-from)*lineRows, a.w, min(lineRows, a.h-2)), i)
	}
	if a.h < 4 {
		return
	}
	x := a.put(2, a.h-1, brand, s.keys.key(LinkLine)) + 1
	verb := "link"
	if at := s.rows[linesSection].at; at < len(s.lines) && stopped(s.lines[at]) {
		verb = "start"
	}
	x = a.put(x, a.h-1, subtle, verb) + 3
	x = a.put(x, a.h-1, brand, s.keys.key(UnlinkLine)) + 1
	a.put(x, a.h-1, subtle, "unlink")
}

// lineRows is how many rows a line takes, with a blank one.
const lineRows = 6

func (s *settings) drawLine(a area, i int) {
	l := s.lines[i]
	look := s.mark(a, 0, i == s.rows[linesSection].at)
	a.fit(2, 0, 22, look, phone.CleanLine(l.Name, 24))
	word, status := statusWord(l.Status)
	a.fit(26, 0, a.w-27, status, word)
	rows := []hint{{string(l.Kind) + labelled("   ", s.ownName(l)), subtle}, {mediaWords(l.MediaEnd), subtle}, {phone.CleanLine(l.Detail, 160), fair}}
	y := 1
	for _, row := range rows {
		if row.words != "" && y < a.h {
			a.fit(2, y, a.w-4, row.look, row.words)
			y++
		}
	}
	if l.Pickup.Offered > 0 && y < a.h {
		s.drawPickup(a, y, l.Pickup)
	}
}

// drawPickup shows how many of the customers' calls were answered, and what
// comes of too few.
func (s *settings) drawPickup(a area, y int, p phone.Pickup) {
	look := good
	if p.Low {
		look = bad
	}
	x := a.gauge(2, y, 10, look, p.Rate()) + 1
	x = a.put(x, y, look, fmt.Sprintf("%3.0f%%", p.Rate()*100)) + 2
	a.fit(x, y, max(a.w-x-2, 0), subtle, fmt.Sprintf("%d of %d answered this week", p.Answered, p.Offered))
	if p.Low && y+1 < a.h {
		a.fit(2, y+1, a.w-4, bad, "so few that Meta may hide the call button")
	}
}

func (s *settings) drawCalls(a area) {
	for i, row := range callRows {
		look := s.mark(a, 1+i, i == s.rows[callsSection].at)
		a.put(2, 1+i, look, row.label)
		a.fit(28, 1+i, a.w-29, look, row.value(s))
	}
	y := len(callRows) + 2
	if a.h < y+2+len(s.cfg.Replies)+2 {
		return
	}
	a.put(2, y, title, "Declining with a message")
	for i, reply := range s.cfg.Replies {
		a.fit(4, y+1+i, a.w-6, text, fmt.Sprintf("%d  %s", i+1, phone.CleanLine(reply, 120)))
	}
	a.fit(2, a.h-2, a.w-4, subtle, "config.toml has these words and the limits")
}

func (s *settings) drawLook(a area) {
	for i, row := range lookRows {
		look := s.mark(a, 1+i, i == s.rows[lookSection].at)
		mark := "( )"
		if s.look == row.name || s.look == "" && row.name == "auto" {
			mark = "(*)"
		}
		a.put(2, 1+i, look, mark+" "+row.name)
		a.fit(16, 1+i, a.w-17, look, row.words)
	}
	if a.h >= len(lookRows)+4 {
		a.wrap(2, len(lookRows)+2, subtle, "For screen readers and simple terminals: tring --plain")
	}
}

func (s *settings) drawKeys(a area) {
	l := &s.rows[keysSection]
	from, to := l.window(s.count(), a.h-2)
	for i := from; i < to; i++ {
		act := Action(i + 1)
		look := s.mark(a, i-from, i == l.at)
		a.fit(2, i-from, 16, look, actions[act].name)
		a.fit(19, i-from, 18, look, s.keys.all(act))
		a.fit(38, i-from, a.w-39, look, actions[act].help)
	}
	a.fit(2, a.h-1, a.w-4, subtle, "other keys: [keys] in config.toml, by these names")
}
