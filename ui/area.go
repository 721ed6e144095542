package ui

import (
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// area is a rectangle of a canvas. Drawing outside of it is cut, so a screen
// cannot break its neighbour whatever a name contains.
type area struct {
	c          *canvas
	x, y, w, h int
}

// at is the part of a that starts at x, y and is w by h, cut to a.
func (a area) at(x, y, w, h int) area {
	x, y = max(x, 0), max(y, 0)
	return area{a.c, a.x + x, a.y + y, max(min(w, a.w-x), 0), max(min(h, a.h-y), 0)}
}

// inset leaves dx cells free at both sides and dy rows at top and bottom.
func (a area) inset(dx, dy int) area { return a.at(dx, dy, a.w-2*dx, a.h-2*dy) }

// top splits off the first n rows.
func (a area) top(n int) (head, rest area) {
	n = min(n, a.h)
	return a.at(0, 0, a.w, n), a.at(0, n, a.w, a.h-n)
}

// bottom splits off the last n rows.
func (a area) bottom(n int) (rest, foot area) {
	foot, rest = a.at(0, max(a.h-n, 0), a.w, n), a.at(0, 0, a.w, a.h-n)
	return rest, foot
}

// left splits off the first n columns.
func (a area) left(n int) (head, rest area) {
	n = min(n, a.w)
	return a.at(0, 0, n, a.h), a.at(n, 0, a.w-n, a.h)
}

// middle is the w by h area in the centre of a.
func (a area) middle(w, h int) area {
	w, h = min(w, a.w), min(h, a.h)
	return a.at((a.w-w)/2, (a.h-h)/2, w, h)
}

// put writes s from x, y and returns the column after it. Text from outside
// may be given: what would move the cursor or hide is not drawn.
func (a area) put(x, y int, r role, s string) int {
	if y < 0 || y >= a.h {
		a.lose(s)
		return x
	}
	for len(s) > 0 {
		cluster, width, n := nextCluster(s)
		if width > 0 && x+width > a.w {
			a.lose(s)
			return a.w
		}
		s = s[n:]
		if width == 0 {
			continue
		}
		if x >= 0 {
			a.c.set(a.x+x, a.y+y, width, a.glyph(cluster), r)
		}
		x += width
	}
	return x
}

// lose tells of words that have no room. Blanks, lines and bars may be cut.
func (a area) lose(words string) {
	if a.c.lost == nil {
		return
	}
	words = strings.TrimFunc(words, func(r rune) bool { return unicode.IsSpace(r) || chrome(string(r)) })
	if words != "" {
		a.c.lost(words)
	}
}

// fit writes s within width cells, with an ellipsis when it is cut, and
// returns the column after those cells.
func (a area) fit(x, y, width int, r role, s string) int {
	a.put(x, y, r, cut(s, width, a.c.ascii))
	return x + width
}

// right writes s so that it ends at the right edge, and returns its column.
func (a area) right(y int, r role, s string) int {
	x := max(a.w-cells(s), 0)
	a.put(x, y, r, s)
	return x
}

// centre writes s in the middle of a row.
func (a area) centre(y int, r role, s string) { a.put(max((a.w-cells(s))/2, 0), y, r, s) }

// fill paints the area with blanks of a role.
func (a area) fill(r role) {
	for y := range a.h {
		for x := range a.w {
			a.c.set(a.x+x, a.y+y, 1, " ", r)
		}
	}
}

// tint gives everything drawn in the area a role.
func (a area) tint(r role) {
	for y := range a.h {
		row := a.c.cells[(a.y+y)*a.c.w+a.x:][:a.w]
		for i := range row {
			row[i].role = r
		}
	}
}

// badge writes a word that must be seen, on a ground of its own; nothing for
// an empty one. It returns the column after it.
func (a area) badge(x, y int, r role, word string) int {
	if word == "" {
		return x
	}
	ground, ok := map[role]role{good: barGood, fair: barMuted, bad: barBad}[r]
	if !ok {
		ground = bar
	}
	return a.put(x, y, ground, " "+word+" ")
}

// repeat writes one character n times.
func (a area) repeat(x, y, n int, r role, glyph string) int {
	for range max(min(n, a.w-x), 0) {
		x = a.put(x, y, r, glyph)
	}
	return x
}

// frame draws a border with a title and returns the area inside it.
func (a area) frame(title string, line, head role) area {
	if a.w < 2 || a.h < 2 {
		return a
	}
	a.fill(text)
	right, bottom := a.w-1, a.h-1
	a.repeat(1, 0, a.w-2, line, "─")
	a.repeat(1, bottom, a.w-2, line, "─")
	for y := 1; y < bottom; y++ {
		a.put(0, y, line, "│")
		a.put(right, y, line, "│")
	}
	a.put(0, 0, line, "╭")
	a.put(right, 0, line, "╮")
	a.put(0, bottom, line, "╰")
	a.put(right, bottom, line, "╯")
	if title != "" {
		a.put(2, 0, head, cut(" "+title+" ", a.w-4, a.c.ascii))
	}
	return a.inset(1, 1)
}

// rule draws a thin line over the whole width.
func (a area) rule(y int, r role) { a.repeat(0, y, a.w, r, "─") }

// press makes w cells at x, y do an action when the mouse presses them.
func (a area) press(x, y, w int, does Action, row int) {
	if y >= 0 && y < a.h {
		a.c.zones = append(a.c.zones, zone{a.x + x, a.y + y, min(w, a.w-x), 1, does, row})
	}
}

// wrap writes s over as many rows as it needs and returns the row after it. What
// the area has no rows for ends in an ellipsis.
func (a area) wrap(x, y int, r role, s string) int {
	lines := wrapped(s, a.w-x-1)
	for i, line := range lines {
		if y == a.h-1 && i < len(lines)-1 {
			a.fit(x, y, a.w-x-1, r, strings.Join(lines[i:], " "))
			return y + 1
		}
		a.put(x, y, r, line)
		y++
	}
	return y
}

// wrapped are the rows of s, of so many cells at most.
func wrapped(s string, width int) []string {
	return strings.Split(ansi.Wordwrap(s, max(width, 1), ""), "\n")
}

// glyph is the cluster as this terminal can show it.
func (a area) glyph(cluster string) string {
	if !a.c.ascii || len(cluster) == 1 {
		return cluster
	}
	if plain, ok := asciiGlyphs[cluster]; ok {
		return plain
	}
	if chrome(cluster) {
		return "#"
	}
	return cluster
}

// cursor shows the terminal's cursor at x, y.
func (a area) cursor(x, y int) {
	if x >= 0 && y >= 0 && x <= a.w && y < a.h {
		a.c.cursorX, a.c.cursorY, a.c.cursorOn = min(a.x+x, a.c.w-1), a.y+y, true
	}
}
