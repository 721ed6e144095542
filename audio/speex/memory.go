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
		whole := int64(math.Floor(at))
		taps := &interpolation[int((at-float64(whole))*between+0.5)]
		out[i] = int16(max(-32768, min(32767, dot(taps, m.around(whole)))))
	}
}

// around is the samples around the one at n.
func (m *memory) around(n int64) *[2 * around]float32 {
	first := int(n-around+1) & (len(m.ring) - 1)
	if first+2*around <= len(m.ring) {
		return (*[2 * around]float32)(m.ring[first:])
	}
	var seam [2 * around]float32 // where the ring begins again
	copy(seam[copy(seam[:], m.ring[first:]):], m.ring[:])
	return &seam
}

// dot multiplies and adds in four lanes, so that no addition waits for the one
// before it.
func dot(a, b *[2 * around]float32) float32 {
	var s0, s1, s2, s3 float32
	for i := 0; i < len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	return s0 + s1 + s2 + s3
}

// longest is the greatest delay, in samples, that read can reach back.
func (m *memory) longest() float64 { return float64(len(m.ring) - 2*frame - 2*around) }

// shortest is the least: an interpolated sample needs a few after it.
const shortest = around
