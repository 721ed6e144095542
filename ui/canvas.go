package ui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// cell is one place on the screen: a grapheme cluster and its role. The right
// half of a wide cluster is a cell with an empty text.
type cell struct {
	text string
	role role
}

// canvas is the whole screen as cells. Screens draw on areas of it; later
// drawing covers earlier, which is all that dialogs need.
type canvas struct {
	w, h  int
	cells []cell
	zones []zone
	ascii bool // no character above U+007E leaves for the chrome

	lost func(words string) // told of words that were cut off for want of room; for tests

	cursorX, cursorY int
	cursorOn         bool // a text field shows the terminal's cursor

	out strings.Builder
}

// zone is a part of the screen that the mouse can press.
type zone struct {
	x, y, w, h int
	does       Action
	row        int // which row of a list, for actions on one
}

// reset makes the canvas an empty one of w by h cells.
func (c *canvas) reset(w, h int) {
	if n := w * h; cap(c.cells) < n {
		c.cells = make([]cell, n)
	} else {
		c.cells = c.cells[:n]
	}
	c.w, c.h, c.zones, c.cursorOn = w, h, c.zones[:0], false
	for i := range c.cells {
		c.cells[i] = cell{" ", text}
	}
}

// all is the area of the whole canvas.
func (c *canvas) all() area { return area{c, 0, 0, c.w, c.h} }

// set writes one cluster of the given width; the caller has checked bounds.
func (c *canvas) set(x, y, width int, cluster string, r role) {
	row := c.cells[y*c.w : (y+1)*c.w]
	c.unpair(row, x)
	if width == 2 {
		c.unpair(row, x+1)
		row[x+1] = cell{"", r}
	}
	row[x] = cell{cluster, r}
}

// unpair keeps rows well formed when half of a wide cluster is overwritten.
func (c *canvas) unpair(row []cell, x int) {
	if row[x].text == "" && x > 0 {
		row[x-1].text = " "
	}
	if x+1 < len(row) && row[x+1].text == "" {
		row[x+1].text = " "
	}
}

// zoneAt is the topmost zone under the mouse.
func (c *canvas) zoneAt(x, y int) (zone, bool) {
	for i := len(c.zones) - 1; i >= 0; i-- {
		if z := c.zones[i]; x >= z.x && x < z.x+z.w && y >= z.y && y < z.y+z.h {
			return z, true
		}
	}
	return zone{}, false
}

// render is the canvas as styled text, one line per row.
func (c *canvas) render(t *theme) string {
	c.out.Reset()
	c.out.Grow(len(c.cells) + len(c.cells)/2)
	for y := range c.h {
		if y > 0 {
			c.out.WriteByte('\n')
		}
		c.renderRow(c.cells[y*c.w:(y+1)*c.w], t)
	}
	return c.out.String()
}

// renderRow writes runs of equal roles, so that a row costs as many escape
// sequences as it has changes of role.
func (c *canvas) renderRow(row []cell, t *theme) {
	for i := 0; i < len(row); {
		r := row[i].role
		c.out.WriteString(t.on[r])
		for ; i < len(row) && row[i].role == r; i++ {
			c.out.WriteString(row[i].text)
		}
		if t.on[r] != "" {
			c.out.WriteString(ansi.ResetStyle)
		}
	}
}
