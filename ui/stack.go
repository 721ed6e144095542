package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

// open puts a dialog in front.
func (d *desk) open(s Screen) tea.Cmd {
	d.dialogs = append(d.dialogs, s)
	return s.Enter()
}

// close takes a dialog away, wherever it lies.
func (d *desk) close(s Screen) {
	d.dialogs = slices.DeleteFunc(d.dialogs, func(other Screen) bool { return other == s })
}

// show makes a screen the page and takes dialogs away that a person opened;
// one that rings stays.
func (d *desk) show(s Screen) tea.Cmd {
	d.dialogs = slices.DeleteFunc(d.dialogs, func(other Screen) bool { return !opensItself(other) })
	if d.base == s {
		return nil
	}
	d.base = s
	return s.Enter()
}

// goHome shows the page that fits: linking until a line is linked.
func (d *desk) goHome() tea.Cmd {
	if d.synced && len(d.lines) > 0 && !d.usable() {
		return d.show(d.pages.linking)
	}
	return d.show(d.pages.home)
}

// front is the screen that keys go to.
func (d *desk) front() Screen {
	if n := len(d.dialogs); n > 0 {
		return d.dialogs[n-1]
	}
	return d.base
}
