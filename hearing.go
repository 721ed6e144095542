package main

import (
	"math"
	"slices"
	"time"

	"tring/audio"
)

// hearing is the bookkeeping of a probe: pure, fed with samples and their time.
type hearing struct {
	spoken    []time.Duration // starts of our bursts
	trips     []time.Duration
	silentFor int
	samples   int // samples in loud blocks
	energy    float64
	wave      wave
}

// quietBefore is how long it must have been silent for a sound to be the start
// of a burst.
const quietBefore = 150 * time.Millisecond

func (h *hearing) spoke(at time.Duration) { h.spoken = append(h.spoken, at) }

// listen takes a block of samples that is heard at a time.
func (h *hearing) listen(at time.Duration, pcm []int16) {
	if level(pcm) < loud {
		h.silentFor += len(pcm)
		h.wave.pause()
		return
	}
	if h.silentFor >= audio.DeviceRate.N(quietBefore) {
		h.arrived(at + audio.DeviceRate.D(onset(pcm)))
	}
	h.silentFor = 0
	h.count(pcm)
}

// arrived matches a burst that came back with the latest one that was spoken.
func (h *hearing) arrived(at time.Duration) {
	for _, spoken := range slices.Backward(h.spoken) {
		if trip := at - spoken; trip > 0 {
			h.trips = append(h.trips, trip)
			return
		}
	}
}

func (h *hearing) count(pcm []int16) {
	for _, s := range pcm {
		h.wave.take(s)
		h.energy += float64(s) * float64(s)
	}
	h.samples += len(pcm)
}

func (h *hearing) result() Hearing {
	if h.samples == 0 {
		return Hearing{Level: math.Inf(-1)}
	}
	out := Hearing{
		Hz:     h.wave.hz(),
		Level:  decibel(h.energy / float64(h.samples)),
		Bursts: len(h.trips),
		Heard:  audio.DeviceRate.D(h.samples),
	}
	if len(h.trips) > 0 {
		slices.Sort(h.trips)
		out.RoundTrip = h.trips[len(h.trips)/2]
	}
	return out
}

// onset is the index of the first sample that is loud.
func onset(pcm []int16) int {
	border := int16(math.MaxInt16 * math.Pow(10, loud/20))
	return max(0, slices.IndexFunc(pcm, func(s int16) bool { return s > border || s < -border }))
}

// level is the RMS of samples in dBFS.
func level(pcm []int16) float64 {
	var sum float64
	for _, s := range pcm {
		sum += float64(s) * float64(s)
	}
	return decibel(sum / float64(len(pcm)))
}

func decibel(meanSquare float64) float64 {
	return 10 * math.Log10(meanSquare/(math.MaxInt16*math.MaxInt16))
}

// wave measures a frequency by whole periods: from one upward zero crossing to
// the next, never over a pause. The edges of a burst and a codec's noise make
// some periods odd; only those near the median count.
type wave struct {
	lengths [1024]int // how many periods were so many samples long
	periods int
	since   int // samples since the last crossing, -1 before the first
	last    int16
}

func (w *wave) pause() { w.since, w.last = -1, 0 }

func (w *wave) take(s int16) {
	if w.since >= 0 {
		w.since++
	}
	if w.last < 0 && s >= 0 {
		if w.since > 0 && w.since < len(w.lengths) {
			w.lengths[w.since]++
			w.periods++
		}
		w.since = 0
	}
	w.last = s
}

func (w *wave) median() int {
	seen := 0
	for length, n := range w.lengths {
		if seen += n; 2*seen >= w.periods {
			return length
		}
	}
	return 0
}

func (w *wave) hz() float64 {
	if w.periods == 0 {
		return 0
	}
	middle := w.median()
	periods, length := 0, 0
	for i := middle * 8 / 10; i <= middle*12/10 && i < len(w.lengths); i++ {
		periods += w.lengths[i]
		length += w.lengths[i] * i
	}
	return float64(periods) / audio.DeviceRate.D(length).Seconds()
}
