package audiotest

import (
	"math"
	"math/rand/v2"

	"tring/audio"
)

// Source makes sound without end at DeviceRate; it is a pipeline stage.
type Source func(frame []int16)

// Read fills frame.
func (s Source) Read(frame []int16) (int, error) {
	s(frame)
	return len(frame), nil
}

// Sine is a tone of a level in dBFS.
func Sine(hz, level float64) Source {
	amplitude := 32767 * math.Pow(10, level/20)
	step := 2 * math.Pi * hz / float64(audio.DeviceRate)
	phase := 0.0
	return func(frame []int16) {
		for i := range frame {
			frame[i] = int16(math.Round(amplitude * math.Sin(phase)))
			phase = math.Mod(phase+step, 2*math.Pi)
		}
	}
}

// Quiet is digital silence.
func Quiet() Source { return func(frame []int16) { clear(frame) } }

// Noise is white noise of an RMS level in dBFS; the seed makes it repeatable.
func Noise(seed uint64, level float64) Source {
	random := rand.New(rand.NewPCG(seed, 1))
	rms := 32768 * math.Pow(10, level/20)
	return func(frame []int16) {
		for i := range frame {
			frame[i] = clip(random.NormFloat64() * rms)
		}
	}
}

func clip(x float64) int16 { return int16(max(-32768, min(32767, math.Round(x)))) }

// Collect reads n samples of a source in frames of a period.
func Collect(s Source, n int) []int16 {
	out := make([]int16, n)
	for rest := out; len(rest) > 0; {
		frame := rest[:min(len(rest), audio.DeviceRate.N(audio.Period))]
		s(frame)
		rest = rest[len(frame):]
	}
	return out
}
