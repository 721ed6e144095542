package rules

import (
	"testing"
	"time"
)

func hours(t *testing.T, zone string, def hoursDef) *Hours {
	t.Helper()
	def.Timezone = zone
	h, err := compileHours("test", def, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestANightIsAsLongAsTheClocksMakeIt(t *testing.T) {
	tests := []struct {
		zone string
		from string // the day on whose evening the night begins
		want int    // minutes
	}{
		{"America/New_York", "2026-03-07", 8 * 60}, // clocks go forward at 2:00
		{"America/New_York", "2026-10-31", 10 * 60},
		{"America/New_York", "2026-06-01", 9 * 60},
		{"Europe/Berlin", "2026-03-28", 8 * 60},
		{"Europe/Berlin", "2026-10-24", 10 * 60},
		{"Europe/Berlin", "2026-12-31", 9 * 60},
		{"Australia/Lord_Howe", "2026-10-03", 8*60 + 30}, // by half an hour
		{"Australia/Lord_Howe", "2026-04-04", 9*60 + 30},
		{"Asia/Kolkata", "2026-03-28", 9 * 60}, // no change of clocks
	}
	for _, tt := range tests {
		t.Run(tt.zone+" "+tt.from, func(t *testing.T) {
			h := hours(t, tt.zone, hoursDef{Weekly: []string{"every 22:00-07:00"}})
			noon, err := time.ParseInLocation("2006-01-02 15:04", tt.from+" 12:00", h.Zone)
			if err != nil {
				t.Fatal(err)
			}
			open := 0
			for m := range 24 * 60 {
				if is, _ := h.Open(noon.Add(time.Duration(m) * time.Minute)); is {
					open++
				}
			}
			if open != tt.want {
				t.Errorf("open for %d minutes, want %d", open, tt.want)
			}
		})
	}
}

// TestANightThatBeganEndsWhenItEnds: whatever the next day is, and whatever the
// clocks do meanwhile.
func TestANightThatBeganEndsWhenItEnds(t *testing.T) {
	for name, next := range map[string]func(date string) hoursDef{
		"a closed date":                 func(d string) hoursDef { return hoursDef{Closed: []string{d}} },
		"a date with hours of its own":  func(d string) hoursDef { return hoursDef{Open: []string{d + " 10:00-12:00"}} },
		"both, of which the hours hold": func(d string) hoursDef { return hoursDef{Closed: []string{d}, Open: []string{d + " 10:00-12:00"}} },
	} {
		for _, night := range []struct {
			zone, date string // that it leads into
			want       int    // minutes
		}{
			{"America/New_York", "2026-12-24", 9 * 60},
			{"America/New_York", "2026-03-08", 8 * 60}, // clocks go forward
			{"Europe/Berlin", "2026-10-25", 10 * 60},   // and back
		} {
			def := next(night.date)
			def.Weekly = []string{"every 22:00-07:00"}
			h := hours(t, night.zone, def)
			morning, err := time.ParseInLocation("2006-01-02 15:04", night.date+" 09:59", h.Zone)
			if err != nil {
				t.Fatal(err)
			}
			open := 0
			for m := range 14 * 60 {
				if is, _ := h.Open(morning.Add(time.Duration(-m) * time.Minute)); is {
					open++
				}
			}
			if evening, _ := h.Open(morning.Add(13 * time.Hour)); open != night.want || evening {
				t.Errorf("into %s, %s %s: open for %d minutes, want %d; the evening after: %v", name, night.zone, night.date, open, night.want, evening)
			}
		}
	}
}

// TestTheDaysOnWhichClocksChange: an office opens by the clock on the wall,
// whatever the sun does; the moments are given in UTC, which knows no summer.
func TestTheDaysOnWhichClocksChange(t *testing.T) {
	office := []string{"every 01:30-03:30"} // around the change, where mistakes would be
	for _, tt := range []struct {
		zone, utc string
		want      bool
		wall      string
	}{
		// New York, 8 March: 1:59 EST is followed by 3:00 EDT
		{"America/New_York", "2026-03-08 06:29", false, "01:29"},
		{"America/New_York", "2026-03-08 06:30", true, "01:30"},
		{"America/New_York", "2026-03-08 06:59", true, "01:59"},
		{"America/New_York", "2026-03-08 07:00", true, "03:00"},
		{"America/New_York", "2026-03-08 07:29", true, "03:29"},
		{"America/New_York", "2026-03-08 07:30", false, "03:30"},
		// New York, 1 November: 1:59 EDT is followed by 1:00 EST
		{"America/New_York", "2026-11-01 05:29", false, "01:29"},
		{"America/New_York", "2026-11-01 05:30", true, "01:30"},
		{"America/New_York", "2026-11-01 06:00", false, "01:00"}, // again
		{"America/New_York", "2026-11-01 06:30", true, "01:30"},  // again
		{"America/New_York", "2026-11-01 08:29", true, "03:29"},
		{"America/New_York", "2026-11-01 08:30", false, "03:30"},
		// Berlin, 29 March: 1:59 CET is followed by 3:00 CEST
		{"Europe/Berlin", "2026-03-29 00:30", true, "01:30"},
		{"Europe/Berlin", "2026-03-29 01:00", true, "03:00"},
		{"Europe/Berlin", "2026-03-29 01:30", false, "03:30"},
		// Berlin, 25 October: 2:59 CEST is followed by 2:00 CET
		{"Europe/Berlin", "2026-10-24 23:29", false, "01:29"},
		{"Europe/Berlin", "2026-10-24 23:30", true, "01:30"},
		{"Europe/Berlin", "2026-10-25 00:59", true, "02:59"},
		{"Europe/Berlin", "2026-10-25 01:00", true, "02:00"}, // again
		{"Europe/Berlin", "2026-10-25 02:30", false, "03:30"},
		// Lord Howe Island, half an hour: 4 October 1:59 is followed by 2:30, 5 April 1:59 by 1:30
		{"Australia/Lord_Howe", "2026-10-03 15:29", true, "01:59"},
		{"Australia/Lord_Howe", "2026-10-03 15:30", true, "02:30"},
		{"Australia/Lord_Howe", "2026-10-03 16:30", false, "03:30"},
		{"Australia/Lord_Howe", "2026-04-04 14:59", true, "01:59"},
		{"Australia/Lord_Howe", "2026-04-04 15:00", true, "01:30"}, // again
		{"Australia/Lord_Howe", "2026-04-04 17:00", false, "03:30"},
	} {
		h := hours(t, tt.zone, hoursDef{Weekly: office})
		when, err := time.Parse("2006-01-02 15:04", tt.utc)
		if err != nil {
			t.Fatal(err)
		}
		if wall := when.In(h.Zone).Format("15:04"); wall != tt.wall {
			t.Errorf("%s UTC is %s in %s, not %s: the table is wrong", tt.utc, wall, tt.zone, tt.wall)
		}
		if got, why := h.Open(when); got != tt.want {
			t.Errorf("%s, %s on the wall: open = %v (%s), want %v", tt.zone, tt.wall, got, why, tt.want)
		}
	}
}

// TestAnHourThatDoesNotExistStillOpens: on the day on which clocks go forward
// what begins at 2:30 begins when they have.
func TestAnHourThatDoesNotExistStillOpens(t *testing.T) {
	for _, tt := range []struct{ zone, weekly, before, opens string }{
		{"America/New_York", "every 02:30-05:00", "2026-03-08 06:00", "2026-03-08 07:00"},
		{"Europe/Berlin", "every 02:30-05:00", "2026-03-29 00:00", "2026-03-29 01:00"},
		{"Asia/Beirut", "every 00:30-05:00", "2026-03-28 21:00", "2026-03-28 22:00"}, // they jump at midnight
	} {
		h := hours(t, tt.zone, hoursDef{Weekly: []string{tt.weekly}})
		before, _ := time.Parse("2006-01-02 15:04", tt.before)
		next, ok := h.NextOpen(before)
		if got := next.UTC().Format("2006-01-02 15:04"); got != tt.opens {
			t.Errorf("%s: opens at %s, want %s", tt.zone, got, tt.opens)
		}
		for at := before; ok && at.Before(next); at = at.Add(time.Minute) {
			if open, _ := h.Open(at); open {
				t.Errorf("%s: open at %v already, next open is %v", tt.zone, at.UTC(), next.UTC())
				break
			}
		}
		if open, _ := h.Open(next); !ok || !open {
			t.Errorf("%s: next open is %v, %v, and it is open: %v", tt.zone, next.UTC(), ok, open)
		}
	}
}

func TestMidnightBelongsToTheNightThatBegan(t *testing.T) {
	for _, zone := range []string{"America/New_York", "Europe/Berlin", "Asia/Tokyo"} {
		h := hours(t, zone, hoursDef{Weekly: []string{"fri 22:00-02:00", "sun 00:00-24:00"}})
		for _, tt := range []struct {
			at   string
			want bool
		}{
			{"2026-11-20 21:59", false}, {"2026-11-20 22:00", true}, {"2026-11-20 23:59", true}, // Friday
			{"2026-11-21 00:00", true}, {"2026-11-21 01:59", true}, {"2026-11-21 02:00", false}, // Saturday
			{"2026-11-22 00:00", true}, {"2026-11-22 23:59", true}, {"2026-11-23 00:00", false}, // Sunday, Monday
		} {
			when, _ := time.ParseInLocation("2006-01-02 15:04", tt.at, h.Zone)
			if got, why := h.Open(when); got != tt.want {
				t.Errorf("%s %s: open = %v (%s), want %v", zone, tt.at, got, why, tt.want)
			}
		}
	}
}

func TestNextOpen(t *testing.T) {
	h := hours(t, "America/New_York", hoursDef{
		Weekly: []string{"mon-thu 09:00-17:00", "fri 09:00-13:00"}, Holidays: "us",
		Closed: []string{"2026-12-24", "2026-12-28..2026-12-31"}, Open: []string{"2026-12-28 10:00-12:00"},
	})
	for _, tt := range []struct{ name, at, want string }{
		{"while open it is now", "2026-11-17 10:00", "2026-11-17 10:00"},
		{"before the morning", "2026-11-17 08:00", "2026-11-17 09:00"},
		{"over the weekend", "2026-11-20 13:00", "2026-11-23 09:00"},
		{"over Christmas to the day that is different", "2026-12-25 10:00", "2026-12-28 10:00"},
		{"over closed dates and New Year's Day", "2026-12-28 12:00", "2027-01-04 09:00"},
		{"over Thanksgiving", "2026-11-25 17:00", "2026-11-27 09:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := h.NextOpen(at(t, tt.at))
			if !ok || !got.Equal(at(t, tt.want)) {
				t.Errorf("next open %v, want %s", got, tt.want)
			}
		})
	}
}

func TestHoursThatNeverOpenHaveNoNext(t *testing.T) {
	h := hours(t, "UTC", hoursDef{Weekly: []string{"mon 09:00-10:00"}, Closed: []string{"2026-01-01..2030-01-01"}})
	if next, ok := h.NextOpen(time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)); ok {
		t.Errorf("next open %v", next)
	}
}
