package ui

import (
	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// callRows are the switches of calls.
var callRows = []struct {
	label  string
	value  func(*settings) string
	toggle func(*settings) tea.Cmd
}{
	{
		"Do not disturb", func(s *settings) string { return onOff(s.presence == phone.DND) },
		func(s *settings) tea.Cmd { return s.toggleDND() },
	},
	{
		"Push to talk with space", func(s *settings) string { return onOff(s.ptt) + s.pttHint() },
		func(s *settings) tea.Cmd { s.ptt = !s.ptt; return nil },
	},
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// pttHint says whether the terminal can tell when a key is released; it is
// asked when a call is up.
func (s *settings) pttHint() string {
	switch {
	case !s.ptt:
		return ""
	case s.releases:
		return ", this terminal reports key release"
	}
	return ", switches on and off until the terminal reports key release"
}

var lookRows = []struct{ name, words string }{
	{"auto", "what the terminal's background asks for"},
	{"dark", "light text on dark"},
	{"light", "dark text on light"},
	{"mono", "no colours, bold and reverse only"},
}

// chooseLook changes the theme; the root paints with it from the next drawing.
func (s *settings) chooseLook(name string) tea.Cmd {
	s.look = name
	return func() tea.Msg { return lookChosen{} }
}

// lookChosen tells the root to take another palette.
type lookChosen struct{}
