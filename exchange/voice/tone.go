package voice

import (
	"math"

	"tring/audio"
)

// toneTable is one period of a sine, fine enough that stepping through it
// without interpolation stays 60 dB clean.
var toneTable = func() (t [4096]float64) {
	for i := range t {
		t[i] = math.Sin(2 * math.Pi * float64(i) / float64(len(t)))
	}
	return
}()

// Tone is an endless sine.
type Tone struct {
	step, phase float64 // in entries of toneTable
	peak        float64
}

// NewTone makes a tone of hz hertz whose peak is peak of full scale, 0..1.
func NewTone(hz, peak float64) *Tone {
	return &Tone{step: hz * float64(len(toneTable)) / float64(audio.DeviceRate), peak: peak * math.MaxInt16}
}

// Read fills the frame; a tone never ends.
func (t *Tone) Read(frame []int16) (int, error) {
	for i := range frame {
		frame[i] = int16(t.peak * toneTable[int(t.phase)])
		t.phase = math.Mod(t.phase+t.step, float64(len(toneTable)))
	}
	return len(frame), nil
}
