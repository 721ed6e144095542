package graph

import (
	"testing"
	"time"
)

func TestAWeekAsPeopleDefineItIsOneThatMetaTakes(t *testing.T) {
	h := WeekOf("Europe/Madrid", []OpenSpan{
		{time.Saturday, 20 * 60, 26 * 60}, // until two on Sunday
		{time.Sunday, 2 * 60, 4 * 60},     // and on
		{time.Monday, 0, 24 * 60},
		{time.Tuesday, 9 * 60, 13 * 60},
		{time.Tuesday, 12 * 60, 18 * 60},
	})
	h.Closed(time.Date(2027, 1, 6, 0, 0, 0, 0, time.UTC))
	const want = "ENABLED, Europe/Madrid, Sunday 0000-0400, Monday 0000-2359, Tuesday 0900-1800, Saturday 2000-2359, 2027-01-06 0000-2359"
	if got := h.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if err := h.Check(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Error(err)
	}
}
