package rules

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// slot is how much time one character of the picture stands for.
const slot = 30 * time.Minute

// PrintWeek draws the hours of the seven days that begin with day, one
// character for half an hour.
func (b *Book) PrintWeek(w io.Writer, day time.Time) {
	for _, name := range slices.Sorted(maps.Keys(b.hours)) {
		h := b.hours[name]
		fmt.Fprintf(w, "%-11s%s   %s\n", name, ruler(), zoneName(h.Zone))
		y, m, d := day.In(h.Zone).Date()
		for i := range 7 {
			h.printDay(w, time.Date(y, m, d+i, 0, 0, 0, 0, h.Zone))
		}
		fmt.Fprintln(w)
	}
	if len(b.hours) > 0 {
		fmt.Fprintln(w, "# open   . closed   one mark is half an hour")
	}
}

func zoneName(zone *time.Location) string {
	if zone == time.Local {
		return "this computer's time"
	}
	return zone.String()
}

// ruler names every third hour above the picture.
func ruler() string {
	var s strings.Builder
	for hour := 0; hour < 24; hour += 3 {
		fmt.Fprintf(&s, "%-6d", hour)
	}
	return s.String()
}

func (h *Hours) printDay(w io.Writer, midnight time.Time) {
	var row strings.Builder
	y, m, d := midnight.Date()
	for minute := 0; minute < minutesPerDay; minute += int(slot.Minutes()) {
		mark := "."
		if open, _ := h.Open(time.Date(y, m, d, 0, minute, 0, 0, h.Zone)); open {
			mark = "#"
		}
		row.WriteString(mark)
	}
	note := ""
	if why, shut := h.shut(midnight); shut {
		note = "  <- " + why
	} else if h.onlyToday(dateOf(midnight)) != nil {
		note = "  <- this date is different"
	}
	fmt.Fprintf(w, "%-11s%s%s\n", midnight.Format("Mon 02 Jan"), row.String(), note)
}
