package portaudio

import (
	"context"
	"sync"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
)

func start(t testing.TB) *System {
	t.Helper()
	s := Start(Options{})
	t.Cleanup(func() { s.Close() })
	return s
}

func pulse(name string) ID { return ID{pulseAPI, name} }

func open(t testing.TB, s *System, mic, speaker string, report func(Report)) *Device {
	t.Helper()
	d, err := s.Open(Config{Microphone: mic, Speaker: speaker, Report: report})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// pump runs a device as a call does: each frame heard is kept, and one of
// source is spoken. It returns what the last span heard.
func pump(ctx context.Context, d *Device, source audiotest.Source) (tail func(time.Duration) []int16) {
	var mu sync.Mutex
	var heard []int16
	go func() {
		in, out := make([]int16, 960), make([]int16, 960)
		source(out)
		d.Write(out) // one frame in hand
		for ctx.Err() == nil {
			if _, err := d.Read(in); err != nil {
				return
			}
			source(out)
			d.Write(out)
			mu.Lock()
			heard = append(heard, in...)
			mu.Unlock()
		}
	}()
	return func(span time.Duration) []int16 {
		mu.Lock()
		defer mu.Unlock()
		n := min(audio.DeviceRate.N(span), len(heard))
		return append([]int16(nil), heard[len(heard)-n:]...)
	}
}

// awaitTone listens to what a device hears from now on.
func awaitTone(t *testing.T, tail func(time.Duration) []int16, hz, level float64) {
	t.Helper()
	audiotest.AwaitTone(t, func() []int16 {
		time.Sleep(300 * time.Millisecond)
		return tail(250 * time.Millisecond)
	}, hz, level, 3)
}

func TestAToneTravelsFromSpeakerToMicrophoneBothWays(t *testing.T) {
	audiotest.StartSoundServer(t)
	s := start(t)
	phone := open(t, s, "a_microphone", "a_speaker", nil)
	room := open(t, s, "a_ear", "a_mouth", nil)
	atPhone := pump(t.Context(), phone, audiotest.Sine(1000, -12))
	inRoom := pump(t.Context(), room, audiotest.Sine(440, -20))
	awaitTone(t, atPhone, 440, -20)
	awaitTone(t, inRoom, 1000, -12)
	t.Log(phone.Info())
	t.Log(room.Info())
}
