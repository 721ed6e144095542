package graph

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Hours are when customers may call; outside them their app offers a chat
// instead. Saving them replaces all of them, holidays too.
type Hours struct {
	Enabled  bool
	Zone     string // IANA, e.g. Europe/Madrid
	Weekly   []OpenSpan
	Holidays []Holiday
	// status is what Enabled was read from; a word that nobody knows is kept
	// so that Check can refuse it.
	status string
}

// OpenSpan is a stretch of a weekday, in minutes since midnight.
type OpenSpan struct {
	Day        time.Weekday
	Start, End int
}

// Holiday is a stretch of a date in which nobody answers.
type Holiday struct {
	Date       string // YYYY-MM-DD
	Start, End int    // minutes since midnight
}

// Meta's bounds of hours.
const (
	maxSpansPerDay = 2
	MaxHolidays    = 20
	lastMinute     = 24*60 - 1
)

// The errors that Meta documents for hours, found before anything is sent.
var (
	ErrHoursStatus   = errors.New("the hours are neither ENABLED nor DISABLED")
	ErrHoursZone     = errors.New("the time zone is unknown; use a name like Europe/Madrid")
	ErrHoursEmpty    = errors.New("the weekly hours are empty; Meta wants at least one span")
	ErrHoursSchedule = errors.New("a span must open before it closes, within one day")
	ErrHoursTooMany  = errors.New("a day has more than two spans, or there are more than twenty holidays")
	ErrHoursOverlap  = errors.New("two spans of a day overlap")
	ErrHolidayDate   = errors.New("a holiday's date is not written YYYY-MM-DD")
	ErrHolidayPast   = errors.New("a holiday is over already")
)

// HoursErrors are all of them.
var HoursErrors = []error{
	ErrHoursStatus, ErrHoursZone, ErrHoursEmpty, ErrHoursSchedule, ErrHoursTooMany, ErrHoursOverlap, ErrHolidayDate, ErrHolidayPast,
}

// Switched are the same hours, in force or not.
func (h Hours) Switched(on bool) Hours {
	h.Enabled, h.status = on, ""
	return h
}

// Check says why Meta would refuse the hours, or nil.
func (h Hours) Check(now time.Time) error {
	if h.status != "" && h.status != "ENABLED" && h.status != "DISABLED" {
		return fmt.Errorf("%w: %.20q", ErrHoursStatus, h.status)
	}
	zone, err := time.LoadLocation(h.Zone)
	if err != nil || h.Zone == "" || h.Zone == "Local" {
		return fmt.Errorf("%w: %.40q", ErrHoursZone, h.Zone)
	}
	if err := h.checkWeek(); err != nil {
		return err
	}
	return h.checkHolidays(now.In(zone))
}

func (h Hours) checkWeek() error {
	if len(h.Weekly) == 0 {
		return ErrHoursEmpty
	}
	var days [7][]OpenSpan
	for _, s := range h.Weekly {
		if s.Day < 0 || s.Day > 6 || !spanOK(s.Start, s.End) {
			return fmt.Errorf("%w: %s", ErrHoursSchedule, s)
		}
		days[s.Day] = append(days[s.Day], s)
	}
	for _, day := range days {
		if len(day) > maxSpansPerDay {
			return fmt.Errorf("%w: %s", ErrHoursTooMany, day[0].Day)
		}
		slices.SortFunc(day, func(a, b OpenSpan) int { return cmp.Compare(a.Start, b.Start) })
		if len(day) == 2 && day[1].Start < day[0].End {
			return fmt.Errorf("%w: %s and %s", ErrHoursOverlap, day[0], day[1])
		}
	}
	return nil
}

func spanOK(start, end int) bool { return start >= 0 && start < end && end <= lastMinute }

func (h Hours) checkHolidays(now time.Time) error {
	if len(h.Holidays) > MaxHolidays {
		return fmt.Errorf("%w: %d holidays", ErrHoursTooMany, len(h.Holidays))
	}
	for _, d := range h.Holidays {
		day, err := time.ParseInLocation(time.DateOnly, d.Date, now.Location())
		switch {
		case err != nil:
			return fmt.Errorf("%w: %.20q", ErrHolidayDate, d.Date)
		case !day.AddDate(0, 0, 1).After(now):
			return fmt.Errorf("%w: %s", ErrHolidayPast, d.Date)
		case !spanOK(d.Start, d.End):
			return fmt.Errorf("%w: %s", ErrHoursSchedule, d.Date)
		}
	}
	return nil
}

func (s OpenSpan) String() string {
	return fmt.Sprintf("%s %s-%s", s.Day, clock(s.Start), clock(s.End))
}

// String is the hours in one line, the same for the same hours.
func (h Hours) String() string {
	out := []string{h.word(), h.Zone}
	week := slices.Clone(h.Weekly)
	slices.SortFunc(week, func(a, b OpenSpan) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Start, b.Start))
	})
	for _, s := range week {
		out = append(out, s.String())
	}
	for _, d := range h.Holidays {
		out = append(out, fmt.Sprintf("%s %s-%s", d.Date, clock(d.Start), clock(d.End)))
	}
	return strings.Join(out, ", ")
}

func (h Hours) word() string {
	switch {
	case h.status != "":
		return h.status
	case h.Enabled:
		return "ENABLED"
	}
	return "DISABLED"
}

// clock is "HHMM".
func clock(minutes int) string { return fmt.Sprintf("%02d%02d", minutes/60, minutes%60) }

type hoursWire struct {
	Status   string        `json:"status"`
	Zone     string        `json:"timezone_id"`
	Weekly   []spanWire    `json:"weekly_operating_hours"`
	Holidays []holidayWire `json:"holiday_schedule,omitempty"`
}

type spanWire struct {
	Day   string   `json:"day_of_week"`
	Open  wallTime `json:"open_time"`
	Close wallTime `json:"close_time"`
}

// holidayWire has both spellings that are documented; start and end are what
// all samples use.
type holidayWire struct {
	Date  string    `json:"date"`
	Start *wallTime `json:"start_time,omitempty"`
	End   *wallTime `json:"end_time,omitempty"`
	Open  *wallTime `json:"open_time,omitempty"`
	Close *wallTime `json:"close_time,omitempty"`
}

// wallTime is minutes since midnight; Meta writes "0900", "09:00" or 900.
type wallTime int

// MarshalJSON writes "HHMM".
func (t wallTime) MarshalJSON() ([]byte, error) { return json.Marshal(clock(int(t))) }

// UnmarshalJSON reads any of the three; what is none of them is -1.
func (t *wallTime) UnmarshalJSON(b []byte) error {
	*t = -1
	text := strings.ReplaceAll(strings.Trim(string(b), `"`), ":", "")
	n := 0
	for _, r := range text {
		if r < '0' || r > '9' || len(text) > 4 {
			return nil
		}
		n = n*10 + int(r-'0')
	}
	if text != "" && n%100 < 60 {
		*t = wallTime(n/100*60 + n%100)
	}
	return nil
}

func (h Hours) wire() hoursWire {
	w := hoursWire{Status: h.word(), Zone: h.Zone}
	for _, s := range h.Weekly {
		w.Weekly = append(w.Weekly, spanWire{strings.ToUpper(s.Day.String()), wallTime(s.Start), wallTime(s.End)})
	}
	for _, d := range h.Holidays {
		start, end := wallTime(d.Start), wallTime(d.End)
		w.Holidays = append(w.Holidays, holidayWire{Date: d.Date, Start: &start, End: &end})
	}
	return w
}

func (w hoursWire) hours() Hours {
	h := Hours{Enabled: word(w.Status) == "ENABLED", Zone: w.Zone, status: word(w.Status)}
	for _, s := range w.Weekly {
		h.Weekly = append(h.Weekly, OpenSpan{weekday(s.Day), int(s.Open), int(s.Close)})
	}
	for _, d := range w.Holidays {
		h.Holidays = append(h.Holidays, Holiday{d.Date, either(d.Start, d.Open), either(d.End, d.Close)})
	}
	return h
}

func either(a, b *wallTime) int {
	switch {
	case a != nil:
		return int(*a)
	case b != nil:
		return int(*b)
	}
	return -1
}

// weekday reads a day's name; -1 when it is none.
func weekday(name string) time.Weekday {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(name, d.String()) {
			return d
		}
	}
	return -1
}
