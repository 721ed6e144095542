package rules

import (
	"testing"
	"time"
)

func TestExceptionsAreTheDatesOnWhichTheWeekDoesNotHold(t *testing.T) {
	h := hours(t, "Europe/Berlin", hoursDef{
		Weekly: []string{"mon-fri 09:00-17:00"}, Holidays: "de",
		Closed: []string{"2026-12-28..2027-01-03"}, Open: []string{"2026-12-24 09:00-12:00", "2026-12-26 10:00-11:30"},
	})
	from := time.Date(2026, 12, 21, 23, 30, 0, 0, time.UTC) // the 22nd in Berlin
	var got []string
	for _, e := range h.Exceptions(from, 11) {
		got = append(got, e.String())
	}
	want := []string{
		"Thu 24 Dec 2026 open 09:00-12:00 (hours of that date)",
		"Fri 25 Dec 2026 closed (public holiday: Weihnachtstag)",
		"Sat 26 Dec 2026 open 10:00-11:30 (hours of that date)",
		"Mon 28 Dec 2026 closed (closed date)",
		"Tue 29 Dec 2026 closed (closed date)",
		"Wed 30 Dec 2026 closed (closed date)",
		"Thu 31 Dec 2026 closed (closed date)",
		"Fri 1 Jan 2027 closed (closed date)",
	}
	if len(got) != len(want) {
		t.Fatalf("%q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%q, want %q", got[i], want[i])
		}
	}
}
