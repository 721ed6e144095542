package ui

import (
	"fmt"

	"tring/phone"
)

func (l *logPage) Draw(a area) {
	body, detail := a, area{}
	if a.h >= 18 && len(l.entries) > 0 {
		body, detail = a.bottom(min(13, a.h/2))
	}
	inside, x := body, 0
	if a.w >= stripW {
		inside, x = body.frame("call log", line, title).inset(1, 0), 14
	} else if l.finding || l.search.value() != "" {
		_, inside = body.top(1)
	}
	if l.finding || l.search.value() != "" {
		x = body.put(x, 0, brand, " "+l.keys.key(Search)+" ")
		l.search.draw(body, x, 0, max(body.w-x-4, 8))
	}
	l.drawEntries(inside)
	if detail.h > 0 {
		l.drawDetail(detail.frame("this call", line, title))
	}
}

func (l *logPage) drawEntries(a area) {
	if len(l.entries) == 0 {
		words := "no calls yet"
		if l.search.value() != "" {
			words = "no call fits"
		}
		a.centre(a.h/2, subtle, words)
		return
	}
	from, to := l.list.window(len(l.entries), a.h)
	for i := from; i < to; i++ {
		l.drawEntry(a, i-from, i)
	}
}

func (l *logPage) drawEntry(a area, y, i int) {
	e := l.entries[i]
	name, rest := text, subtle
	word, look := outcomeWord(e.Call)
	if i == l.list.at {
		a.at(0, y, a.w, 1).fill(chosenDim)
		a.put(0, y, chosen, "▸")
		name, rest, look = chosen, chosenDim, chosenDim
	}
	a.press(0, y, a.w, Call, i)
	when := e.Started.In(l.now.Location()).Format("_2 Jan 15:04")
	if a.w < stripW-4 {
		when = when[:6]
	}
	x := a.put(2, y, rest, when) + 1
	x = a.fit(x, y, 9, look, word) + 1
	took, times := "", 10
	if d := e.Duration(l.now); d > 0 {
		took = timer(d)
	}
	if a.w < stripW-4 {
		took, times = "", 3
	}
	x = a.fit(x, y, min(max(22, a.w/5), a.w-x-times), name, l.who(e.Party)) + 2
	if a.w >= 96 {
		x = a.fit(x, y, 20, rest, l.numberIfNamed(e.Party)) + 2
	}
	end := a.right(y, rest, fmt.Sprintf("%*s ", times-3, took)) - 2
	mark, markLook := l.recordedMark(e)
	if i == l.list.at {
		markLook = chosenDim
	}
	a.put(end, y, markLook, mark)
	if room := end - x - 1; room > 8 {
		a.fit(x, y, room, rest, outcomeDetail(e.Call))
	}
}

// drawDetail is all there is to say about the call in front.
func (l *logPage) drawDetail(a area) {
	if l.list.at >= len(l.entries) {
		return
	}
	e := l.entries[l.list.at]
	a.fit(1, 0, a.w/2, strong, l.who(e.Party)+"  "+l.numberIfElse(e.Party))
	a.right(0, subtle, e.Line+"  "+e.ID+" ")
	way := map[phone.Direction]string{phone.Inbound: "They called", phone.Outbound: "You called"}[e.Direction]
	y := a.wrap(1, 1, text, way+" "+e.Started.In(l.now.Location()).Format("Monday 2 January 2006 15:04:05")+". "+e.Ending())
	if e.Recording != "" {
		l.drawPlayback(a, 1, y, e)
		y++
	}
	for _, words := range l.detailWords(e) {
		if y < a.h {
			a.fit(1, y, a.w-2, text, words)
			y++
		}
	}
	if len(e.Trace) > 0 && y < a.h {
		l.drawTrace(a.at(0, y, a.w, a.h-y), e)
	}
}

// drawTrace says why the call was treated as it was, as far as there is room.
func (l *logPage) drawTrace(a area, e phone.LogEntry) {
	head := "why it was treated so: " + string(e.Action) + " by " + ruleName(e.Rule)
	if e.Decided > 0 {
		head += fmt.Sprintf(", in %.1f ms", e.Decided)
	}
	a.fit(1, 0, a.w-2, title, head)
	room := a.h - 1
	for i, step := range e.Trace {
		if more := len(e.Trace) - i; i == room-1 && more > 1 {
			a.fit(3, 1+i, a.w-4, subtle, fmt.Sprintf("… %d more steps: tring why %s", more, e.ID))
			return
		}
		if i < room {
			a.fit(3, 1+i, a.w-4, subtle, phone.CleanLine(step, 200))
		}
	}
}

func ruleName(rule string) string {
	if rule == "" {
		return "the default"
	}
	return phone.CleanLine(rule, 40)
}

func (l *logPage) detailWords(e phone.LogEntry) (words []string) {
	if q := e.Quality; q.MOS > 0 && !e.Answered.IsZero() {
		facts := fmt.Sprintf("quality %s (%.1f of 5), loss %.1f%%, jitter %.0f ms", q.Word(), q.MOS, q.Loss*100, milliseconds(q.Jitter))
		words = append(words, facts+labelled(", ", phone.CleanLine(q.Codec, 30)))
	}
	if e.Recording != "" {
		words = append(words, "the recording is "+phone.CleanLine(e.Recording, 120))
	}
	for _, known := range []struct{ name, value string }{
		{"queue: ", e.Queue}, {"button or link: ", e.Payload}, {"keys they pressed: ", e.Digits}, {"you were: ", string(e.Me)},
	} {
		if known.value != "" && known.value != string(phone.Available) {
			words = append(words, known.name+phone.CleanLine(known.value, 100))
		}
	}
	if e.Note != "" {
		words = append(words, "note: "+phone.CleanLine(e.Note, 200))
	}
	if e.Detail != "" {
		words = append(words, "the network said: "+phone.CleanLine(e.Detail, 120))
	}
	return words
}
