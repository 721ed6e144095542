package speex

import (
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
)

func TestAnyRateBecomesAnyOther(t *testing.T) {
	for _, rates := range [][2]audio.SampleRate{{48000, 44100}, {44100, 48000}, {48000, 16000}, {8000, 48000}, {48000, 96000}, {22050, 48000}} {
		there, err := NewResampler(audio.DeviceRate, rates[0])
		if err != nil {
			t.Fatal(err)
		}
		back, err := NewResampler(rates[0], audio.DeviceRate)
		if err != nil {
			t.Fatal(err)
		}
		tone := audiotest.Collect(audiotest.Sine(1000, -10), audio.DeviceRate.N(time.Second))
		other, again := make([]int16, rates[0].N(time.Second)), make([]int16, len(tone))
		made, _ := there.Convert(other, tone)
		made, _ = back.Convert(again, other[:made])
		audiotest.WantTone(t, again[4800:made-4800], 1000, -10, 0.2)
	}
}

func TestARateOfNothingIsRefused(t *testing.T) {
	if _, err := NewResampler(0, audio.DeviceRate); err == nil {
		t.Error("a resampler from 0 Hz was made")
	}
}

func BenchmarkResamplerPeriodDown(b *testing.B) {
	r, err := NewResampler(audio.DeviceRate, 16000)
	if err != nil {
		b.Fatal(err)
	}
	in, out := audiotest.Collect(audiotest.Voice(1), 480), make([]int16, 160)
	b.ReportAllocs()
	for b.Loop() {
		r.Convert(out, in)
	}
}
