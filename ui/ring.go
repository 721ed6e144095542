package ui

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// keepRinging opens the dialog of a ringing call, closes it when nothing rings
// any more, and does the same with notifications.
func (r *root) keepRinging() tea.Cmd {
	calls := r.ringing(false)
	at := slices.IndexFunc(r.dialogs, func(s Screen) bool { _, rings := s.(*incoming); return rings })
	var cmds []tea.Cmd
	switch {
	case len(calls) > 0 && at < 0:
		r.guard.set(r.now)
		cmds = append(cmds, r.open(newIncoming(r.desk, &r.guard)))
	case len(calls) == 0 && at >= 0:
		r.close(r.dialogs[at])
	}
	return tea.Batch(append(cmds, r.keepNotified(calls))...)
}

// keepNotified raises a notification for every ringing call and takes it back
// when the ringing ends.
func (r *root) keepNotified(calls []phone.Call) tea.Cmd {
	for id, cancel := range r.rings {
		if !slices.ContainsFunc(calls, func(c phone.Call) bool { return c.ID == id }) {
			cancel()
			delete(r.rings, id)
		}
	}
	var cmds []tea.Cmd
	for _, c := range calls {
		if _, known := r.rings[c.ID]; !known {
			cmds = append(cmds, r.notify(c))
		}
	}
	return tea.Batch(cmds...)
}

func (r *root) notify(c phone.Call) tea.Cmd {
	ctx, cancel := context.WithCancel(r.ctx)
	r.rings[c.ID] = cancel
	if r.cfg.Notify == nil || r.presence == phone.DND {
		return nil
	}
	n := Notice{"Call from " + r.who(c.Party), clean(r.number(c.Party)+" "+r.place(c.Party), 80)}
	notifier := r.cfg.Notify
	return func() tea.Msg {
		choice, err := notifier.Ringing(ctx, n)
		if err != nil && ctx.Err() == nil {
			return failed{"raise a notification", err}
		}
		return notified{c.ID, choice}
	}
}

// choose does what a person pressed in a notification.
func (r *root) choose(n notified) tea.Cmd {
	if _, ok := r.call(n.call); !ok {
		return nil
	}
	switch n.choice {
	case ChoseAnswer:
		return r.answer(n.call)
	case ChoseDecline:
		return r.decline(n.call, "")
	}
	return nil
}
