package ui

import "tring/phone"

// drawEnded sums the last call up.
func (t *talk) drawEnded(a area) {
	c := t.last
	if c.ID == "" {
		a.centre(a.h/2, subtle, "no call")
		return
	}
	rows := t.endedRows(c)
	box := a
	if a.h >= len(rows)+2 {
		box = a.middle(min(72, a.w), min(max(len(rows)+4, 12), a.h)).frame("", line, title)
	}
	y := max((box.h-len(rows))/2, 0)
	for i, row := range rows[:min(len(rows), box.h)] {
		words := cut(row.words, box.w-2, a.c.ascii)
		box.put((box.w-cells(words))/2, y+i, row.look, words)
	}
}

// endedRows are who it was, how it ended, and what is left of it.
func (t *talk) endedRows(c phone.Call) []hint {
	rows := []hint{{t.who(c.Party), strong}, {t.numberIfElse(c.Party), subtle}, {}, {c.Ending(), causeRole(c.Cause)}}
	if took := c.Duration(t.now); took > 0 {
		summary := timer(took)
		if word := c.Quality.Word(); word != "" {
			summary += "   quality " + word
		}
		rows = append(rows, hint{summary, text})
	}
	for _, more := range []hint{
		{phone.CleanLine(c.Detail, 160), subtle},
		{t.recordedWords(c), subtle},
		{labelled("note: ", phone.CleanLine(c.Note, 160)), text},
	} {
		if more.words != "" {
			rows = append(rows, more)
		}
	}
	if c.Unconfirmed {
		rows = append(rows, hint{"nothing confirmed that they heard of the end", fair})
	}
	return rows
}

// recordedWords say that a recording exists, what plays it, and how far it is.
func (t *talk) recordedWords(c phone.Call) string {
	key := t.keys.key(PlayRecording)
	if now, on := t.plays(c); on {
		return "playing " + timer(now.Position) + " of " + timer(now.Length) + "; " + key + " stops it"
	}
	if c.Recording == "" {
		return ""
	}
	return "recorded; " + key + " plays it"
}

// labelled is words under a name, nothing if there are none.
func labelled(name, words string) string {
	if words == "" {
		return ""
	}
	return name + words
}

func causeRole(c phone.Cause) role {
	switch c {
	case phone.NormalClearing, phone.Cancelled, phone.Declined:
		return good
	case phone.NoAnswer, phone.Busy, phone.AnsweredElsewhere, phone.DeclinedElsewhere:
		return fair
	}
	return bad
}
