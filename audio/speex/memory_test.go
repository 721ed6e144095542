package speex

import (
	"math"
	"testing"
)

// wave is a sine of 440 Hz at a moment in samples.
func wave(at float64) int16 {
	return int16(math.Round(10000 * math.Sin(2*math.Pi*440*at/float64(rate))))
}

func TestWhatWasPutInComesOutAsLateAsAsked(t *testing.T) {
	for _, delay := range []float64{shortest, 100, 100.5, 1234.25, 16000 - 1000.3} {
		var m memory
		in, out := make([]int16, frame), make([]int16, frame)
		now := 0
		for range 150 {
			for i := range in {
				in[i] = wave(float64(now + i))
			}
			m.put(in)
			m.read(out, delay, 0)
			now += frame
		}
		for i, got := range out {
			want := wave(float64(now-frame+i) - delay)
			if math.Abs(float64(got)-float64(want)) > 60 { // -45 dB
				t.Fatalf("delay %v: sample %d is %d, want %d", delay, i, got, want)
			}
		}
	}
}

func BenchmarkMemoryRead(b *testing.B) {
	var m memory
	out := make([]int16, frame)
	b.ReportAllocs()
	for b.Loop() {
		m.put(out)
		m.read(out, 1234.5, 1e-4)
	}
}
