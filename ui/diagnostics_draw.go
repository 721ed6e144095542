package ui

import (
	"fmt"

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
	columns := max(a.w/39, 1)
	width := a.w / columns
	heights := make([]int, columns)
	sections := g.sections()
	for _, s := range sections[min(g.list.at, len(sections)):] {
		column := shortest(heights)
		h := len(s.Lines) + 2
		box := a.at(column*width, heights[column], width, min(h, a.h-heights[column]))
		if box.h < 3 {
			continue
		}
		inside := box.frame(s.Title, line, title)
		for i, l := range s.Lines {
			inside.fit(1, i, 11, subtle, l.Name)
			inside.fit(13, i, inside.w-14, text, l.Value)
		}
		heights[column] += h
	}
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
