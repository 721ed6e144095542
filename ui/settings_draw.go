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
	for i, l := range s.lines {
		y := 1 + i*4
		look := s.mark(a, y, i == s.rows[linesSection].at)
		a.fit(2, y, 24, look, phone.CleanLine(l.Name, 24))
		word, status := statusWord(l.Status)
		a.put(28, y, status, word)
		a.fit(2, y+1, a.w-4, subtle, string(l.Kind)+"   "+s.ownName(l))
		if l.Detail != "" {
			a.fit(2, y+2, a.w-4, subtle, phone.CleanLine(l.Detail, 160))
		}
	}
	x := a.put(2, a.h-2, brand, s.keys.key(LinkLine)) + 1
	x = a.put(x, a.h-2, subtle, "link") + 3
	x = a.put(x, a.h-2, brand, s.keys.key(UnlinkLine)) + 1
	a.put(x, a.h-2, subtle, "unlink")
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
	a.fit(2, a.h-1, a.w-4, subtle, "other keys: the [keys] table in config.toml, by these names")
}
