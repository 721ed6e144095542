package main

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"tring/audio"
)

func TestAProbeMeasuresItsOwnVoiceComingBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProbe()
		defer p.Close()
		const delay = 13 // blocks of 10 ms
		var line [][]int16
		for range 500 {
			block := make([]int16, audio.DeviceRate.N(audio.Period))
			if _, err := p.Read(block); err != nil {
				t.Fatal(err)
			}
			line = append(line, block)
			if len(line) > delay {
				p.Write(line[0])
				line = line[1:]
			}
		}
		h := p.Heard()
		if math.Abs(h.Hz-probeHz) > 3 {
			t.Errorf("heard %.1f Hz, want %.0f", h.Hz, probeHz)
		}
		if want := 20*math.Log10(probePeak) - 3; math.Abs(h.Level-want) > 1 {
			t.Errorf("level %.1f dBFS, want %.1f", h.Level, want)
		}
		if want := (delay + 1) * 10 * time.Millisecond; (h.RoundTrip-want).Abs() > 10*time.Millisecond || h.Bursts < 5 {
			t.Errorf("round trip %v over %d bursts, want %v", h.RoundTrip, h.Bursts, want)
		}
	})
}

func TestAProbeThatHearsNothingSaysSo(t *testing.T) {
	var h hearing
	h.listen(time.Second, make([]int16, 480))
	if got := h.result(); got.Bursts != 0 || !math.IsInf(got.Level, -1) || got.Hz != 0 {
		t.Errorf("heard %+v in silence", got)
	}
}
