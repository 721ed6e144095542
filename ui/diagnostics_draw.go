package ui

import (
	"fmt"
	"strings"

	"tring/phone"
)

// Draw fills columns from the top; in a call a box with the history of its
// quality takes the bottom of a wide screen.
func (g *diagnostics) Draw(a area) {
	if c, ok := g.focus(); ok && a.w >= wideW && a.h >= 30 {
		var histories area
		a, histories = a.bottom(9)
		g.drawHistories(histories.frame("quality, last 2 minutes", line, title), c)
	}
	boxes := boxesOf(g.sections(), a)
	g.total = boxes[len(boxes)-1].page + 1
	page := min(g.page, g.total-1)
	for _, b := range boxes {
		if b.page == page {
			drawBox(a.at(b.x, b.y, b.w, len(b.lines)+2).frame(b.title, line, title), b.lines)
		}
	}
	if g.total > 1 {
		words := fmt.Sprintf(" page %d of %d, %s turns ", page+1, g.total, g.keys.key(PageDown))
		a.put(max(a.w-cells(words)-2, 0), 0, brand, words)
	}
}

func drawBox(a area, lines []ReportLine) {
	for i, l := range lines {
		a.fit(1, i, 11, subtle, l.Name)
		value := l.Value
		if strings.HasPrefix(value, "/") || strings.HasPrefix(value, "~/") {
			value = cutPath(value, a.w-14, a.c.ascii)
		}
		a.fit(13, i, a.w-14, text, value)
	}
}

// reportBox is a section, or a part of one, and its place.
type reportBox struct {
	page, x, y, w int
	title         string
	lines         []ReportLine
}

// boxesOf puts sections into the columns of an area, each where there is the
// least so far, and begins another page when it does not fit there.
func boxesOf(sections []ReportSection, a area) (boxes []reportBox) {
	columns := max(a.w/39, 1)
	width, page, heights := a.w/columns, 0, make([]int, columns)
	for _, s := range pieces(sections, max(a.h-2, 1)) {
		column := shortest(heights)
		if heights[column] > 0 && heights[column]+len(s.Lines)+2 > a.h {
			page, heights, column = page+1, make([]int, columns), 0
		}
		boxes = append(boxes, reportBox{page, column * width, heights[column], width, s.Title, s.Lines})
		heights[column] += len(s.Lines) + 2
	}
	return boxes
}

// pieces cuts sections that are longer than so many lines.
func pieces(sections []ReportSection, rows int) (cut []ReportSection) {
	for _, s := range sections {
		for len(s.Lines) > rows {
			cut = append(cut, ReportSection{s.Title, s.Lines[:rows]})
			s.Lines = s.Lines[rows:]
		}
		cut = append(cut, s)
	}
	return cut
}

// drawHistories shows each measurement over time, with its largest value.
func (g *diagnostics) drawHistories(a area, c phone.Call) {
	m := g.gauges(c.ID)
	for i, row := range []struct {
		name, unit string
		h          *history
		full       float64
	}{
		{"loss in", "%", &m.loss, 10},
		{"loss out", "%", &m.remote, 10},
		{"jitter", "ms", &m.jitter, 60},
		{"round trip", "ms", &m.rtt, 400},
		{"buffer", "ms", &m.buffer, 300},
	} {
		a.put(2, 1+i, text, row.name)
		width := min(historyLength, a.w-34)
		a.spark(14, 1+i, width, level, row.h, max(row.full, row.h.top()))
		a.put(16+width, 1+i, subtle, fmt.Sprintf("max %.1f %s", row.h.top(), row.unit))
	}
}

// shortest is the column with the least in it.
func shortest(heights []int) int {
	at := 0
	for i, h := range heights {
		if h < heights[at] {
			at = i
		}
	}
	return at
}
