package portaudio

import (
	"context"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
)

// BenchmarkPeriod is one period of a call's audio loop on a real device: it
// takes 10 ms of waiting, and percent-of-a-core of work, callbacks and sound
// server's client included.
func BenchmarkPeriod(b *testing.B) {
	audiotest.StartSoundServer(b)
	s := start(b)
	for _, size := range []int{480, 960} {
		b.Run(audio.DeviceRate.D(size).String(), func(b *testing.B) {
			d := open(b, s, "a_microphone", "a_speaker", nil)
			defer d.Close()
			frame := make([]int16, size)
			for range 50 {
				d.Read(frame)
				d.Write(frame)
			}
			b.ReportAllocs()
			before, began := audiotest.ProcessorTime(b), time.Now()
			for b.Loop() {
				d.Read(frame)
				d.Write(frame)
			}
			b.ReportMetric(100*float64(audiotest.ProcessorTime(b)-before)/float64(time.Since(began)), "%core")
		})
	}
}

// BenchmarkRoundTrip is the time from the Write of a sample to the Read that
// brings it back, through two devices that are wired to each other.
func BenchmarkRoundTrip(b *testing.B) {
	audiotest.StartSoundServer(b)
	s := start(b)
	here := open(b, s, "b_microphone", "a_mouth", nil)
	there := open(b, s, "a_microphone", "b_mouth", nil)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() { // there only passes on, a period at a time
		frame := make([]int16, 480)
		for ctx.Err() == nil {
			there.Read(frame)
			there.Write(frame)
		}
	}()
	time.Sleep(300 * time.Millisecond)
	var sum time.Duration
	rounds := 0
	for b.Loop() {
		result, err := audio.EchoTest(ctx, here, audio.EchoTestConfig{})
		if err != nil || !result.Echo {
			b.Fatalf("nothing came back: %+v, %v", result, err)
		}
		sum += result.Delay
		rounds++
	}
	b.ReportMetric(float64(sum.Milliseconds())/float64(rounds), "ms/roundtrip")
}
