package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// quit asks first while a call is up.
func (r *root) quit() tea.Cmd {
	c, busy := r.focus()
	if !busy {
		return tea.Quit
	}
	return r.open(newConfirm(r.desk, "Quit tring?", "The call with "+r.who(c.Party)+" ends.", "end the call and quit",
		func() tea.Cmd { return tea.Sequence(r.hangUp(c.ID), tea.Quit) }))
}

// twice is how soon ctrl+c must be pressed again to leave a call.
const twice = 2 * time.Second

func (r *root) interrupt() tea.Cmd {
	c, busy := r.focus()
	if !busy {
		return tea.Quit
	}
	if r.now.Sub(r.warned) < twice {
		return tea.Sequence(r.hangUp(c.ID), tea.Quit)
	}
	r.warned = r.now
	r.tell("Press ctrl+c again to end the call and quit.")
	return nil
}

// suspend goes to the shell, but not during a call: stopping the process stops
// its sound.
func (r *root) suspend() tea.Cmd {
	if len(r.calls) > 0 {
		r.complain("Not during a call: the sound would stop.")
		return nil
	}
	return tea.Suspend
}
