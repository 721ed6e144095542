package ui

import "slices"

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
	offered := []Action{Help, Commands, Redraw, Interrupt, Suspend}
	if r.playing != nil {
		offered = append(offered, PlayRecording)
	}
	for _, way := range []struct {
		leads Action
		page  Screen
	}{{ShowLog, r.pages.log}, {Settings, r.pages.settings}, {Quit, nil}, {Devices, r.pages.settings}, {Diagnostics, r.pages.diagnostics}, {DoNotDisturb, nil}} {
		if way.leads == Quit || r.base != r.pages.linking && r.base != way.page {
			offered = append(offered, way.leads)
		}
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
