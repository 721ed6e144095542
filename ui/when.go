package ui

import (
	"fmt"
	"time"
)

// timer writes how long a call has lasted: 04:18, 1:02:40.
func timer(d time.Duration) string {
	s := int(max(d, 0) / time.Second)
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}

// span writes a duration that has not to be exact: 0.4 s, 14 s, 1 min 34 s, 3 h.
func span(d time.Duration) string {
	switch d = max(d, 0); {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min %02d s", int(d.Minutes()), int(d.Seconds())%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

// left writes the whole seconds until t, at least zero, as a countdown shows them.
func left(now, t time.Time) string {
	return span(max(t.Sub(now), 0).Round(time.Second))
}

// ago says when t was, for a sentence: "just now", "14 min ago", "3 days ago".
func ago(now, t time.Time) string {
	switch d := now.Sub(t); {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return fmt.Sprintf("%d min ago", int(d.Minutes()))
	case day(now).Equal(day(t)):
		return fmt.Sprintf("%d h ago", int(d.Hours()))
	}
	switch days := int(day(now).Sub(day(t)).Hours()/24 + 0.5); {
	case days <= 1:
		return "yesterday"
	case days < 60:
		return fmt.Sprintf("%d days ago", days)
	}
	return t.Format("2 Jan 2006")
}

// dayName heads the entries of one local day.
func dayName(now, t time.Time) string {
	switch days := int(day(now).Sub(day(t)).Hours()/24 + 0.5); {
	case days == 0:
		return "Today"
	case days == 1:
		return "Yesterday"
	case days > 1 && days < 7:
		return t.Format("Monday")
	case t.Year() == now.Year():
		return t.Format("Monday 2 January")
	}
	return t.Format("2 January 2006")
}

// day is the start of t's calendar day. Days are compared in one zone, so that
// the same moment never falls on two of them.
func day(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// nextMinute is how long the clock on the screen stays right.
func nextMinute(now time.Time) time.Duration {
	return now.Truncate(time.Minute).Add(time.Minute).Sub(now)
}
