package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// happened takes what the phone tells, in order.
func (r *root) happened(events []phone.Event) tea.Cmd {
	var cmds []tea.Cmd
	for _, e := range events {
		cmds = append(cmds, r.event(e))
	}
	cmds = append(cmds, r.keepRinging())
	return tea.Batch(cmds...)
}

// event is one line per kind of event.
func (r *root) event(e phone.Event) tea.Cmd {
	r.again(e)
	switch e.Kind {
	case phone.EventLine:
		return r.lineChanged(e)
	case phone.EventOffer, phone.EventDialled, phone.EventState, phone.EventChanged, phone.EventDigit:
		return r.callChanged(e)
	case phone.EventEnded:
		return tea.Batch(r.callEnded(e), r.readLog())
	case phone.EventMissed:
		return tea.Batch(r.callMissed(e), r.readLog())
	case phone.EventLog:
		return r.readLog()
	case phone.EventText:
		return r.textCame(e)
	case phone.EventPairing:
		return r.pairingStep(e)
	case phone.EventPlayback:
		r.playback(e)
	case phone.EventContacts:
		return r.readContacts()
	case phone.EventPresence:
		r.presence = phone.Presence(e.What)
	case phone.EventDevices:
		return r.readDevices()
	case phone.EventNotice:
		r.noticed(e)
	case phone.EventSnapshot:
		r.synced = true
		return r.settle()
	}
	return nil
}

// noticed shows a sentence of the phone's, and keeps it with the call that is
// up: a device that was lost or replaced belongs to what happened in it.
func (r *root) noticed(e phone.Event) {
	r.tell(e.What)
	if c, ok := r.focus(); ok {
		r.gauges(c.ID).note(e.At, phone.CleanLine(e.What, 200))
	}
}

// again starts afresh when the phone tells the present state once more: we fell
// so far behind that it did not keep what happened meanwhile.
func (r *root) again(e phone.Event) {
	if e.Replayed && r.synced {
		r.synced, r.calls, r.lines = false, nil, nil
	}
}

// settle shows the page that fits what the snapshot told.
func (r *root) settle() tea.Cmd {
	if r.busy() {
		return r.show(r.pages.talk)
	}
	if r.base == r.pages.home || r.base == r.pages.linking {
		return r.goHome()
	}
	return nil
}

func (r *root) lineChanged(e phone.Event) tea.Cmd {
	if e.Info == nil {
		return nil
	}
	at := slices.IndexFunc(r.lines, func(l phone.LineInfo) bool { return l.Name == e.Info.Name })
	if at < 0 {
		r.lines = append(r.lines, *e.Info)
	} else {
		r.lines[at] = *e.Info
	}
	if r.synced && (r.base == r.pages.home || r.base == r.pages.linking) {
		return r.goHome()
	}
	return nil
}

// callChanged keeps the snapshot of a call and what there is to say about the
// change.
func (r *root) callChanged(e phone.Event) tea.Cmd {
	if e.Call == nil {
		return nil
	}
	c := *e.Call
	at := slices.IndexFunc(r.calls, func(old phone.Call) bool { return old.ID == c.ID })
	before := phone.Call{}
	if at >= 0 {
		before = r.calls[at]
		r.calls[at] = c
	} else {
		r.calls = append(r.calls, c)
	}
	r.remember(before, c, e)
	if talks(c) && !talks(before) {
		return r.show(r.pages.talk)
	}
	return nil
}

// talks reports whether a person has the call, as opposed to the machine.
func talks(c phone.Call) bool { return c.State.Answered() && !c.Listening }

// remember notes what changed in the call's list of moments.
func (r *root) remember(before, c phone.Call, e phone.Event) {
	g := r.gauges(c.ID)
	if before.State != c.State || before.ID == "" {
		g.note(e.At, stateWords(c))
	}
	for _, news := range changes(before, c, r.who(c.Party)) {
		g.note(e.At, news)
	}
	if e.Kind == phone.EventDigit {
		g.note(e.At, "they pressed "+e.What)
	}
	if c.PeerMuted && !before.PeerMuted {
		g.muted = e.At
	}
	if c.OnRecord && !before.OnRecord {
		g.rec = e.At
	}
}

// callEnded takes a call off the desk; its page keeps the last one to sum up.
func (r *root) callEnded(e phone.Event) tea.Cmd {
	if e.Call == nil {
		return nil
	}
	c := *e.Call
	r.calls = slices.DeleteFunc(r.calls, func(old phone.Call) bool { return old.ID == c.ID })
	if e.Replayed {
		return nil
	}
	r.last = c
	r.gauges(c.ID).note(e.At, "ended")
	if r.base != r.pages.talk {
		r.tell(r.endSentence(c))
	}
	r.forgetGauges()
	return r.notifyMissed(c)
}

// pastCall marks a missed call that another device of ours told of: no news.
const pastCall = "history"

// callMissed tells of a call that never rang here.
func (r *root) callMissed(e phone.Event) tea.Cmd {
	if e.Call == nil || e.Replayed || e.What == pastCall {
		return nil
	}
	return r.notifyMissed(*e.Call)
}

// forgetGauges keeps the measurements of living calls and of the last one.
func (r *root) forgetGauges() {
	for id := range r.meters {
		if _, lives := r.call(id); !lives && id != r.last.ID {
			delete(r.meters, id)
		}
	}
}

func (r *root) textCame(e phone.Event) tea.Cmd {
	if e.Text == nil || e.Text.Sent || e.Replayed {
		return nil
	}
	r.tell(r.who(e.Text.Party) + ": " + phone.CleanLine(e.Text.Body, 160))
	return nil
}

func (r *root) pairingStep(e phone.Event) tea.Cmd {
	if e.Pairing == nil {
		return nil
	}
	r.pairing[e.Line] = *e.Pairing
	if e.Pairing.Kind == phone.PairingDone {
		delete(r.pairing, e.Line)
		r.tell("Linked. " + r.line(e.Line).Own.Number)
		return r.goHome()
	}
	return r.hear(*e.Pairing)
}
