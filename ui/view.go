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

// header says whose phone this is and what goes on.
func (r *root) header(a area) {
	if c, ok := r.focus(); ok {
		r.callHeader(a, c)
		return
	}
	a.fill(bar)
	x := a.put(1, 0, barBrand, "tring")
	if r.base != r.pages.home && r.base.Name() != "" {
		x = a.put(x+2, 0, bar, r.base.Name())
	}
	x = r.lineHeader(a, x+2)
	end := a.right(0, bar, r.now.Format(r.clockFormat()+" "))
	if r.presence == phone.DND {
		end -= 5
		a.put(end, 0, barWarn, "DND")
	}
	if r.missed > 0 && end-x > 12 {
		missed := fmt.Sprintf("%d missed", r.missed)
		a.put(end-len(missed)-2, 0, barAlert, missed)
	}
}

func (r *root) clockFormat() string {
	if r.w >= wideW {
		return "Mon 2 Jan 15:04"
	}
	return "15:04"
}

// lineHeader names the lines and how they are.
func (r *root) lineHeader(a area, x int) int {
	if r.cfg.Demo {
		x = a.put(x, 0, barWarn, "demo") + 2
	}
	for i, l := range r.lines {
		if i > 0 && a.w < wideW || x > a.w-30 {
			break
		}
		word, _ := statusWord(l.Status)
		mark, look := "●", barOK
		if l.Status != phone.LineReady {
			mark, look = "○", barWarn
		}
		x = a.put(x, 0, look, mark+" "+word) + 2
		x = a.fit(x, 0, min(cells(r.ownName(l)), max(a.w-x-24, 0)), bar, r.ownName(l)) + 2
	}
	return x
}

// ownName is our own name and number on a line.
func (d *desk) ownName(l phone.LineInfo) string {
	name := phone.CleanLine(l.Own.PushName, 20)
	if l.Own.Number != "" {
		name += "  " + d.number(l.Own)
	}
	if l.Status == phone.LineUnlinked {
		return l.Name
	}
	return name
}

// callHeader is the header while a call is up, whichever page is shown.
func (r *root) callHeader(a area, c phone.Call) {
	look := barGood
	if c.Reconnecting || c.Muted || c.Held {
		look = barMuted
	}
	a.fill(look)
	x := a.put(1, 0, look, "tring")
	x = a.put(x+2, 0, look, callWord(c))
	end := a.right(0, look, timer(r.callTime(c))+" ")
	if c.OnRecord {
		end -= 12
		a.put(end, 0, barBad, " REC "+timer(r.now.Sub(r.gauges(c.ID).rec))+" ")
	}
	if c.Muted {
		end -= 8
		a.put(end, 0, barBad, " MUTED ")
	}
	a.fit(x+3, 0, max(end-x-4, 0), look, r.who(c.Party)+"  "+r.numberIfNamed(c.Party))
}

// footer shows the keys that do something now, as many as fit.
func (r *root) footer(a area) {
	x, end := 1, a.w
	if r.offering(Help) {
		key := r.keys.keyFor(Help, !r.front().Typing())
		end = a.w - cells(key) - 6
		a.put(end, 0, brand, key)
		a.put(end+cells(key)+1, 0, subtle, "help")
	}
	for _, o := range r.offers() {
		if quiet(o.act) {
			continue
		}
		word := r.word(o.act)
		width := cells(o.key) + 1 + cells(word)
		if x+width > end-2 {
			break
		}
		a.press(x, 0, width, o.act, -1)
		x = a.put(x, 0, brand, o.key) + 1
		x = a.put(x, 0, subtle, word) + 2
	}
}

// quiet are actions that everybody finds without being told.
func quiet(a Action) bool {
	switch a {
	case Up, Down, PageUp, PageDown, Top, Bottom, Help, Commands, Interrupt, Suspend, Redraw, Previous, Less, More:
		return true
	}
	return false
}

// word is an action's footer word, which may depend on what it would do now.
func (r *root) word(a Action) string {
	c, ok := r.focus()
	switch {
	case a == Mute && ok && c.Muted:
		return "unmute"
	case a == Hold && ok && c.Held:
		return "resume"
	case a == Record && ok && c.OnRecord:
		return "stop rec"
	}
	return actions[a].short
}

// drawNotice shows the notice on the last row of the body.
func (r *root) drawNotice(a area) {
	if r.notice.text == "" || a.h < 1 {
		return
	}
	_, row := a.bottom(1)
	row.fill(bar)
	row.fit(1, 0, row.w-2, r.notice.role, r.notice.text)
}

// title is the terminal's title: what matters from another window.
func (r *root) title() string {
	if calls := r.ringing(false); len(calls) > 0 {
		return "ringing: " + r.who(calls[0].Party)
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
