package audiotest

import (
	"testing"
	"time"

	"tring/audio"
)

func TestAlignFindsDelaysThatChange(t *testing.T) {
	if testing.Short() {
		t.Skip("computes long in one goroutine")
	}
	said := Collect(Voice(1), audio.DeviceRate.N(8*time.Second))
	half := len(said) / 2
	first, second := 70*time.Millisecond, 190*time.Millisecond
	var heard []int16
	heard = append(heard, make([]int16, audio.DeviceRate.N(first))...)
	heard = append(heard, said[:half]...)
	heard = append(heard, make([]int16, audio.DeviceRate.N(second-first))...)
	heard = append(heard, said[half:]...)
	a := Align(said, heard, audio.DeviceRate, time.Second)
	if got := a.Delay(0); got != first {
		t.Errorf("least delay %v, want %v", got, first)
	}
	if got := a.Delay(1); got != second {
		t.Errorf("greatest delay %v, want %v", got, second)
	}
	if s := STOI(a.Said, a.Heard, audio.DeviceRate); s < 0.9 {
		t.Errorf("after alignment STOI is %.3f, want 1 but for the syllable that was cut apart", s)
	}
}

func TestSpeechIsFullyIntelligibleToItself(t *testing.T) {
	said := Collect(Voice(1), audio.DeviceRate.N(4*time.Second))
	if s := STOI(said, said, audio.DeviceRate); s < 0.9999 {
		t.Errorf("STOI of a signal with itself is %.4f, want 1", s)
	}
}

func TestIntelligibilityFallsWithNoiseAndGaps(t *testing.T) {
	said := Collect(Voice(1), audio.DeviceRate.N(4*time.Second))
	last := 1.0
	for _, level := range []float64{-50, -35, -25, -15} {
		noisy := Collect(Noise(2, level), len(said))
		for i := range noisy {
			noisy[i] = clip(float64(noisy[i]) + float64(said[i]))
		}
		s := STOI(said, noisy, audio.DeviceRate)
		if s >= last {
			t.Errorf("noise at %v dBFS: STOI %.3f, not below %.3f", level, s, last)
		}
		last = s
	}
	holes := append([]int16(nil), said...)
	for i := range holes {
		if i/audio.DeviceRate.N(20*time.Millisecond)%5 == 0 {
			holes[i] = 0
		}
	}
	if s := STOI(said, holes, audio.DeviceRate); s > 0.9 || s < 0.5 {
		t.Errorf("one fifth of the sound missing: STOI %.3f, want .5 to .9", s)
	}
}
