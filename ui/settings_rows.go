package ui

import (
	"context"
	"slices"

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
		"You are", func(s *settings) string { return presenceWords[s.presence] },
		func(s *settings) tea.Cmd { return s.nextPresence() },
	},
	{
		"Push to talk with space", func(s *settings) string { return onOff(s.ptt) + s.pttHint() },
		func(s *settings) tea.Cmd { s.ptt = !s.ptt; return nil },
	},
}

// presences are the states in the order in which they follow each other, and
// presenceWords what they mean. The phone itself says when a call is up.
var (
	presences     = []phone.Presence{phone.Available, phone.BusyNow, phone.Away, phone.DND}
	presenceWords = map[phone.Presence]string{
		phone.Available: "available", phone.BusyNow: "busy; rules may say what then", phone.Away: "away; rules may say what then",
		phone.DND: "not to be disturbed: no sound", phone.OnCall: "in a call",
	}
)

// nextPresence goes to the next state.
func (s *settings) nextPresence() tea.Cmd {
	to := presences[(slices.Index(presences, s.presence)+1)%len(presences)]
	return s.ask("change how you want to be treated", func(ctx context.Context) error { return s.phone.SetPresence(ctx, to) })
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
