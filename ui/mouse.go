package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"
)

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
