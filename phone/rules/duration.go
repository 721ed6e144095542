package rules

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	aDay  = 24 * time.Hour
	aWeek = 7 * aDay
)

// maxDuration bounds what a rules file may say, so that no sum overflows.
const maxDuration = 10 * 366 * aDay

// parseDuration reads "20s", "1h30m", "7d" or "2w". A day is 24 hours.
func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	for suffix, unit := range map[string]time.Duration{"d": aDay, "w": aWeek} {
		if count, whole := strings.CutSuffix(text, suffix); whole {
			var n int
			n, err = strconv.Atoi(count)
			d = time.Duration(min(n, int(maxDuration/unit)+1)) * unit
		}
	}
	if err != nil || d <= 0 || d > maxDuration {
		return 0, fmt.Errorf("cannot read the time %q (want \"20s\", \"5m\", \"12h\" or \"7d\")", text)
	}
	return d, nil
}

// durationText writes a duration the way people write it into a rules file.
func durationText(d time.Duration) string {
	if d >= 2*aDay && d%aDay == 0 {
		return strconv.Itoa(int(d/aDay)) + "d"
	}
	text := d.Round(time.Second).String()
	for _, nothing := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, nothing) {
			text = text[:len(text)-2]
		}
	}
	return text
}
