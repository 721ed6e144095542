package ui

import (
	"fmt"
	"time"

	"tring/phone"
)

// recentCall is one row of recents: the newest of several calls that came to
// the same, one after the other.
type recentCall struct {
	phone.LogEntry
	times int
}

// stacked puts calls without an answer that follow one another on one day into
// one row: what matters is that somebody tried, and how often.
func stacked(entries []phone.LogEntry, now time.Time) []recentCall {
	var rows []recentCall
	for _, e := range entries {
		if n := len(rows); n > 0 && rows[n-1].repeats(e, now) {
			rows[n-1].times++
			continue
		}
		rows = append(rows, recentCall{e, 1})
	}
	return rows
}

// unstacked gives every call its own row.
func unstacked(entries []phone.LogEntry) []recentCall {
	rows := make([]recentCall, len(entries))
	for i, e := range entries {
		rows[i] = recentCall{e, 1}
	}
	return rows
}

// repeats reports whether an older call came to the same as the row.
func (c recentCall) repeats(older phone.LogEntry, now time.Time) bool {
	return c.Answered.IsZero() && c.Outcome == older.Outcome && c.Direction == older.Direction && c.Rule == older.Rule &&
		c.Party.Same(older.Party) && day(c.Started.In(now.Location())).Equal(day(older.Started.In(now.Location())))
}

// drawRecents lists the last calls.
func (h *home) drawRecents(a area, inFront bool) {
	if !h.known.calls { // a moment after the start
		return
	}
	if len(h.calls) == 0 {
		a.centre(a.h/3, subtle, "no calls yet")
		a.centre(a.h/3+1, subtle, "type a number, or "+h.keys.key(Search)+" to find somebody")
		return
	}
	h.drawCalls(a, h.calls, &h.recent, inFront)
}

// drawVoicemail lists what callers said to the machine.
func (h *home) drawVoicemail(a area) {
	if h.known.calls && len(h.words) == 0 {
		a.centre(a.h/3, subtle, "no voicemail")
		a.centre(a.h/3+1, subtle, "a rule can let the machine answer")
		return
	}
	h.drawCalls(a, h.words, &h.spoken, true)
}

// drawCalls lists calls under the names of their days.
func (h *home) drawCalls(a area, calls []recentCall, l *list, inFront bool) {
	from, _ := l.window(len(calls), max(a.h-h.dayRows(calls, l.first, a.h), 1))
	y, day := 0, ""
	for i := from; i < len(calls) && y < a.h; i++ {
		e := calls[i]
		if name := dayName(h.now, e.Started.In(h.now.Location())); name != day {
			if day != "" && a.h > 16 && y > 0 {
				y++
			}
			if y < a.h {
				a.put(0, y, title, name)
			}
			day = name
			y++
		}
		h.drawCall(a, y, i, e, inFront && i == l.at)
		y++
	}
}

// dayRows is how many of h rows the names of days take, at most half of them.
func (h *home) dayRows(calls []recentCall, first, rows int) int {
	n, day := 0, ""
	for i := first; i < len(calls) && i < first+rows; i++ {
		if name := dayName(h.now, calls[i].Started.In(h.now.Location())); name != day {
			day = name
			n++
			if rows > 16 && n > 1 {
				n++
			}
		}
	}
	return min(n, rows/2)
}

func (h *home) drawCall(a area, y, i int, e recentCall, inFront bool) {
	if y >= a.h {
		return
	}
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
	end := a.right(y, rest, h.recentTimes(e)) - 2
	mark, markLook := h.recordedMark(e.LogEntry)
	if inFront {
		markLook = chosenDim
	}
	a.put(end, y, markLook, mark)
	if room := end - x - 1; room >= 8 {
		a.fit(x, y, room, rest, h.recentMiddle(e.LogEntry, room))
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
func (h *home) recentTimes(e recentCall) string {
	took := ""
	if e.times > 1 {
		took = fmt.Sprintf("x%d", e.times)
	}
	if d := e.Duration(h.now); d > 0 {
		took = timer(d)
	}
	return fmt.Sprintf("%s %7s ", e.Started.In(h.now.Location()).Format("15:04"), took)
}
