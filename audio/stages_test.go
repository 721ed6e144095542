package audio_test

import (
	"io"
	"math"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
)

func TestStagesKeepTheContract(t *testing.T) {
	source := func() audio.Reader { return audiotest.Sine(440, -20) }
	for name, create := range map[string]func() audio.Reader{
		"gain": func() audio.Reader {
			g := &audio.Gain{Source: source()}
			g.SetDB(3)
			return g
		},
		"mute": func() audio.Reader {
			g := &audio.Gain{Source: source()}
			g.SetMuted(true)
			return g
		},
		"meter": func() audio.Reader { return &audio.Meter{Source: source()} },
		"mixer": func() audio.Reader {
			m := &audio.Mixer{Source: source()}
			m.Add(source())
			return m
		},
	} {
		t.Run(name, func(t *testing.T) { audiotest.CheckStage(t, create) })
	}
}

func TestSumsAreClippedAndNotWrapped(t *testing.T) {
	m := &audio.Mixer{Source: constant(30000)}
	m.Add(constant(10000))
	frame := make([]int16, 480)
	m.Read(frame)
	if frame[7] != 32767 {
		t.Errorf("30000 + 10000 is %d, want 32767", frame[7])
	}
	m.Clear()
	m.Source = constant(-30000)
	m.Add(constant(-10000))
	m.Read(frame)
	if frame[7] != -32768 {
		t.Errorf("-30000 - 10000 is %d, want -32768", frame[7])
	}
}

func constant(v int16) audiotest.Source {
	return func(frame []int16) {
		for i := range frame {
			frame[i] = v
		}
	}
}

func TestAMixedSourceThatEndsIsLetGo(t *testing.T) {
	m := &audio.Mixer{Source: constant(1)}
	reads := 0
	m.Add(readerFunc(func(frame []int16) (int, error) {
		reads++
		frame[0] = 100
		return 1, io.EOF
	}))
	frame := make([]int16, 480)
	m.Read(frame)
	if frame[0] != 101 || frame[1] != 1 {
		t.Errorf("the last sample of a source is lost: %d, %d", frame[0], frame[1])
	}
	m.Read(frame)
	if reads != 1 || frame[0] != 1 {
		t.Errorf("an ended source was read %d times", reads)
	}
}

func TestAMixerHasRoomForEightAndTheOldestGoes(t *testing.T) {
	m := &audio.Mixer{Source: constant(0)}
	for i := range 9 {
		m.Add(constant(int16(1) << i))
	}
	frame := make([]int16, 480)
	m.Read(frame)
	if frame[0] != 0x1FE {
		t.Errorf("the sum is %#x, want all but the first", frame[0])
	}
}

func TestGainChangesWithoutAStep(t *testing.T) {
	g := &audio.Gain{Source: constant(10000)}
	frame := make([]int16, 480)
	g.Read(frame)
	if frame[0] != 10000 {
		t.Errorf("without gain 10000 is %d", frame[0])
	}
	g.SetDB(-20)
	last := 10000
	for range 2 {
		g.Read(frame)
		for _, v := range frame {
			if d := last - int(v); d < 0 || d > 25 {
				t.Fatalf("a step from %d to %d", last, v)
			}
			last = int(v)
		}
	}
	if last != 1000 {
		t.Errorf("-20 dB of 10000 is %d", last)
	}
	g.SetMuted(true)
	g.Read(frame)
	g.Read(frame)
	if frame[0] != 0 || frame[479] != 0 {
		t.Error("muted, but not digital silence")
	}
}

func TestAMeterFallsInTimeAndHoldsItsPeak(t *testing.T) {
	loud := true
	m := &audio.Meter{Source: readerFunc(func(frame []int16) (int, error) {
		v := int16(0)
		if loud {
			v = 3277 // −20 dBFS
		}
		constant(v)(frame)
		return len(frame), nil
	})}
	if l := m.Level(); l.RMS != audio.Silence || l.Peak != audio.Silence {
		t.Errorf("before the first frame: %+v", l)
	}
	frame := make([]int16, 480)
	run := func(d time.Duration) {
		for range d / audio.Period {
			m.Read(frame)
		}
	}
	run(time.Second)
	want := func(rms, peak float64) {
		t.Helper()
		if l := m.Level(); math.Abs(l.RMS-rms) > 0.5 || math.Abs(l.Peak-peak) > 0.5 {
			t.Errorf("level %+v, want RMS %.1f, peak %.1f", l, rms, peak)
		}
	}
	want(-20, -20)
	loud = false
	run(300 * time.Millisecond)
	want(-24.3, -20) // one time constant: a factor e of power
	run(1300 * time.Millisecond)
	if got := m.Level().Peak; got != audio.Silence {
		t.Errorf("after 1.6 s the peak is %.1f dBFS, want silence", got)
	}
	if got := m.Zeros(); got != 1600*time.Millisecond {
		t.Errorf("zeros for %v, want 1.6 s", got)
	}
}

func TestResamplingKeepsTonesAndTheirLevel(t *testing.T) {
	for _, r := range [][2]audio.SampleRate{{48000, 16000}, {16000, 48000}, {48000, 8000}, {24000, 48000}, {48000, 48000}} {
		for _, hz := range []float64{200, 1000, 3000} {
			pcm := convert(t, audiotest.Collect(audiotest.Sine(hz, -10), 96000), audio.DeviceRate, r[0])
			got := audiotest.FindTone(convert(t, pcm, r[0], r[1])[1000:], r[1])
			if math.Abs(got.Hz-hz) > 1 || math.Abs(got.Level+10) > 0.3 || got.Purity < 0.999 {
				t.Errorf("%v Hz from %d to %d Hz: %+v", hz, r[0], r[1], got)
			}
		}
	}
}

func TestResamplingDownLeavesNoMirrorImages(t *testing.T) {
	pcm := convert(t, audiotest.Collect(audiotest.Sine(11000, -10), 96000), audio.DeviceRate, 16000)
	if level := audiotest.Level(pcm[1000:]); level > -80 {
		t.Errorf("11 kHz at -10 dBFS leaves %.0f dBFS at 16 kHz, want less than -80", level)
	}
}

func TestRatesWithoutAWholeFactorAreRefused(t *testing.T) {
	for _, r := range [][2]audio.SampleRate{{48000, 44100}, {0, 48000}, {48000, 0}, {-16000, 48000}} {
		if _, err := audio.NewResampler(r[0], r[1]); err == nil {
			t.Errorf("%d to %d Hz is accepted", r[0], r[1])
		}
	}
}
