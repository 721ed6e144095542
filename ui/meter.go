package ui

import (
	"fmt"
	"math"
)

// meterFloor and meterTop are the levels at the two ends of a meter, in dBFS;
// speech lies in the middle of them.
const (
	meterFloor = -60.0
	meterTop   = 0.0
	meterLoud  = -9.0 // above this a meter warns
	meterClip  = -3.0 // above this sound is about to be cut off
)

// meterAt is how many of width cells a level lights.
func meterAt(dB float64, width int) int {
	if math.IsNaN(dB) {
		return 0
	}
	share := (dB - meterFloor) / (meterTop - meterFloor)
	return int(math.Round(min(max(share, 0), 1) * float64(width)))
}

// meter draws a level of width cells with the peak of the last seconds as a
// mark, and returns the column after it.
func (a area) meter(x, y, width int, dB, peak float64) int {
	lit, mark := meterAt(dB, width), meterAt(peak, width)-1
	for i := range width {
		glyph, r := "─", track
		if i < lit {
			glyph, r = "━", meterRole(i, width)
		}
		if i == mark && mark >= lit {
			glyph, r = "┃", meterRole(i, width)
		}
		a.put(x+i, y, r, glyph)
	}
	return x + width
}

// meterRole is the role of the i-th of width cells: quiet, loud, too loud.
func meterRole(i, width int) role {
	at := meterFloor + (meterTop-meterFloor)*float64(i)/float64(width)
	switch {
	case at >= meterClip:
		return levelClip
	case at >= meterLoud:
		return levelHigh
	}
	return level
}

// gauge draws a share (0 … 1) of width cells: volume, progress, time left.
func (a area) gauge(x, y, width int, r role, share float64) int {
	lit := int(math.Round(min(max(share, 0), 1) * float64(width)))
	x = a.repeat(x, y, lit, r, "━")
	return a.repeat(x, y, width-lit, track, "─")
}

// decibels writes a level for people; what cannot be heard is "quiet".
func decibels(dB float64) string {
	if math.IsNaN(dB) || dB <= meterFloor {
		return "quiet"
	}
	return fmt.Sprintf("%d dB", int(math.Round(dB)))
}
