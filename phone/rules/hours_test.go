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
		from string // local noon before the night
		want int    // hours
	}{
		{"America/New_York", "2026-03-07", 8}, // clocks go forward
		{"America/New_York", "2026-10-31", 10},
		{"America/New_York", "2026-06-01", 9},
		{"Europe/Berlin", "2026-03-28", 8},
		{"Europe/Berlin", "2026-10-24", 10},
		{"Australia/Lord_Howe", "2026-04-04", 9}, // half an hour back: 9.5 h, counted in whole hours
		{"Asia/Kolkata", "2026-03-28", 9},        // no change of clocks
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
			if open/60 != tt.want {
				t.Errorf("open for %d minutes, want %d hours", open, tt.want)
			}
		})
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
