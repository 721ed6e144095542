package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
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
		return inSpans(spans, minuteOf(t)), "hours of that date"
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
// on an open day ends when it ends, even into a closed one.
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
	add := func(minute int) {
		at = append(at, time.Date(t.Year(), t.Month(), t.Day(), 0, minute, 0, 0, h.Zone))
	}
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

// compileHours reads the words of an [hours.NAME] table.
func compileHours(name string, def hoursDef, fallback *time.Location) (*Hours, error) {
	h := &Hours{Name: name, Zone: fallback}
	if def.Timezone != "" {
		zone, err := time.LoadLocation(def.Timezone)
		if err != nil {
			return nil, fmt.Errorf("%q is not a time zone such as \"Europe/Berlin\"", def.Timezone)
		}
		h.Zone = zone
	}
	for _, w := range def.Weekly {
		spans, err := parseWeekly(w)
		if err != nil {
			return nil, err
		}
		h.Weekly = append(h.Weekly, spans...)
	}
	for _, w := range def.Closed {
		d, err := parseDays(w)
		if err != nil {
			return nil, err
		}
		h.closed = append(h.closed, d)
	}
	for _, w := range def.Open {
		o, err := parseOneDay(w)
		if err != nil {
			return nil, err
		}
		h.open = append(h.open, o)
	}
	if def.Holidays != "" {
		var err error
		if h.holiday, err = holidays(def.Holidays, h.Zone); err != nil {
			return nil, err
		}
	}
	if len(h.Weekly)+len(h.open) == 0 {
		return nil, fmt.Errorf("hours.%s has neither weekly nor open hours: it would never be open", name)
	}
	return h, nil
}

var weekdays = map[string]time.Weekday{
	"sun": time.Sunday, "mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday,
	"thu": time.Thursday, "fri": time.Friday, "sat": time.Saturday,
}

// parseWeekly reads "mon-thu 09:00-17:00", "sat 10:00-14:00" or "every
// 22:00-07:00", which crosses midnight.
func parseWeekly(text string) ([]Span, error) {
	dayText, timeText, _ := strings.Cut(strings.TrimSpace(strings.ToLower(text)), " ")
	list, ok := parseWeekdays(dayText)
	start, end, err := parseTimes(timeText)
	if !ok || err != nil {
		return nil, fmt.Errorf("cannot read %q (want \"mon-fri 09:00-17:00\")", text)
	}
	spans := make([]Span, len(list))
	for i, day := range list {
		spans[i] = Span{day, start, end}
	}
	return spans, nil
}

func parseWeekdays(text string) ([]time.Weekday, bool) {
	if text == "every" {
		return []time.Weekday{0, 1, 2, 3, 4, 5, 6}, true
	}
	from, to, isRange := strings.Cut(text, "-")
	first, ok := weekdays[from]
	if !ok {
		return nil, false
	}
	if !isRange {
		return []time.Weekday{first}, true
	}
	last, ok := weekdays[to]
	if !ok {
		return nil, false
	}
	list := []time.Weekday{first}
	for day := first; day != last; {
		day = (day + 1) % 7
		list = append(list, day)
	}
	return list, true
}

// parseTimes reads "09:00-17:00"; an end at or before the start is on the next
// day.
func parseTimes(text string) (start, end int, err error) {
	from, to, ok := strings.Cut(strings.TrimSpace(text), "-")
	if !ok {
		return 0, 0, fmt.Errorf("want two times")
	}
	if start, err = parseClock(from); err != nil {
		return 0, 0, err
	}
	if end, err = parseClock(to); err != nil {
		return 0, 0, err
	}
	if start == minutesPerDay {
		return 0, 0, fmt.Errorf("a span cannot start at 24:00")
	}
	if end <= start {
		end += minutesPerDay
	}
	return start, end, nil
}

func parseClock(text string) (int, error) {
	h, m, ok := strings.Cut(strings.TrimSpace(text), ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	total := hour*60 + minute
	if !ok || len(m) != 2 || err1 != nil || err2 != nil || hour < 0 || minute < 0 || minute > 59 || total > minutesPerDay {
		return 0, fmt.Errorf("cannot read %q (want \"09:00\")", text)
	}
	return total, nil
}

// parseDays reads "2026-12-24" or "2026-12-28..2026-12-31".
func parseDays(text string) (days, error) {
	from, to, isRange := strings.Cut(text, "..")
	first, err := parseDate(from)
	if err != nil {
		return days{}, err
	}
	if !isRange {
		return days{first, first}, nil
	}
	last, err := parseDate(to)
	if err == nil && last < first {
		err = fmt.Errorf("%q ends before it begins", text)
	}
	return days{first, last}, err
}

func parseDate(text string) (date, error) {
	t, err := time.Parse(time.DateOnly, strings.TrimSpace(text))
	if err != nil {
		return 0, fmt.Errorf("cannot read the date %q (want \"2026-12-24\")", text)
	}
	return dateOf(t), nil
}

// parseOneDay reads "2026-12-28 10:00-12:00".
func parseOneDay(text string) (oneDay, error) {
	dayText, timeText, _ := strings.Cut(strings.TrimSpace(text), " ")
	day, err := parseDate(dayText)
	if err != nil {
		return oneDay{}, err
	}
	start, end, err := parseTimes(timeText)
	if err != nil || end > minutesPerDay {
		return oneDay{}, fmt.Errorf("cannot read %q (want \"2026-12-28 10:00-12:00\")", text)
	}
	return oneDay{day, start, end}, nil
}
