package ui

import (
	"fmt"

	"tring/phone"
)

// drawRecents lists the last calls under the names of their days.
func (h *home) drawRecents(a area, inFront bool) {
	if len(h.recents) == 0 {
		a.centre(a.h/3, subtle, "no calls yet")
		a.centre(a.h/3+1, subtle, "type a number, or "+h.keys.key(Search)+" to find somebody")
		return
	}
	from, _ := h.recent.window(len(h.recents), max(a.h-h.dayRows(a.h), 1))
	y, day := 0, ""
	for i := from; i < len(h.recents) && y < a.h; i++ {
		e := h.recents[i]
		if name := dayName(h.now, e.Started.In(h.now.Location())); name != day {
			if day != "" && a.h > 16 && y > 0 {
				y++
			}
			a.put(0, y, title, name)
			day = name
			y++
		}
		h.drawRecent(a, y, i, inFront && i == h.recent.at)
		y++
	}
}

// dayRows is how many of h rows the names of days take, at most half of them.
func (h *home) dayRows(rows int) int {
	n, day := 0, ""
	for i := h.recent.first; i < len(h.recents) && i < h.recent.first+rows; i++ {
		if name := dayName(h.now, h.recents[i].Started.In(h.now.Location())); name != day {
			day = name
			n++
			if rows > 16 && n > 1 {
				n++
			}
		}
	}
	return min(n, rows/2)
}

func (h *home) drawRecent(a area, y, i int, inFront bool) {
	if y >= a.h {
		return
	}
	e := h.recents[i]
	name, rest := text, subtle
	word, look := outcomeWord(e.Call)
	if inFront {
		a.at(0, y, a.w, 1).fill(chosenDim)
		a.put(0, y, chosen, "▸")
		name, rest, look = chosen, chosenDim, chosenDim
	} else if look == bad {
		name = strong
	}
	a.press(0, y, a.w, Call, i)
	x := a.fit(2, y, 9, look, word) + 1
	nameW := min(max(a.w/4, 12), 22)
	x = a.fit(x, y, nameW, name, h.who(e.Party)) + 2
	right := h.recentTimes(e)
	end := a.right(y, rest, right)
	if room := end - x - 1; room >= 8 {
		a.fit(x, y, room, rest, h.recentMiddle(e, room))
	}
}

// recentMiddle is the number, and what became of the call if there is room.
func (h *home) recentMiddle(e phone.LogEntry, room int) string {
	number := ""
	if h.named(e.Party) {
		number = h.number(e.Party)
	}
	detail := outcomeDetail(e.Call)
	if detail == "" || cells(number)+cells(detail)+2 > room {
		return number
	}
	return fmt.Sprintf("%-*s  %s", min(18, room-cells(detail)-2), number, detail)
}

// recentTimes is when the call was and how long it took, in fixed columns.
func (h *home) recentTimes(e phone.LogEntry) string {
	took := ""
	if d := e.Duration(h.now); d > 0 {
		took = timer(d)
	}
	mark := " "
	if e.Recording != "" {
		mark = "R"
	}
	return fmt.Sprintf("%s %s %7s ", mark, e.Started.In(h.now.Location()).Format("15:04"), took)
}
