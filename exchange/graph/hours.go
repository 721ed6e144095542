package graph

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// hours are when a business takes calls.
type hours struct {
	Status   string    `json:"status"`
	Timezone string    `json:"timezone_id"`
	Weekly   []opening `json:"weekly_operating_hours"`
	Holidays []holiday `json:"holiday_schedule,omitempty"`
}

type opening struct {
	Day   string `json:"day_of_week"`
	Open  string `json:"open_time"`  // "HHMM"
	Close string `json:"close_time"` // "HHMM"
}

type holiday struct {
	Date  string `json:"date"` // YYYY-MM-DD
	Start string `json:"start_time"`
	End   string `json:"end_time"`
}

// Meta's limits.
const (
	perDay      = 2
	maxHolidays = 20
)

// acceptable makes the eight documented checks.
func (h *hours) acceptable(now time.Time) error {
	zone, err := time.LoadLocation(h.Timezone)
	switch {
	case h.Status != enabled && h.Status != disabled:
		return refuse(100, "call_hours.status must be ENABLED or DISABLED")
	case err != nil || h.Timezone == "" || h.Timezone == "Local":
		return refuse(100, "Invalid timezone_id %.60q", h.Timezone)
	case len(h.Weekly) == 0:
		return refuse(100, "weekly_operating_hours must not be empty")
	case len(h.Holidays) > maxHolidays:
		return refuse(100, "holiday_schedule has more than %d entries", maxHolidays)
	}
	if err := h.week(); err != nil {
		return err
	}
	for _, d := range h.Holidays {
		if err := d.acceptable(now.In(zone)); err != nil {
			return err
		}
	}
	return nil
}

// week checks every day's openings.
func (h *hours) week() error {
	days := map[string][]opening{}
	for _, o := range h.Weekly {
		if _, ok := weekday(o.Day); !ok {
			return refuse(100, "Invalid day_of_week %.20q", o.Day)
		}
		if !clockTime(o.Open) || !clockTime(o.Close) || o.Open >= o.Close {
			return refuse(100, "Invalid call_hours schedule: %s %.10s to %.10s", o.Day, o.Open, o.Close)
		}
		days[o.Day] = append(days[o.Day], o)
	}
	for name, list := range days {
		slices.SortFunc(list, func(a, b opening) int { return cmp.Compare(a.Open, b.Open) })
		if len(list) > perDay {
			return refuse(100, "More than %d entries for %s", perDay, name)
		}
		if len(list) == perDay && list[0].Close > list[1].Open {
			return refuse(100, "Overlapping entries for %s", name)
		}
	}
	return nil
}

func (d holiday) acceptable(now time.Time) error {
	if _, err := time.Parse(time.DateOnly, d.Date); err != nil {
		return refuse(100, "Invalid holiday date %.20q", d.Date)
	}
	if d.Date < now.Format(time.DateOnly) {
		return refuse(100, "Holiday date %s is in the past", d.Date)
	}
	if !clockTime(d.Start) || !clockTime(d.End) || d.Start >= d.End {
		return refuse(100, "Invalid holiday schedule on %s", d.Date)
	}
	return nil
}

// clockTime checks "HHMM".
func clockTime(text string) bool {
	_, err := time.Parse("1504", text)
	return err == nil && len(text) == 4
}

func weekday(name string) (time.Weekday, bool) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.ToUpper(d.String()) == name {
			return d, true
		}
	}
	return 0, false
}

// open says whether a business takes calls at a time; no hours are all hours.
func (h *hours) open(now time.Time) bool {
	if h == nil || h.Status != enabled {
		return true
	}
	zone, err := time.LoadLocation(h.Timezone)
	if err != nil {
		return true
	}
	now = now.In(zone)
	at := now.Format("1504")
	for _, d := range h.Holidays {
		if d.Date == now.Format(time.DateOnly) && d.Start <= at && at <= d.End {
			return false
		}
	}
	return slices.ContainsFunc(h.Weekly, func(o opening) bool {
		day, _ := weekday(o.Day)
		return day == now.Weekday() && o.Open <= at && at < o.Close
	})
}
