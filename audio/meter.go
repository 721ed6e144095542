package audio

import (
	"fmt"
	"math"
	"sync/atomic"
	"time"
)

const (
	meterRelease = 300 * time.Millisecond
	peakHold     = 1500 * time.Millisecond
)

// Meter shows how loud its source is. Level may be called while another
// goroutine reads.
type Meter struct {
	Source Reader

	power  float64 // mean square, 0..1, with release
	peak   float64
	held   int // samples since peak
	zeros  int // samples of digital zero in a row
	level  [2]atomic.Uint64
	silent atomic.Int64
}

// Read passes frame on.
func (m *Meter) Read(frame []int16) (int, error) {
	n, err := m.Source.Read(frame)
	m.measure(frame[:n])
	return n, err
}

func (m *Meter) measure(frame []int16) {
	if len(frame) == 0 {
		return
	}
	var sum int64
	top := 0
	for _, v := range frame {
		sum += int64(v) * int64(v)
		top = max(top, int(v), -int(v))
	}
	now := float64(sum) / float64(len(frame)) / (32768 * 32768)
	keep := math.Exp(-float64(DeviceRate.D(len(frame))) / float64(meterRelease))
	m.power = max(now, m.power*keep)
	if m.held += len(frame); float64(top) >= m.peak || m.held > DeviceRate.N(peakHold) {
		m.peak, m.held = float64(top), 0
	}
	if m.zeros += len(frame); top > 0 {
		m.zeros = 0
	}
	m.publish()
}

func (m *Meter) publish() {
	m.level[0].Store(math.Float64bits(decibels(math.Sqrt(m.power))))
	m.level[1].Store(math.Float64bits(decibels(m.peak / 32768)))
	m.silent.Store(int64(m.zeros))
}

// decibels is amplitude, 0..1, in dBFS.
func decibels(amplitude float64) float64 {
	if amplitude <= 0 {
		return Silence
	}
	return max(Silence, min(20*math.Log10(amplitude), 0))
}

// Level is the loudness of what was read last.
func (m *Meter) Level() Level {
	if m.level[0].Load() == 0 && m.level[1].Load() == 0 {
		return Level{RMS: Silence, Peak: Silence}
	}
	return Level{RMS: math.Float64frombits(m.level[0].Load()), Peak: math.Float64frombits(m.level[1].Load())}
}

// Zeros is how long the source has given nothing but digital zeros.
func (m *Meter) Zeros() time.Duration { return DeviceRate.D(int(m.silent.Load())) }

func (m *Meter) String() string { return fmt.Sprint(m.Source, " → meter") }
