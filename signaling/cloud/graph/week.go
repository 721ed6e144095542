package graph

import (
	"cmp"
	"slices"
	"time"
)

// WeekOf makes hours from spans as people define them: one may cross midnight
// (End past 24*60), end at midnight, or touch another. Meta wants none of
// that; the last minute of a day is 23:59.
func WeekOf(zone string, spans []OpenSpan) Hours {
	var parts []OpenSpan
	for _, s := range spans {
		parts = append(parts, split(s)...)
	}
	slices.SortFunc(parts, func(a, b OpenSpan) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Start, b.Start))
	})
	h := Hours{Enabled: true, Zone: zone}
	for _, s := range parts {
		if n := len(h.Weekly); n > 0 && h.Weekly[n-1].Day == s.Day && s.Start <= h.Weekly[n-1].End {
			h.Weekly[n-1].End = max(h.Weekly[n-1].End, s.End)
			continue
		}
		h.Weekly = append(h.Weekly, s)
	}
	return h
}

// split cuts a span at midnight.
func split(s OpenSpan) []OpenSpan {
	const midnight = lastMinute + 1
	if s.End <= midnight {
		return []OpenSpan{{s.Day, s.Start, min(s.End, lastMinute)}}
	}
	next := OpenSpan{(s.Day + 1) % 7, 0, min(s.End-midnight, lastMinute)}
	return []OpenSpan{{s.Day, s.Start, lastMinute}, next}
}

// Closed adds a whole day on which nobody answers.
func (h *Hours) Closed(day time.Time) {
	h.Holidays = append(h.Holidays, Holiday{day.Format(time.DateOnly), 0, lastMinute})
}
