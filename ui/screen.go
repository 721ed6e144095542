package ui

import tea "charm.land/bubbletea/v2"

// Screen is one page of the terminal, or a dialog that lies on one. The root
// decides which is in front, gives it actions and keys, and draws the header
// and the footer around it.
type Screen interface {
	// Name stands in the header and heads the help.
	Name() string
	// Enter is called when the screen comes to the front.
	Enter() tea.Cmd
	// Actions are what can be done now, the most important first. What is not
	// among them is neither shown nor done.
	Actions() []Action
	// Do does one of Actions. row is the row that the mouse pressed, else -1.
	Do(a Action, row int) tea.Cmd
	// Typing reports whether a text field has the keys: plain characters are
	// text then, never actions.
	Typing() bool
	// Type takes a key or a paste that is no action.
	Type(msg tea.Msg) tea.Cmd
	// Hear takes every message that is not a key, whether in front or not.
	Hear(msg tea.Msg) tea.Cmd
	// Draw draws the screen; it changes nothing.
	Draw(a area)
}

// plainScreen is a Screen that needs nothing; screens embed it and add what
// they have.
type plainScreen struct{}

func (plainScreen) Enter() tea.Cmd         { return nil }
func (plainScreen) Actions() []Action      { return nil }
func (plainScreen) Do(Action, int) tea.Cmd { return nil }
func (plainScreen) Typing() bool           { return false }
func (plainScreen) Type(tea.Msg) tea.Cmd   { return nil }
func (plainScreen) Hear(tea.Msg) tea.Cmd   { return nil }
