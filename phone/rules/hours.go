package rules

import (
	"slices"
	"time"
)

// Hours says when something is open: a week that repeats, holidays, days that
// are closed, and days that are different. All of it is on the wall clock of
// Zone, so a night is eight hours long, or seven or nine when clocks change.
type Hours struct {
	Name    string
	Zone    *time.Location
	Weekly  []Span
	closed  []days
	open    []oneDay
	holiday func(time.Time) (string, bool)
}

// Span is a stretch of the week: on Day from Start to End, in minutes of the
// wall clock since midnight. End may be past 24*60: the span crosses midnight.
type Span struct {
	Day        time.Weekday
	Start, End int
}

// minutesPerDay is the length of a day on the wall clock.
const minutesPerDay = 24 * 60

// date is a day without a time, in the form 20060102 for comparing.
type date int

func dateOf(t time.Time) date {
	y, m, d := t.Date()
	return date(y*10000 + int(m)*100 + d)
}

// days is a stretch of dates, both ends included.
type days struct{ first, last date }

func (d days) has(day date) bool { return day >= d.first && day <= d.last }

// oneDay opens a single date from start to end minutes.
type oneDay struct {
	day        date
	start, end int
}

// Open reports whether t is inside, and in words why.
func (h *Hours) Open(t time.Time) (bool, string) {
	t = t.In(h.Zone)
	today := dateOf(t)
	if spans := h.onlyToday(today); spans != nil {
		return inSpans(spans, minuteOf(t)) || h.spillsInto(t), "hours of that date"
	}
	if why, shut := h.shut(t); shut {
		return h.spillsInto(t), why
	}
	return h.inWeek(t), "weekly hours"
}

func minuteOf(t time.Time) int { return t.Hour()*60 + t.Minute() }

// onlyToday are the spans of a date that is different, nil for a usual day.
func (h *Hours) onlyToday(day date) (spans [][2]int) {
	for _, o := range h.open {
		if o.day == day {
			spans = append(spans, [2]int{o.start, o.end})
		}
	}
	return spans
}

func inSpans(spans [][2]int, minute int) bool {
	return slices.ContainsFunc(spans, func(s [2]int) bool { return minute >= s[0] && minute < s[1] })
}

// shut says whether the whole date is closed, and why.
func (h *Hours) shut(t time.Time) (string, bool) {
	day := dateOf(t)
	if slices.ContainsFunc(h.closed, func(d days) bool { return d.has(day) }) {
		return "closed date", true
	}
	if h.holiday != nil {
		if name, is := h.holiday(t); is {
			return "public holiday: " + name, true
		}
	}
	return "", false
}

// inWeek looks at the weekly spans of today and at those of yesterday that
// cross midnight.
func (h *Hours) inWeek(t time.Time) bool {
	minute := minuteOf(t)
	for _, s := range h.Weekly {
		if s.Day == t.Weekday() && minute >= s.Start && minute < s.End {
			return true
		}
	}
	return h.spillsInto(t)
}

// spillsInto reports whether yesterday's night still lasts; a night that began
// on a usual day ends when it ends, even into one that is closed or different.
func (h *Hours) spillsInto(t time.Time) bool {
	yesterday := t.AddDate(0, 0, -1)
	if _, shut := h.shut(yesterday); shut || h.onlyToday(dateOf(yesterday)) != nil {
		return false
	}
	for _, s := range h.Weekly {
		if s.Day == yesterday.Weekday() && minuteOf(t) < s.End-minutesPerDay {
			return true
		}
	}
	return false
}

// NextOpen is the next moment at or after t that is open; false when there is
// none within a year.
func (h *Hours) NextOpen(t time.Time) (time.Time, bool) {
	if open, _ := h.Open(t); open {
		return t, true
	}
	t = t.In(h.Zone)
	for day := range 366 {
		for _, start := range h.starts(t.AddDate(0, 0, day)) {
			if open, _ := h.Open(start); open && !start.Before(t) {
				return start, true
			}
		}
	}
	return time.Time{}, false
}

// starts are the moments on t's date at which something opens, in order.
func (h *Hours) starts(t time.Time) (at []time.Time) {
	add := func(minute int) { at = append(at, moment(t, minute)) }
	for _, s := range h.onlyToday(dateOf(t)) {
		add(s[0])
	}
	for _, s := range h.Weekly {
		if s.Day == t.Weekday() {
			add(s.Start)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	return at
}

// moment is when the clock on the wall shows so many minutes on t's date; where
// it jumps over them, the moment of the jump.
func moment(t time.Time, minute int) time.Time {
	at := time.Date(t.Year(), t.Month(), t.Day(), 0, minute, 0, 0, t.Location())
	before, after := at.ZoneBounds()
	switch shown := dateOf(at); {
	case shown < dateOf(t) || shown == dateOf(t) && minuteOf(at) < minute:
		return after
	case shown > dateOf(t) || minuteOf(at) > minute:
		return before
	}
	return at
}
