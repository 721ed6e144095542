package ui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
)

// typeUnder gives a key that the guard swallowed to the text field that it was
// meant for, so that a ringing call does not eat what somebody types.
func (r *root) typeUnder(msg tea.KeyPressMsg) tea.Cmd {
	for i := len(r.dialogs) - 1; i >= 0; i-- {
		if !opensItself(r.dialogs[i]) {
			return typeInto(r.dialogs[i], msg)
		}
	}
	return typeInto(r.base, msg)
}

func typeInto(s Screen, msg tea.KeyPressMsg) tea.Cmd {
	if s.Typing() {
		return s.Type(msg)
	}
	return nil
}

// guard keeps keys from a dialog that opened by itself until nobody has typed
// for a while: half a word must not answer a call.
type guard struct {
	on   bool
	last time.Time // of the last key, or when the dialog opened
}

// guardTime is how long the keyboard must have been quiet.
const guardTime = 700 * time.Millisecond

// set starts guarding.
func (g *guard) set(now time.Time) { g.on, g.last = true, now }

// swallows reports whether a key must not reach the dialog. Keys with alt and
// function keys always do: nobody types them by accident.
func (g *guard) swallows(key tea.Key, now time.Time) bool {
	if !g.on || strings.HasPrefix(key.String(), "alt+") || key.Code >= tea.KeyF1 && key.Code <= tea.KeyF12 {
		return false
	}
	if key.Mod&tea.ModCtrl != 0 {
		return false
	}
	if now.Sub(g.last) >= guardTime {
		g.on = false
		return false
	}
	g.last = now
	return true
}

// waiting reports whether keys are still held back.
func (g *guard) waiting(now time.Time) bool { return g.on && now.Sub(g.last) < guardTime }
