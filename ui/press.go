package ui

import (
	"slices"
	"strings"
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
	return front.Type(msg)
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

// everywhere are the actions of calls that keys with alt and function keys do
// on every screen, also while typing.
func (r *root) everywhere() []Action {
	var offered []Action
	if len(r.ringing(false))+len(r.ringing(true))+len(r.listening()) > 0 {
		offered = append(offered, Answer, Decline)
	}
	if c, busy := r.focus(); busy {
		offered = append(offered, Mute, EndCall)
		if c.State.Answered() {
			offered = append(offered, Hold, Record)
		}
	}
	return offered
}

// always are the actions of any screen; a dialog leaves only those that do not
// lead away from it.
func (r *root) always() []Action {
	if len(r.dialogs) > 0 {
		return []Action{Help, Redraw, Interrupt, Suspend}
	}
	offered := []Action{Help, Commands, Redraw, Interrupt, Suspend, Quit}
	for _, way := range []struct {
		page  Screen
		leads []Action
	}{{r.pages.settings, []Action{Settings, Devices}}, {r.pages.diagnostics, []Action{Diagnostics}}, {r.pages.log, []Action{ShowLog}}} {
		if r.base != r.pages.linking && r.base != way.page {
			offered = append(offered, way.leads...)
		}
	}
	if r.base != r.pages.linking {
		offered = append(offered, DoNotDisturb)
	}
	if r.busy() && r.base != r.pages.talk {
		offered = append(offered, ShowCall, Mute, EndCall)
	}
	return offered
}

// offer is an action and the key that does it right now.
type offer struct {
	act Action
	key string
}

// offers is everything that a key does now, for footer, help and commands. In
// a text field plain characters are text, so only other keys count.
func (r *root) offers() []offer {
	front := r.front()
	typing := front.Typing()
	var all []offer
	add := func(acts []Action, plainKeys bool) {
		for _, a := range acts {
			key := r.keys.keyFor(a, plainKeys)
			known := slices.ContainsFunc(all, func(o offer) bool { return o.act == a || o.key == key })
			if !known && key != "" {
				all = append(all, offer{a, key})
			}
		}
	}
	add(front.Actions(), !typing)
	add(r.everywhere(), false)
	add(r.always(), !typing)
	return all
}

// offering reports whether a key does an action right now.
func (r *root) offering(a Action) bool {
	return slices.ContainsFunc(r.offers(), func(o offer) bool { return o.act == a })
}

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

// click does what lies under the mouse.
func (r *root) click(m tea.Mouse) tea.Cmd {
	z, ok := r.canvas.zoneAt(m.X, m.Y)
	if !ok || m.Button != tea.MouseLeft {
		return nil
	}
	if slices.Contains(r.front().Actions(), z.does) {
		return r.give(r.front(), z.does, z.row)
	}
	if r.offering(z.does) {
		return r.do(z.does, z.row)
	}
	return nil
}

// wheel moves in lists.
func (r *root) wheel(m tea.Mouse) tea.Cmd {
	a := map[tea.MouseButton]Action{tea.MouseWheelUp: Up, tea.MouseWheelDown: Down}[m.Button]
	if a != noAction && slices.Contains(r.front().Actions(), a) {
		return r.front().Do(a, -1)
	}
	return nil
}

// typeUnder gives a key that the guard swallowed to the text field that it was
// meant for, so that a ringing call does not eat what somebody types.
func (r *root) typeUnder(msg tea.KeyPressMsg) tea.Cmd {
	for i := len(r.dialogs) - 1; i >= 0; i-- {
		if _, rings := r.dialogs[i].(*incoming); !rings {
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
