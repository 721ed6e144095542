package ui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"
)

// press turns a key into an action of the screen in front, or gives it to the
// text that is being typed.
func (r *root) press(msg tea.KeyPressMsg) tea.Cmd {
	key := msg.Key()
	if r.guard.swallows(key, r.now) {
		return r.typeUnder(msg)
	}
	front := r.front()
	if front.Typing() && isText(key) {
		return front.Type(msg)
	}
	if a := r.keys.find(key, front.Actions()); a != noAction {
		return r.give(front, a, -1)
	}
	if a := r.keys.find(key, r.everywhere()); a != noAction && !isText(key) {
		return r.do(a, -1)
	}
	if a := r.keys.find(key, r.always()); a != noAction {
		return r.do(a, -1)
	}
	return r.typed(msg)
}

// typed gives text to the screen in front. Where no text is expected, what can
// only be a number begins a call.
func (r *root) typed(msg tea.Msg) tea.Cmd {
	front := r.front()
	if front.Typing() || front == r.pages.linking || len(r.dialogs) > 0 || r.busy() || !dials(msg) {
		return front.Type(msg)
	}
	return tea.Batch(r.show(r.pages.home), r.pages.home.Type(msg))
}

// isText reports whether a key could be meant as text.
func isText(key tea.Key) bool { return key.Text != "" && key.Mod&(tea.ModAlt|tea.ModCtrl) == 0 }

// give lets a screen do an action, unless it was pressed by accident.
func (r *root) give(s Screen, a Action, row int) tea.Cmd {
	if a == EndCall && r.now.Sub(r.answered) < doublePress {
		return nil
	}
	return s.Do(a, row)
}

// doublePress is how long after answering the call cannot be ended: a second
// press of the same finger must not hang up.
const doublePress = 800 * time.Millisecond

// do does an action that belongs to no screen.
func (r *root) do(a Action, row int) tea.Cmd {
	switch a {
	case Help:
		return r.open(newHelp(r))
	case Commands:
		return r.open(newCommands(r))
	case Redraw:
		return tea.ClearScreen
	case Quit:
		return r.quit()
	case Interrupt:
		return r.interrupt()
	case Suspend:
		return r.suspend()
	case ShowCall:
		return r.show(r.pages.talk)
	case Settings:
		return r.show(r.pages.settings)
	case Devices:
		return r.show(r.pages.settings.at(soundSection))
	case Diagnostics:
		return r.show(r.pages.diagnostics)
	case ShowLog:
		return r.show(r.pages.log)
	case DoNotDisturb:
		return r.toggleDND()
	case PlayRecording:
		return r.stopPlaying()
	}
	return r.doCall(a)
}

// doCall does an action of a call from wherever the person is.
func (r *root) doCall(a Action) tea.Cmd {
	if a == Answer || a == Decline {
		return r.doRinging(a)
	}
	c, ok := r.focus()
	if !ok {
		return nil
	}
	switch a {
	case Mute:
		return r.mute(c.ID, !c.Muted)
	case Hold:
		return r.hold(c)
	case EndCall:
		if r.now.Sub(r.answered) < doublePress {
			return nil
		}
		return r.hangUp(c.ID)
	case Record:
		return r.record(c)
	}
	return nil
}

func (r *root) doRinging(a Action) tea.Cmd {
	calls := slices.Concat(r.ringing(false), r.ringing(true), r.listening())
	if len(calls) == 0 {
		return nil
	}
	switch {
	case a == Answer && r.busy():
		return r.endAnswer(calls[0].ID)
	case a == Answer:
		return r.answer(calls[0].ID)
	}
	return r.decline(calls[0].ID, "")
}

// release ends push-to-talk.
func (r *root) release(msg tea.KeyReleaseMsg) tea.Cmd {
	if !r.talking || !slices.Contains(r.keys[Talk], msg.Key().String()) {
		return nil
	}
	r.talking = false
	if c, ok := r.focus(); ok {
		return r.mute(c.ID, true)
	}
	return nil
}
