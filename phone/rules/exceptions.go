package rules

import (
	"fmt"
	"strings"
	"time"
)

// Exception is a date on which the weekly hours do not hold.
type Exception struct {
	Day  time.Time // its midnight in the hours' zone
	Why  string    // in words
	Open []Span    // what is open instead; nothing: closed all day
}

// Exceptions are the dates on which the weekly hours do not hold, in order:
// of the given number of days that begin with the date of from. Dates that are
// closed every week and are closed now, too, are left out.
func (h *Hours) Exceptions(from time.Time, number int) (list []Exception) {
	y, m, d := from.In(h.Zone).Date()
	for i := range number {
		day := time.Date(y, m, d+i, 0, 0, 0, 0, h.Zone)
		if open := h.onlyToday(dateOf(day)); open != nil {
			list = append(list, Exception{day, "hours of that date", spansOf(day.Weekday(), open)})
		} else if why, shut := h.shut(day); shut && h.opensOn(day.Weekday()) {
			list = append(list, Exception{day, why, nil})
		}
	}
	return list
}

func spansOf(day time.Weekday, times [][2]int) (spans []Span) {
	for _, t := range times {
		spans = append(spans, Span{day, t[0], t[1]})
	}
	return spans
}

// opensOn reports whether the week has hours on a day.
func (h *Hours) opensOn(day time.Weekday) bool {
	for _, s := range h.Weekly {
		if s.Day == day {
			return true
		}
	}
	return false
}

func (e Exception) String() string {
	open := "closed"
	if len(e.Open) > 0 {
		var times []string
		for _, s := range e.Open {
			times = append(times, clockText(s.Start)+"-"+clockText(s.End))
		}
		open = "open " + strings.Join(times, ", ")
	}
	return fmt.Sprintf("%s %s (%s)", e.Day.Format("Mon 2 Jan 2006"), open, e.Why)
}

// clockText is minutes since midnight as people write them.
func clockText(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
