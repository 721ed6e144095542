package ui

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// keepRinging opens the dialogs of calls that want a person, closes them when
// none does any more, and does the same with notifications.
func (r *root) keepRinging() tea.Cmd {
	rings, waits := r.ringing(false), r.decidable()
	return tea.Batch(
		r.keepDialog(len(waits) > 0, func(s Screen) bool { _, is := s.(*screened); return is }, func() Screen { return &screened{desk: r.desk} }),
		r.keepDialog(len(rings) > 0, func(s Screen) bool { _, is := s.(*incoming); return is }, func() Screen { return newIncoming(r.desk, &r.guard) }),
		r.keepNotified(slices.Concat(rings, waits)),
	)
}

// keepDialog has a dialog that opens by itself lie in front, or not.
func (r *root) keepDialog(wanted bool, is func(Screen) bool, make func() Screen) tea.Cmd {
	at := slices.IndexFunc(r.dialogs, is)
	switch {
	case wanted && at < 0:
		r.guard.set(r.now)
		return tea.Batch(r.leaveSummary(), r.open(make()))
	case !wanted && at >= 0:
		r.close(r.dialogs[at])
		r.guard.on = slices.ContainsFunc(r.dialogs, opensItself) && r.guard.on
	}
	return nil
}

// leaveSummary leaves the summary of a call that is over: a new call makes it old.
func (r *root) leaveSummary() tea.Cmd {
	if r.base != r.pages.talk || r.busy() || len(r.dialogs) > 0 {
		return nil
	}
	return r.goHome()
}

// opensItself reports whether a dialog is one that a call opens.
func opensItself(s Screen) bool {
	switch s.(type) {
	case *incoming, *screened:
		return true
	}
	return false
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
	if r.presence == phone.DND && !c.Loud {
		return nil
	}
	n := r.ringNotice(c)
	if r.cfg.Notify == nil {
		return raw(r.alert.raise(c.ID, n))
	}
	notifier, fallback := r.cfg.Notify, r.alert.raise(c.ID, n)
	return tea.Batch(r.chime(c), func() tea.Msg {
		choice, err := notifier.Ringing(ctx, n)
		if err != nil && ctx.Err() == nil {
			return tea.RawMsg{Msg: fallback}
		}
		return notified{c.ID, choice}
	})
}

// chime rings the terminal's bell once for a call that the phone does not ring
// for: the machine has taken it, and now a person must decide.
func (r *root) chime(c phone.Call) tea.Cmd {
	if !c.Listening || r.alert == alertOff {
		return nil
	}
	return raw("\a")
}

// ringNotice is what a notification says of a call. Only a call that a rule
// wants to be noticed is urgent: desktops let such ones through where they hold
// others back.
func (r *root) ringNotice(c phone.Call) Notice {
	n := Notice{Title: "Call from " + r.who(c.Party), Body: phone.CleanLine(r.numberIfNamed(c.Party)+" "+r.place(c.Party), 80), Urgent: c.Loud}
	if c.Listening {
		n.Title = r.who(c.Party) + " waits: take the call?"
	}
	if c.LineKind == phone.BusinessLine {
		n.Body += phone.CleanLine(" to "+c.Line, 40)
	}
	return n
}

// notifyMissed tells of a missed call when somebody looks elsewhere.
func (r *root) notifyMissed(c phone.Call) tea.Cmd {
	if c.Outcome != phone.OutcomeMissed || r.focused || r.presence == phone.DND {
		return nil
	}
	n := Notice{Title: "Missed call from " + r.who(c.Party), Body: r.now.Format("15:04")}
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
