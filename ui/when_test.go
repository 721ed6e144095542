package ui

import (
	"testing"
	"time"
)

func TestDurationsInWords(t *testing.T) {
	for _, tt := range []struct {
		d           time.Duration
		timer, span string
	}{
		{-time.Second, "00:00", "0 ms"},
		{400 * time.Millisecond, "00:00", "400 ms"},
		{14 * time.Second, "00:14", "14 s"},
		{94 * time.Second, "01:34", "1 min 34 s"},
		{3760 * time.Second, "1:02:40", "1 h"},
		{72 * time.Hour, "72:00:00", "3 days"},
	} {
		if timer(tt.d) != tt.timer || span(tt.d) != tt.span {
			t.Errorf("%v: %q %q, want %q %q", tt.d, timer(tt.d), span(tt.d), tt.timer, tt.span)
		}
	}
}

func TestDaysInWords(t *testing.T) {
	now := storyTime
	for _, tt := range []struct {
		at       time.Time
		day, ago string
	}{
		{now, "Today", "just now"},
		{now.Add(-14 * time.Minute), "Today", "14 min ago"},
		{now.Add(-3 * time.Hour), "Today", "3 h ago"},
		{now.Add(-13 * time.Hour), "Yesterday", "yesterday"},
		{now.AddDate(0, 0, -3), "Saturday", "3 days ago"},
		{now.AddDate(0, 0, -20), "Wednesday 28 October", "20 days ago"},
		{now.AddDate(-1, 0, 0), "17 November 2025", "17 Nov 2025"},
	} {
		if dayName(now, tt.at) != tt.day || ago(now, tt.at) != tt.ago {
			t.Errorf("%v: %q %q, want %q %q", tt.at, dayName(now, tt.at), ago(now, tt.at), tt.day, tt.ago)
		}
	}
}

func TestDaysAreCountedAcrossTheClockChange(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones on this machine")
	}
	for _, tt := range []struct {
		now, at time.Time
		want    string
	}{
		{time.Date(2026, 3, 29, 0, 30, 0, 0, berlin), time.Date(2026, 3, 28, 23, 59, 0, 0, berlin), "Yesterday"},
		{time.Date(2026, 3, 30, 0, 30, 0, 0, berlin), time.Date(2026, 3, 29, 0, 30, 0, 0, berlin), "Yesterday"},
		{time.Date(2026, 10, 25, 23, 30, 0, 0, berlin), time.Date(2026, 10, 25, 0, 30, 0, 0, berlin), "Today"},
	} {
		if got := dayName(tt.now, tt.at); got != tt.want {
			t.Errorf("%v seen from %v is %s, want %s", tt.at, tt.now, got, tt.want)
		}
	}
}

func TestTheClockIsRightUntilTheNextMinute(t *testing.T) {
	if got := nextMinute(storyTime.Add(12 * time.Second)); got != 48*time.Second {
		t.Error(got)
	}
}

func TestMetersLightWhatIsHeard(t *testing.T) {
	for dB, want := range map[float64]int{-100: 0, -60: 0, -30: 10, 0: 20, 6: 20} {
		if got := meterAt(dB, 20); got != want {
			t.Errorf("%v dB lights %d cells, want %d", dB, got, want)
		}
	}
	if got := drawn(20, 1, func(a area) { a.meter(0, 0, 20, -30, -9) }); got != "━━━━━━━━━━──────┃───" {
		t.Error(got)
	}
}

func TestHistoriesKeepTheNewest(t *testing.T) {
	var h history
	for i := range historyLength + 3 {
		h.add(float64(i))
	}
	if h.count != historyLength || h.at(0) != historyLength+2 || h.at(historyLength-1) != 3 || h.top() != historyLength+2 {
		t.Errorf("%d values, newest %v, oldest %v", h.count, h.at(0), h.at(historyLength-1))
	}
	var few history
	few.add(0)
	few.add(7)
	if got := drawn(4, 1, func(a area) { a.spark(0, 0, 4, level, &few, 7) }); got != "  ▁█" {
		t.Error(got)
	}
}
