package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// The borders between the ways of drawing, in cells.
const (
	tinyW, tinyH   = 40, 10  // below: one line
	stripW, stripH = 60, 16  // below: a strip
	fullW, fullH   = 80, 24  // below: one pane, short footer
	wideW, wideH   = 120, 36 // from here: several panes
)

// View draws the screen in front; only the root makes a tea.View.
func (r *root) View() tea.View {
	r.draw()
	v := tea.NewView(r.canvas.render(r.theme))
	v.AltScreen = true
	v.ReportFocus = true
	if r.cfg.Mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	if r.cfg.Title {
		v.WindowTitle = r.title()
	}
	v.ProgressBar = r.progress()
	if r.ptt && r.busy() {
		v.KeyboardEnhancements = tea.KeyboardEnhancements{ReportEventTypes: true, ReportAllKeysAsEscapeCodes: true, ReportAssociatedText: true}
	}
	if r.theme.foreign(r.dark) {
		v.BackgroundColor, v.ForegroundColor = r.theme.back, r.theme.fore
	}
	if r.canvas.cursorOn {
		v.Cursor = tea.NewCursor(r.canvas.cursorX, r.canvas.cursorY)
		v.Cursor.Shape = tea.CursorBar
	}
	return v
}

// draw fills the canvas.
func (r *root) draw() {
	r.canvas.reset(max(r.w, 0), max(r.h, 0))
	all := r.canvas.all()
	switch {
	case r.w < 1 || r.h < 1:
	case r.w < tinyW || r.h < tinyH:
		r.oneLine(all)
	case r.w < stripW || r.h < stripH:
		r.drawStrip(all)
	default:
		r.drawPage(all)
	}
}

// drawPage draws header, banner, body, dialogs and footer.
func (r *root) drawPage(all area) {
	head, rest := all.top(1)
	r.header(head)
	body, foot := rest.bottom(1)
	body = r.banner(body)
	r.base.Draw(body)
	for i, dialog := range r.dialogs {
		if i == 0 {
			body.tint(faded)
			r.canvas.zones, r.canvas.cursorOn = nil, false
		}
		dialog.Draw(body)
	}
	r.footer(foot)
	r.drawNotice(body)
}

// title is the terminal's title: what matters from another window.
func (r *root) title() string {
	if calls := r.ringing(false); len(calls) > 0 {
		return "ringing: " + r.who(calls[0].Party)
	}
	if calls := r.decidable(); len(calls) > 0 {
		return "waiting: " + r.who(calls[0].Party)
	}
	if c, ok := r.focus(); ok {
		if c.State.Answered() {
			return fmt.Sprintf("%s %d min", r.who(c.Party), int(r.callTime(c).Minutes()))
		}
		return stateWords(c) + ": " + r.who(c.Party)
	}
	if r.missed > 0 {
		return fmt.Sprintf("(%d) tring", r.missed)
	}
	return "tring"
}

// progress is the terminal's progress bar: busy while something is under way.
func (r *root) progress() *tea.ProgressBar {
	if c, ok := r.focus(); ok && !c.State.Answered() {
		return tea.NewProgressBar(tea.ProgressBarIndeterminate, 0)
	}
	for _, step := range r.pairing {
		if step.Kind == phone.PairingWait {
			return tea.NewProgressBar(tea.ProgressBarIndeterminate, 0)
		}
	}
	return nil
}
