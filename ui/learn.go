package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// learn takes what commands brought.
func (r *root) learn(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case contactsRead:
		r.known.people = true
		if msg.err != nil {
			r.complain(sentence("Contacts could not be read", msg.err))
		} else {
			r.book = msg.book
		}
	case recentsRead:
		r.known.calls = true
		if msg.err != nil {
			r.complain(sentence("The call log could not be read", msg.err))
		} else {
			r.recents, r.machine, r.missed, r.unheard = msg.entries, msg.machine, msg.missed, msg.unheard
		}
	case devicesRead:
		r.sound = soundState(msg)
		r.gain, r.volume = msg.gain, msg.volume
	case numbersReady:
		r.numbers.ready = true
	case failed:
		r.complain(sentence("Could not "+msg.what, msg.err))
		r.cfg.Log.Warn("the screen could not "+msg.what, "err", maskDigits(msg.err.Error()))
	case told:
		r.tell(msg.text)
	case permissionRead:
		return r.permitted(msg)
	case doubted:
		return r.askDoubt(msg)
	case dialled:
		return r.show(r.pages.talk)
	case notified:
		return r.choose(msg)
	}
	return nil
}

// sentence joins what failed and why into one sentence.
func sentence(what string, err error) string {
	return what + ": " + strings.TrimSuffix(err.Error(), ".") + "."
}
