package rules

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/teambition/rrule-go"
)

// maxCalendar bounds a calendar file, in bytes, and maxEvents what is used of it.
const (
	maxCalendar = 16 << 20
	maxEvents   = 10000
)

// Calendar is when somebody has something on, read from an iCalendar file.
type Calendar struct {
	events []appointment
	// Skipped says why events could not be read, one sentence each.
	Skipped []string
}

// appointment is one event, with all its repetitions.
type appointment struct {
	start  time.Time
	length time.Duration
	repeat *rrule.Set // nil for an event that happens once
}

// ParseCalendar reads an iCalendar file (RFC 5545). Events that are cancelled
// or marked as free (TRANSP) do not count; one that cannot be read is passed
// over and told in Skipped.
func ParseCalendar(r io.Reader) (c *Calendar, err error) {
	defer func() {
		if p := recover(); p != nil {
			c, err = nil, fmt.Errorf("the calendar cannot be read: %v", p) // the file is a stranger's, the parser not ours
		}
	}()
	parsed, err := ics.ParseCalendar(io.LimitReader(r, maxCalendar))
	if err != nil {
		return nil, fmt.Errorf("the calendar cannot be read: %w", err)
	}
	c = &Calendar{}
	moved := movedTimes(parsed)
	for _, e := range parsed.Events() {
		if isFree(e) {
			continue
		}
		if len(c.events) == maxEvents {
			c.Skipped = append(c.Skipped, fmt.Sprintf("only %d events are read", maxEvents))
			break
		}
		a, err := appointmentOf(e, moved[e.Id()])
		if err != nil {
			c.Skipped = append(c.Skipped, err.Error())
			continue
		}
		c.events = append(c.events, a)
	}
	return c, nil
}

// movedTimes are the repetitions that have an event of their own, by the id of
// the series: they do not happen when the series says.
func movedTimes(c *ics.Calendar) map[string][]time.Time {
	moved := map[string][]time.Time{}
	for _, e := range c.Events() {
		if p := e.GetProperty(ics.ComponentPropertyRecurrenceId); p != nil {
			if t, err := timeOf(p); err == nil {
				moved[e.Id()] = append(moved[e.Id()], t)
			}
		}
	}
	return moved
}

func isFree(e *ics.VEvent) bool {
	is := func(p ics.ComponentProperty, word string) bool {
		value := e.GetProperty(p)
		return value != nil && strings.EqualFold(value.Value, word)
	}
	return is(ics.ComponentPropertyTransp, "TRANSPARENT") || is(ics.ComponentPropertyStatus, "CANCELLED")
}

func appointmentOf(e *ics.VEvent, moved []time.Time) (a appointment, err error) {
	begin := e.GetProperty(ics.ComponentPropertyDtStart)
	if begin == nil {
		return a, fmt.Errorf("an event has no beginning")
	}
	if a.start, err = timeOf(begin); err != nil {
		return a, err
	}
	if a.length, err = lengthOf(e, a.start, len(begin.Value) == len("20060102")); err != nil {
		return a, err
	}
	rule := e.GetProperty(ics.ComponentPropertyRrule)
	if rule == nil || e.GetProperty(ics.ComponentPropertyRecurrenceId) != nil {
		return a, nil
	}
	a.repeat, err = repetition(rule.Value, a.start)
	if err != nil {
		return a, err
	}
	for _, t := range append(moved, exceptions(e)...) {
		a.repeat.ExDate(t)
	}
	return a, nil
}

// oldestYear bounds how many repetitions have to be counted through.
const oldestYear = 1900

// repetition reads an RRULE. Nobody's appointments repeat by the hour; such a
// rule is a mistake that would take for ever to follow.
func repetition(text string, start time.Time) (*rrule.Set, error) {
	option, err := rrule.StrToROptionInLocation(text, start.Location())
	if err != nil {
		return nil, fmt.Errorf("an event repeats in a way that cannot be read: %w", err)
	}
	if option.Freq > rrule.DAILY || len(option.Byhour)+len(option.Byminute)+len(option.Bysecond) > 0 {
		return nil, fmt.Errorf("an event repeats more often than daily")
	}
	if option.Interval < 0 || option.Count < 0 || start.Year() < oldestYear {
		return nil, fmt.Errorf("an event repeats since or by a number that makes no sense")
	}
	option.Dtstart = start
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, fmt.Errorf("an event repeats in a way that cannot be read: %w", err)
	}
	set := &rrule.Set{}
	set.RRule(rule)
	return set, nil
}

func exceptions(e *ics.VEvent) (times []time.Time) {
	for _, p := range e.GetProperties(ics.ComponentPropertyExdate) {
		for _, value := range strings.Split(p.Value, ",") {
			one := *p
			one.Value = value
			if t, err := timeOf(&one); err == nil {
				times = append(times, t)
			}
		}
	}
	return times
}

// timeOf reads a time: in UTC, in its TZID, or in the zone of the machine.
func timeOf(p *ics.IANAProperty) (time.Time, error) {
	zone := time.Local
	if id := p.ICalParameters["TZID"]; len(id) > 0 {
		var err error
		if zone, err = time.LoadLocation(strings.Trim(id[0], `"`)); err != nil {
			return time.Time{}, fmt.Errorf("an event is in the time zone %q, which is not known", id[0])
		}
	}
	for _, layout := range []string{"20060102T150405", "20060102"} {
		if t, err := time.ParseInLocation(layout, p.Value, zone); err == nil {
			return t, nil
		}
	}
	t, err := time.Parse("20060102T150405Z", p.Value)
	if err != nil {
		return t, fmt.Errorf("an event has the time %q, which cannot be read", p.Value)
	}
	return t, nil
}

// lengthOf is how long an event lasts: to its end, for its duration, or, with
// only a date, that day.
func lengthOf(e *ics.VEvent, start time.Time, wholeDay bool) (time.Duration, error) {
	if end := e.GetProperty(ics.ComponentPropertyDtEnd); end != nil {
		t, err := timeOf(end)
		return max(t.Sub(start), 0), err
	}
	if d := e.GetProperty(ics.ComponentPropertyDuration); d != nil {
		return spanOf(d.Value)
	}
	if wholeDay {
		return start.AddDate(0, 0, 1).Sub(start), nil
	}
	return 0, nil
}

// span is a duration as calendars write it: P1W, P1DT2H30M.
var span = regexp.MustCompile(`^\+?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?$`)

func spanOf(text string) (d time.Duration, err error) {
	parts := span.FindStringSubmatch(text)
	if parts == nil {
		return 0, fmt.Errorf("an event lasts %q, which cannot be read", text)
	}
	for i, unit := range []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second} {
		n, _ := strconv.Atoi("0" + parts[i+1]) // digits by the expression
		d += time.Duration(n) * unit
	}
	return d, nil
}

// Busy reports whether something is on, and when that may be different: the
// next beginning or end of an event, at most a day ahead.
func (c *Calendar) Busy(now time.Time) (busy bool, until time.Time) {
	until = now.Add(24 * time.Hour)
	for _, a := range c.events {
		for _, begin := range a.beginnings(now.Add(-a.length), until) {
			end := begin.Add(a.length)
			switch {
			case begin.After(now):
				until = earlier(until, begin)
			case end.After(now):
				busy, until = true, earlier(until, end)
			}
		}
	}
	return busy, until
}

func (a appointment) beginnings(from, to time.Time) []time.Time {
	if a.repeat != nil {
		return a.repeat.Between(from, to, true)
	}
	return []time.Time{a.start}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
