package rules

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

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
