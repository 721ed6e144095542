package audio_test

import (
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
)

func hear(pcm []int16) string {
	var keys []byte
	detector := audio.NewDTMF()
	for len(pcm) > 0 {
		frame := pcm[:min(480, len(pcm))]
		detector.Feed(frame, func(key byte) { keys = append(keys, key) })
		pcm = pcm[len(frame):]
	}
	return string(keys)
}

func dial(t *testing.T, keys string) []int16 {
	t.Helper()
	c, err := audio.Digits(keys)
	if err != nil {
		t.Fatal(err)
	}
	return play(t, audio.NewTone(c), time.Minute)
}

func TestEveryKeyIsHeardAsItWasSent(t *testing.T) {
	for _, keys := range []string{"1234567890*#ABCD", "1111", "0", "5,5", "*100#"} {
		want := ""
		for _, k := range keys {
			if k != ',' {
				want += string(k)
			}
		}
		if got := hear(dial(t, keys)); got != want {
			t.Errorf("%q was heard as %q", keys, got)
		}
	}
}

func TestKeysAreHeardThroughNoise(t *testing.T) {
	pcm := dial(t, "0123456789")
	noise := audiotest.Collect(audiotest.Noise(3, -35), len(pcm))
	for i := range pcm {
		pcm[i] += noise[i]
	}
	if got := hear(pcm); got != "0123456789" {
		t.Errorf("heard %q", got)
	}
}

// pair is two sines at their own levels.
func pair(low, high, lowLevel, highLevel float64, span time.Duration) []int16 {
	n := audio.DeviceRate.N(span)
	a := audiotest.Collect(audiotest.Sine(low, lowLevel), n)
	for i, s := range audiotest.Collect(audiotest.Sine(high, highLevel), n) {
		a[i] += s
	}
	return append(a, make([]int16, 4800)...)
}

// The limits are those of ITU-T Q.24.
func TestAReceiverTakesAndRefusesWhatTheStandardSays(t *testing.T) {
	for _, c := range []struct {
		name string
		pcm  []int16
		want string
	}{
		{"40 ms is long enough", pair(770, 1336, -20, -20, 40*time.Millisecond), "5"},
		{"12 ms is too short", pair(770, 1336, -20, -20, 12*time.Millisecond), ""},
		{"1.5 % too high still counts", pair(770*1.015, 1336*1.015, -20, -20, 100*time.Millisecond), "5"},
		{"1.5 % too low still counts", pair(770*.985, 1336*.985, -20, -20, 100*time.Millisecond), "5"},
		{"the low tone 5 dB stronger", pair(770, 1336, -20, -25, 100*time.Millisecond), "5"},
		{"the high tone 7 dB stronger", pair(770, 1336, -27, -20, 100*time.Millisecond), "5"},
		{"the low tone 12 dB stronger", pair(770, 1336, -20, -32, 100*time.Millisecond), ""},
		{"quiet", pair(770, 1336, -45, -45, 100*time.Millisecond), "5"},
		{"far too quiet", pair(770, 1336, -65, -65, 100*time.Millisecond), ""},
		{"one tone only", audiotest.Collect(audiotest.Sine(770, -20), 9600), ""},
		{"two low tones", pair(697, 852, -20, -20, 100*time.Millisecond), ""},
	} {
		if got := hear(c.pcm); got != c.want {
			t.Errorf("%s: heard %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAMinuteOfVoiceHoldsNoKey(t *testing.T) {
	for seed := range uint64(5) {
		if got := hear(audiotest.Collect(audiotest.Voice(seed), audio.DeviceRate.N(time.Minute))); got != "" {
			t.Errorf("voice %d was heard as keys %q", seed, got)
		}
	}
}

func TestWhatIsNoKeyIsRefused(t *testing.T) {
	for _, bad := range []string{"x", "12 3", "+49", "１", string(make([]byte, 65))} {
		if _, err := audio.Digits(bad); err == nil {
			t.Errorf("%q was dialled", bad)
		}
	}
}

func BenchmarkDTMFFrame(b *testing.B) {
	detector := audio.NewDTMF()
	frame := audiotest.Collect(audiotest.Voice(1), 480)
	heard := func(byte) {}
	b.ReportAllocs()
	for b.Loop() {
		detector.Feed(frame, heard)
	}
}
