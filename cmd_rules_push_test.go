package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tring/phone/rules"
	"tring/signaling/cloud/graph"
)

func hoursFrom(t *testing.T, table string) *rules.Hours {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rules.toml")
	if err := os.WriteFile(path, []byte("version = 1\n[hours.shop]\n"+table), 0o600); err != nil {
		t.Fatal(err)
	}
	book, err := rules.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	h, err := hoursOf(book, nil)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestTheNextTwentyClosedDaysGoToMetaAndNoneIsOver(t *testing.T) {
	h := hoursFrom(t, `timezone = "Europe/Madrid"
weekly = ["mon-fri 09:00-17:00"]
closed = ["2026-11-01..2026-12-31"]
open = ["2027-01-04 10:00-12:00"]
`)
	now := time.Date(2026, 11, 20, 23, 30, 0, 0, time.UTC) // Saturday the 21st in Madrid
	got, untold := metaHours(h, now)
	if err := got.Check(now); err != nil {
		t.Error(err)
	}
	if n := len(got.Holidays); n != graph.MaxHolidays || got.Holidays[0] != (graph.Holiday{Date: "2026-11-23", Start: 0, End: 1439}) {
		t.Errorf("%d holidays, the first %+v", n, got.Holidays[0])
	}
	said := strings.Join(untold, "\n")
	if !strings.Contains(said, "Mon 4 Jan 2027 open 10:00-12:00 (hours of that date): Meta keeps the hours of the week") || !strings.Contains(said, "9 more closed days") {
		t.Error(said)
	}
}

func TestEveryHourThatTheRulesHaveOpenIsOpenAtMeta(t *testing.T) {
	for name, table := range map[string]string{
		"office":       `weekly = ["mon-fri 09:00-13:30", "mon-fri 15:30-19:00", "sat 10:00-14:00"]`,
		"night":        `weekly = ["fri-sat 20:00-02:00"]`,
		"touching":     `weekly = ["mon 08:00-12:00", "mon 12:00-16:00"]`,
		"whole day":    `weekly = ["sun 00:00-24:00"]`,
		"around a day": `weekly = ["wed 06:00-06:00"]`,
	} {
		t.Run(name, func(t *testing.T) {
			h := hoursFrom(t, "timezone = \"Europe/Madrid\"\n"+table)
			got, _ := metaHours(h, time.Now())
			monday := time.Date(2026, 6, 1, 0, 0, 0, 0, h.Zone)
			for m := range 7 * 24 * 60 {
				at := monday.Add(time.Duration(m) * time.Minute)
				minute := at.Hour()*60 + at.Minute()
				want, _ := h.Open(at)
				if is := opensAt(got, at.Weekday(), minute); is != want && minute != 23*60+59 {
					t.Fatalf("%s: open at Meta %v, in the rules %v", at, is, want)
				}
			}
		})
	}
}

// opensAt reads hours as Meta does; their last minute of a day is 23:59.
func opensAt(h graph.Hours, day time.Weekday, minute int) bool {
	for _, s := range h.Weekly {
		if s.Day == day && minute >= s.Start && minute < s.End {
			return true
		}
	}
	return false
}
