package ui

import "math"

// historyLength is how many samples a history keeps: two minutes at one a second.
const historyLength = 120

// history is the last values of one measurement, oldest first.
type history struct {
	values [historyLength]float64
	next   int
	count  int
}

// add appends a value and forgets the oldest.
func (h *history) add(v float64) {
	h.values[h.next] = v
	h.next = (h.next + 1) % historyLength
	h.count = min(h.count+1, historyLength)
}

// at is the i-th newest value, 0 being the last one added.
func (h *history) at(i int) float64 {
	return h.values[(h.next-1-i+2*historyLength)%historyLength]
}

// top is the largest value kept.
func (h *history) top() float64 {
	top := 0.0
	for i := range h.count {
		top = max(top, h.at(i))
	}
	return top
}

var sparks = []string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"}

// spark draws the newest width values of a history, newest at the right, scaled
// so that full fills a cell; what has not been measured yet stays blank.
func (a area) spark(x, y, width int, r role, h *history, full float64) int {
	for i := range width {
		age := width - 1 - i
		if age >= h.count {
			continue
		}
		step := 0.0
		if full > 0 {
			step = math.Round(h.at(age) / full * float64(len(sparks)-1))
		}
		a.put(x+i, y, r, sparks[int(min(max(step, 0), float64(len(sparks)-1)))])
	}
	return x + width
}

// chart is a spark of several rows on a base line.
func (a area) chart(x, y, width, rows int, r role, h *history, full float64) {
	for i := range width {
		age, steps := width-1-i, 0
		if age < h.count {
			steps = int(math.Round(min(h.at(age)/full, 1) * float64(rows*len(sparks))))
		}
		for row := range rows {
			if lit := min(steps-row*len(sparks), len(sparks)); lit > 0 {
				a.put(x+i, y+rows-1-row, r, sparks[lit-1])
			} else if row == 0 {
				a.put(x+i, y+rows-1, track, "▁")
			}
		}
	}
}
