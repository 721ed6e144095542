package rules

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tring/phone"
)

// week is a calendar with a daily meeting that skips one day, one that was
// moved, a cancelled one, a free one, and a holiday of one whole day.
const week = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:daily
DTSTART;TZID=Europe/Berlin:20260302T090000
DTEND;TZID=Europe/Berlin:20260302T093000
RRULE:FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR
EXDATE;TZID=Europe/Berlin:20260304T090000
END:VEVENT
BEGIN:VEVENT
UID:daily
RECURRENCE-ID;TZID=Europe/Berlin:20260305T090000
DTSTART;TZID=Europe/Berlin:20260305T110000
DTEND;TZID=Europe/Berlin:20260305T113000
END:VEVENT
BEGIN:VEVENT
UID:cancelled
STATUS:CANCELLED
DTSTART:20260302T120000Z
DTEND:20260302T130000Z
END:VEVENT
BEGIN:VEVENT
UID:free
TRANSP:TRANSPARENT
DTSTART:20260302T140000Z
DURATION:PT1H
END:VEVENT
BEGIN:VEVENT
UID:trip
DTSTART;TZID=Europe/Berlin;VALUE=DATE:20260307
END:VEVENT
BEGIN:VEVENT
UID:odd
DTSTART;TZID=Middle Earth:20260307T100000
END:VEVENT
END:VCALENDAR
`

func TestACalendarSaysWhenSomethingIsOn(t *testing.T) {
	c, err := ParseCalendar(strings.NewReader(strings.ReplaceAll(week, "\n", "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Skipped) != 1 || !strings.Contains(c.Skipped[0], "Middle Earth") {
		t.Errorf("skipped %q", c.Skipped)
	}
	berlin, _ := time.LoadLocation("Europe/Berlin")
	for _, tt := range []struct {
		at    string
		busy  bool
		until string
	}{
		{"2026-03-02 08:59", false, "2026-03-02 09:00"},
		{"2026-03-02 09:00", true, "2026-03-02 09:30"},
		{"2026-03-02 09:30", false, "2026-03-03 09:00"},
		{"2026-03-02 13:30", false, "2026-03-03 09:00"}, // cancelled
		{"2026-03-02 15:30", false, "2026-03-03 09:00"}, // marked as free
		{"2026-03-04 09:10", false, "2026-03-05 09:10"}, // an exception
		{"2026-03-05 09:10", false, "2026-03-05 11:00"}, // moved …
		{"2026-03-05 11:10", true, "2026-03-05 11:30"},  // … to here
		{"2026-03-07 23:00", true, "2026-03-08 00:00"},  // the whole day
		{"2026-03-30 09:10", true, "2026-03-30 09:30"},  // nine o'clock in summer time, too
	} {
		now, _ := time.ParseInLocation("2006-01-02 15:04", tt.at, berlin)
		busy, until := c.Busy(now)
		if got := until.In(berlin).Format("2006-01-02 15:04"); busy != tt.busy || got != tt.until {
			t.Errorf("%s: busy %v until %s, want %v until %s", tt.at, busy, got, tt.busy, tt.until)
		}
	}
}

func TestTheStatusFileWinsOverTheCalendar(t *testing.T) {
	dir := t.TempDir()
	s := Sources{StatusFile: filepath.Join(dir, "status"), Calendar: filepath.Join(dir, "me.ics")}
	now := time.Date(2026, 3, 2, 8, 10, 0, 0, time.UTC) // in the daily meeting
	for _, tt := range []struct {
		status, calendar string
		want             phone.Presence
		wrong            string
	}{
		{"", "", phone.Available, ""},
		{"", week, phone.BusyNow, "Middle Earth"},
		{"available", week, phone.Available, ""},
		{"DND until noon", week, phone.DND, ""},
		{"away\n", "", phone.Away, ""},
		{"gone fishing", "", "", "available, away, busy or dnd"},
		{"", "BEGIN:VCALENDAR\nBEGIN:", phone.Available, "me.ics"},
	} {
		put(t, s.StatusFile, tt.status)
		put(t, s.Calendar, tt.calendar)
		is, _, err := s.Presence(now)
		if is != tt.want || (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("status %q: %q, %v; want %q, %q", tt.status, is, err, tt.want, tt.wrong)
		}
	}
}

func TestOnlyWhatIsNewInAStatusFileIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "status")
	told := make(chan phone.Presence, 10)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- Sources{StatusFile: path}.Follow(ctx, silent, func(_ context.Context, p phone.Presence) error { told <- p; return nil })
	}()
	for _, word := range []phone.Presence{phone.DND, phone.Available, phone.Away} {
		deadline := time.After(10 * time.Second)
		for is := phone.Presence(""); is != word; {
			put(t, path, string(word)+"\n") // again until the watch stands
			select {
			case is = <-told:
				if is != word {
					t.Fatalf("told %q, want %q", is, word)
				}
			case <-time.After(4 * settle):
			case <-deadline:
				t.Fatalf("%q was never told", word)
			}
		}
	}
	cancel()
	if err := <-ended; err != nil || len(told) != 0 {
		t.Errorf("%v, told %d times too often", err, len(told))
	}
}

func FuzzParseCalendar(f *testing.F) {
	f.Add(week)
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260302\nRRULE:FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2\nEND:VEVENT\nEND:VCALENDAR\n")
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260302\nRRULE:FREQ=DAILY;INTERVAL=-1\nEND:VEVENT\nEND:VCALENDAR\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCalendar(strings.NewReader(text))
		if err != nil {
			return
		}
		now := time.Date(2026, 3, 2, 8, 10, 0, 0, time.UTC)
		if _, until := c.Busy(now); until.Before(now) {
			t.Errorf("the answer was over %v before it was given", now.Sub(until))
		}
	})
}
