package phone

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var strict = Limits{
	PerHour: 3, NewPerDay: 2, Gap: 2 * time.Minute, Unanswered: 2, ConfirmNew: true,
	QuietFrom: 21 * time.Hour, QuietTo: 8 * time.Hour,
}

func TestLimits(t *testing.T) {
	out := func(row int, who string, minute int, o Outcome) Digest { return past(row, who, minute, Outbound, o) }
	for _, row := range []struct {
		name   string
		log    []Digest
		who    string
		minute int // of the new call
		refuse string
		doubt  string
	}{
		{"somebody new", nil, "+1", 0, "", "never talked"},
		{"somebody who called us", []Digest{past(1, "+1", 0, Inbound, OutcomeMissed)}, "+1", 5, "", ""},
		{"again after a minute", []Digest{out(1, "+1", 0, OutcomeAnswered)}, "+1", 1, "wait 1m0s", ""},
		{"again after two minutes", []Digest{out(1, "+1", 0, OutcomeAnswered)}, "+1", 2, "", ""},
		{"the third after two unanswered ones, too soon", []Digest{out(1, "+1", 0, OutcomeNoAnswer), out(2, "+1", 3, OutcomeNoAnswer)}, "+1", 8, "wait 5m0s", ""},
		{"the third after two unanswered ones, later", []Digest{out(1, "+1", 0, OutcomeNoAnswer), out(2, "+1", 3, OutcomeNoAnswer)}, "+1", 13, "", "did not answer your last 2"},
		{"they called back in between", []Digest{out(1, "+1", 0, OutcomeNoAnswer), out(2, "+1", 3, OutcomeNoAnswer), past(3, "+1", 4, Inbound, OutcomeMissed)}, "+1", 13, "", ""},
		{"the fourth call of the hour", []Digest{out(1, "+1", 0, OutcomeAnswered), out(2, "+1", 10, OutcomeAnswered), out(3, "+1", 20, OutcomeAnswered)}, "+1", 30, "3 calls were placed", ""},
		{"an hour later", []Digest{out(1, "+1", 0, OutcomeAnswered), out(2, "+1", 10, OutcomeAnswered), out(3, "+1", 20, OutcomeAnswered)}, "+1", 61, "", ""},
		{"the third new person of the day", []Digest{out(1, "+1", 0, OutcomeAnswered), out(2, "+2", 90, OutcomeAnswered)}, "+3", 180, "2 new people", ""},
		{"an old one although two new ones were called", []Digest{out(1, "+1", 0, OutcomeAnswered), out(2, "+2", 90, OutcomeAnswered)}, "+1", 180, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			now := past(0, "", row.minute, Outbound, "").Started
			r := dealingsWith(row.log, row.who, now)
			err := strict.refuse(r, now)
			switch {
			case row.refuse == "" && err != nil:
				t.Errorf("refused: %v", err)
			case row.refuse != "" && (!errors.Is(err, RateLimited) || !strings.Contains(err.Error(), row.refuse)):
				t.Errorf("refused with %v, want %q", err, row.refuse)
			}
			if got := strings.Join(strict.doubts(r), " "); row.refuse == "" && !strings.Contains(got, row.doubt) || row.doubt == "" && got != "" && row.refuse == "" {
				t.Errorf("doubts %q, want %q", got, row.doubt)
			}
		})
	}
}

func TestQuietHoursCrossMidnight(t *testing.T) {
	for hour, want := range map[int]bool{20: false, 21: true, 23: true, 0: true, 7: true, 8: false, 12: false} {
		if got := strict.quiet(time.Duration(hour) * time.Hour); got != want {
			t.Errorf("at %d o'clock quiet is %v", hour, got)
		}
	}
	if (Limits{}).quiet(0) {
		t.Error("without quiet hours midnight is quiet")
	}
}

func TestQuietHoursAreThoseOfTheCallee(t *testing.T) {
	for _, tt := range []struct{ who, number, utc, there string }{
		{"London at noon", "+442079460000", "12:00", ""},
		{"Tokyo at that moment", "+81312345678", "12:00", "21:00"},
		{"New York at that moment", "+12125550100", "12:00", "07:00"},
		{"Berlin, a minute before nine in the evening", "+4930123456", "19:59", ""},
		{"Berlin, at nine", "+4930123456", "20:00", "21:00"},
		{"Berlin, a minute before eight in the morning", "+4930123456", "06:59", "07:59"},
		{"Berlin, at eight", "+4930123456", "07:00", ""},
		{"a number that may be anywhere", "+18005550100", "03:00", ""},
	} {
		now, err := time.Parse("2006-01-02 15:04", "2026-11-03 "+tt.utc)
		if err != nil {
			t.Fatal(err)
		}
		r := dealings{known: true, there: ReadNumber(tt.number, "", now).LocalTime}
		want := ""
		if tt.there != "" {
			want = "It is " + tt.there + " there."
		}
		if got := strings.Join(strict.doubts(r), " "); got != want {
			t.Errorf("%s: %q, want %q", tt.who, got, want)
		}
		if got := (Limits{}).doubts(r); got != nil {
			t.Errorf("%s: without limits %q", tt.who, got)
		}
	}
}

func TestWithoutLimitsNothingIsRefused(t *testing.T) {
	busy := dealings{lastHour: 1000, newToday: 1000, unanswered: 1000, last: time.Now()}
	if err := (Limits{}).refuse(busy, time.Now()); err != nil {
		t.Error(err)
	}
	if why := (Limits{}).doubts(busy); why != nil {
		t.Error(why)
	}
}
