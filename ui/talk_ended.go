package ui

import "tring/phone"

// drawEnded sums the last call up.
func (t *talk) drawEnded(a area) {
	c := t.last
	if c.ID == "" {
		a.centre(a.h/2, subtle, "no call")
		return
	}
	box := a.middle(min(72, a.w), min(14, a.h)).frame("", line, title)
	y := max(box.h/2-4, 0)
	box.centre(y, strong, t.who(c.Party))
	box.centre(y+1, subtle, t.numberIfElse(c.Party))
	box.centre(y+3, causeRole(c.Cause), c.Cause.Sentence())
	summary := ""
	if took := c.Duration(t.now); took > 0 {
		summary = timer(took)
		if word := c.Quality.Word(); word != "" {
			summary += "   quality " + word
		}
	}
	box.centre(y+4, text, summary)
	if c.Detail != "" {
		box.centre(y+5, subtle, phone.CleanLine(c.Detail, box.w-4))
	}
	if c.Recording != "" {
		box.centre(y+6, subtle, "recorded to "+phone.CleanLine(c.Recording, box.w-16))
	}
	if c.Unconfirmed {
		box.centre(y+7, fair, "nothing confirmed that they heard of the end")
	}
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
