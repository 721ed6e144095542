package portaudio

import (
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
)

// loop is a device of an odd rate whose speaker is wired to its microphone.
func loop(t *testing.T, rate audio.SampleRate) (speaker, microphone *rated, wire func()) {
	t.Helper()
	speaker, microphone = still(t, rate, Speaker), still(t, rate, Microphone)
	return speaker, microphone, func() {
		frame := make([]int16, 16384)
		microphone.ring.put(frame[:speaker.ring.take(frame)])
	}
}

// still is an end whose stream is not running.
func still(t *testing.T, rate audio.SampleRate, kind Kind) *rated {
	t.Helper()
	h, err := newHalf(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.free)
	r, err := newRated(h, rate, kind)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestADeviceOfAnOddRateSoundsRight(t *testing.T) {
	for _, rate := range []audio.SampleRate{8000, 16000, 44100, 96000} {
		speaker, microphone, wire := loop(t, rate)
		tone, frame := audiotest.Sine(1000, -10), make([]int16, 480)
		var heard []int16
		for range 100 {
			tone(frame)
			if n := speaker.write(frame); n != len(frame) {
				t.Fatalf("%d Hz: %d of a period were written", rate, n)
			}
			wire()
			heard = append(heard, frame[:microphone.take(frame)]...)
		}
		if got := audio.DeviceRate.D(len(heard)); got < 980*time.Millisecond {
			t.Errorf("%d Hz: of a second %v came back", rate, got)
		}
		audiotest.WantTone(t, heard[4800:], 1000, -10, 0.3)
	}
}

func TestASpeakerThatStandsStillGathersNoPile(t *testing.T) {
	for _, rate := range []audio.SampleRate{8000, 44100, 48000, 96000} {
		speaker, _, _ := loop(t, rate)
		frame, total := make([]int16, 480), 0
		for range 1000 {
			total += speaker.write(frame)
		}
		waits := speaker.queued()
		if waits > total || waits < total-200 {
			t.Errorf("%d Hz: %d samples were taken, %d wait", rate, total, waits)
		}
		if got := audio.DeviceRate.D(waits); got < 50*time.Millisecond || got > 75*time.Millisecond {
			t.Errorf("%d Hz: %v wait for a speaker that stands still", rate, got)
		}
	}
}

func TestWhatNobodyReadInTimeIsDropped(t *testing.T) {
	_, microphone, _ := loop(t, audio.DeviceRate)
	microphone.ring.put(audiotest.Collect(audiotest.Sine(440, -10), 12000))
	microphone.ring.put(make([]int16, 480))
	frame := make([]int16, 480)
	if n := microphone.read(frame, 0, time.Now()); n != 480 || audiotest.Level(frame) > -96 {
		t.Errorf("after a pause %d samples of %.0f dBFS were read, want the latest ones", n, audiotest.Level(frame))
	}
	if got := microphone.dropped.Load(); got != 12000 {
		t.Errorf("%d samples were dropped, want 12000", got)
	}
}
