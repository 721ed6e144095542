package speex

import (
	"math"
)

// memory keeps the far end's last second, and gives it back late by any time,
// also between samples.
type memory struct {
	ring [1 << 14]float32 // 1.02 s
	n    int64            // samples ever put in
}

const (
	between = 128 // positions between two samples
	around  = 8   // samples on each side that an interpolated one is made of
)

var interpolation = func() (taps [between + 1][2 * around]float32) {
	for i := range taps {
		for k := range taps[i] {
			x := float64(k-around+1) - float64(i)/between
			taps[i][k] = float32(sinc(x) * (0.5 + 0.5*math.Cos(math.Pi*x/(around+0.5))))
		}
	}
	return taps
}()

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

func (m *memory) put(frame []int16) {
	for _, s := range frame {
		m.ring[m.n&int64(len(m.ring)-1)] = float32(s)
		m.n++
	}
}

// read fills out with what was put in delay samples ago; while it reads, the
// delay changes by slope for each sample.
func (m *memory) read(out []int16, delay, slope float64) {
	start := float64(m.n-int64(len(out))) - delay
	for i := range out {
		at := start + float64(i)*(1-slope)
		whole := math.Floor(at)
		taps := &interpolation[int((at-whole)*between+0.5)]
		sum := float32(0)
		for k, tap := range taps {
			sum += tap * m.ring[(int64(whole)+int64(k-around+1))&int64(len(m.ring)-1)]
		}
		out[i] = int16(max(-32768, min(32767, sum)))
	}
}

// longest is the greatest delay, in samples, that read can reach back.
func (m *memory) longest() float64 { return float64(len(m.ring) - 2*frame - 2*around) }

// shortest is the least: an interpolated sample needs a few after it.
const shortest = around
