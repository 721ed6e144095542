package audiotest

import (
	"errors"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"tring/audio"
)

func TestAFoundToneHasTheFrequencyAndLevelItWasMadeWith(t *testing.T) {
	for _, want := range []struct{ hz, level float64 }{{60, -3}, {440, -20}, {1000, -6}, {1004, -40}, {3400, -60}, {12345, -1}} {
		pcm := Collect(Sine(want.hz, want.level), audio.DeviceRate.N(200*time.Millisecond))
		got := FindTone(pcm, audio.DeviceRate)
		if math.Abs(got.Hz-want.hz) > 0.5 || math.Abs(got.Level-want.level) > 0.3 || got.Purity < 0.95 {
			t.Errorf("%v Hz at %v dBFS was found as %+v", want.hz, want.level, got)
		}
	}
}

func TestNoiseAndVoiceAreNotTones(t *testing.T) {
	for name, source := range map[string]Source{"noise": Noise(1, -20), "voice": Voice(1)} {
		if got := FindTone(Collect(source, 65536), audio.DeviceRate); got.Purity > 0.5 {
			t.Errorf("%s was found as a tone: %+v", name, got)
		}
	}
}

func TestSilenceHasNoToneAndNoLevel(t *testing.T) {
	pcm := make([]int16, 4800)
	if got := FindTone(pcm, audio.DeviceRate); !math.IsInf(got.Level, -1) {
		t.Errorf("silence was found as %+v", got)
	}
	WantSilence(t, pcm, -96)
}

func TestAVoiceIsAsLoudAsAPersonAndPauses(t *testing.T) {
	pcm := Collect(Voice(7), audio.DeviceRate.N(20*time.Second))
	if level := Level(pcm); level < -30 || level > -16 {
		t.Errorf("the voice has %.1f dBFS", level)
	}
	pauses := 0
	for at := 0; at+4800 <= len(pcm); at += 4800 {
		if Level(pcm[at:at+4800]) < -60 {
			pauses++
		}
	}
	if pauses < 10 {
		t.Errorf("%d tenths of a second of pause in 20 s", pauses)
	}
}

func TestADeviceKeepsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := NewDevice(Sine(1000, -10))
		began, frame := time.Now(), make([]int16, 960)
		for range 50 {
			if n, err := d.Read(frame); n != 960 || err != nil {
				t.Fatal(n, err)
			}
			d.Write(frame)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("a second of sound took %v", took)
		}
		WantTone(t, d.Heard(500*time.Millisecond), 1000, -10, 0.5)
	})
}

func TestASpeakerThatRunsDryPlaysSilenceAndCountsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := NewDevice(nil)
		d.Write(Collect(Sine(500, -10), 4800))
		time.Sleep(50 * time.Millisecond)
		if got := d.Queued(); got != 2400 {
			t.Errorf("%d samples wait after half of 4800", got)
		}
		time.Sleep(time.Second)
		WantSilence(t, d.Heard(900*time.Millisecond), -90)
		if got := d.Info().Underruns; got != 1 {
			t.Errorf("ran dry %d times, want 1", got)
		}
	})
}

func TestAnUnpluggedDeviceEndsAWaitingRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := NewDevice(nil)
		go func() {
			time.Sleep(5 * time.Millisecond)
			d.Unplug()
		}()
		if _, err := d.Read(make([]int16, 48000)); !errors.Is(err, audio.ErrDeviceLost) {
			t.Errorf("Read returned %v", err)
		}
		if _, err := d.Write(make([]int16, 480)); !errors.Is(err, audio.ErrDeviceLost) {
			t.Errorf("Write returned %v", err)
		}
	})
}
