package ui

import (
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
)

// field is a line of text being typed. Editing is the text input's; drawing is
// ours, with the terminal's own cursor, so that nothing blinks by redrawing.
type field struct {
	input textinput.Model
	hint  string
}

// newField makes an empty field that takes at most limit characters.
func newField(hint string, limit int) field {
	in := textinput.New()
	in.CharLimit = limit
	in.SetVirtualCursor(false)
	in.Focus()
	return field{in, hint}
}

func (f *field) value() string { return f.input.Value() }

func (f *field) set(s string) {
	f.input.SetValue(s)
	f.input.CursorEnd()
}

// update takes a key or a paste and reports whether the text changed.
func (f *field) update(msg tea.Msg) (changed bool) {
	before := f.input.Value()
	f.input, _ = f.input.Update(msg)
	return f.input.Value() != before
}

// draw shows the end of the text that has the cursor within width cells and
// puts the terminal's cursor there.
func (f *field) draw(a area, x, y, width int) {
	value := []rune(f.value())
	if len(value) == 0 {
		a.put(x, y, subtle, cut(f.hint, width, a.c.ascii))
	}
	before, after := string(value[:f.input.Position()]), string(value[f.input.Position():])
	for cells(before) > width-1 {
		_, _, n := nextCluster(before)
		before = before[n:]
	}
	end := a.put(x, y, strong, before)
	a.fit(end, y, x+width-end, strong, after)
	a.cursor(end, y)
}
