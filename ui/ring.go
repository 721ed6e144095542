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
		r.guard.on = false
		r.close(r.dialogs[at])
	}
	return tea.Batch(append(cmds, r.keepNotified(calls))...)
}

// keepNotified raises a notification for every ringing call and takes it back
// when the ringing ends.
func (r *root) keepNotified(calls []phone.Call) tea.Cmd {
	var cmds []tea.Cmd
	for id, cancel := range r.rings {
		if !slices.ContainsFunc(calls, func(c phone.Call) bool { return c.ID == id }) {
			cancel()
			delete(r.rings, id)
			cmds = append(cmds, raw(r.alert.withdraw(id)))
		}
	}
	for _, c := range calls {
		if _, known := r.rings[c.ID]; !known {
			cmds = append(cmds, r.notify(c))
		}
	}
	return tea.Batch(cmds...)
}

// notify tells of a ringing call outside of the window: through the desktop if
// it has a service for that, else through the terminal.
func (r *root) notify(c phone.Call) tea.Cmd {
	ctx, cancel := context.WithCancel(r.ctx)
	r.rings[c.ID] = cancel
	if r.presence == phone.DND {
		return nil
	}
	n := Notice{"Call from " + r.who(c.Party), phone.CleanLine(r.numberIfNamed(c.Party)+" "+r.place(c.Party), 80)}
	if r.cfg.Notify == nil {
		return raw(r.alert.raise(c.ID, n))
	}
	notifier, fallback := r.cfg.Notify, r.alert.raise(c.ID, n)
	return func() tea.Msg {
		choice, err := notifier.Ringing(ctx, n)
		if err != nil && ctx.Err() == nil {
			return tea.RawMsg{Msg: fallback}
		}
		return notified{c.ID, choice}
	}
}

// notifyMissed tells of a missed call when somebody looks elsewhere.
func (r *root) notifyMissed(c phone.Call) tea.Cmd {
	if c.Outcome != phone.OutcomeMissed || r.focused || r.presence == phone.DND {
		return nil
	}
	n := Notice{"Missed call from " + r.who(c.Party), r.now.Format("15:04")}
	if r.cfg.Notify == nil {
		return raw(r.alert.raise(c.ID, n))
	}
	notifier, ctx, fallback := r.cfg.Notify, r.ctx, r.alert.raise(c.ID, n)
	return func() tea.Msg {
		if err := notifier.Show(ctx, n); err != nil && ctx.Err() == nil {
			return tea.RawMsg{Msg: fallback}
		}
		return nil
	}
}

// raw writes a sequence to the terminal; nothing for an empty one.
func raw(sequence string) tea.Cmd {
	if sequence == "" {
		return nil
	}
	return tea.Raw(sequence)
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
