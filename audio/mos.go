package audio

import (
	"math"
	"time"
)

// The E-model's defaults and what is put in for Opus.
const (
	basicRating = 93.2 // R0 − Is at the default values of ITU-T G.107 table 2
	lossOpus    = 20.0 // Bpl, robustness against loss: between G.729A (19) and G.711 with concealment (25.1), ITU-T G.113 appendix I
	lossOpusFEC = 60.0 // with one packet in hand that restores a lost one
	lossWorst   = 95.0 // ITU-T G.107 section 7.4
)

// MOS estimates the conversational quality of a call, 1..4.5, by the E-model
// (ITU-T G.107) from the one-way delay and the share of packets lost, 0..1.
// Opus itself is taken as free of impairment at the rates used here, echo as
// cancelled.
func MOS(delay time.Duration, loss float64, redundant bool) float64 {
	return ratingToMOS(basicRating - delayImpairment(delay) - lossImpairment(loss, redundant))
}

// delayImpairment is Idd of ITU-T G.107 section 7.3: nothing up to 100 ms.
func delayImpairment(delay time.Duration) float64 {
	ms := float64(delay) / float64(time.Millisecond)
	if ms <= 100 {
		return 0
	}
	x := math.Log2(ms / 100)
	return 25 * (math.Pow(1+math.Pow(x, 6), 1.0/6) - 3*math.Pow(1+math.Pow(x/3, 6), 1.0/6) + 2)
}

// lossImpairment is Ie,eff of ITU-T G.107 section 7.4 for random loss.
func lossImpairment(loss float64, redundant bool) float64 {
	robust := lossOpus
	if redundant {
		robust = lossOpusFEC
	}
	percent := 100 * min(max(loss, 0), 1)
	return lossWorst * percent / (percent + robust)
}

// ratingToMOS is annex B of ITU-T G.107.
func ratingToMOS(r float64) float64 {
	switch {
	case r <= 0:
		return 1
	case r >= 100:
		return 4.5
	}
	return max(1, 1+0.035*r+r*(r-60)*(100-r)*7e-6)
}
