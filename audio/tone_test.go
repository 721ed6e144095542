package audio_test

import (
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
)

// play reads a tone to its end, or for limit.
func play(t *testing.T, r audio.Reader, limit time.Duration) []int16 {
	t.Helper()
	var all []int16
	frame := make([]int16, 480)
	for len(all) < audio.DeviceRate.N(limit) {
		n, err := r.Read(frame)
		all = append(all, frame[:n]...)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func cut(pcm []int16, from, to time.Duration) []int16 {
	return pcm[audio.DeviceRate.N(from):audio.DeviceRate.N(to)]
}

func TestRingbackSoundsAsInItsCountry(t *testing.T) {
	for _, want := range []struct {
		country string
		hz      float64
		on, off time.Duration
	}{
		{"FR", 440, 1500 * time.Millisecond, 3500 * time.Millisecond},
		{"de", 425, time.Second, 4 * time.Second},
		{"AT", 420, time.Second, 5 * time.Second},
		{"TR", 450, 2 * time.Second, 4 * time.Second},
		{"", 425, time.Second, 4 * time.Second},
		{"XX", 425, time.Second, 4 * time.Second},
	} {
		pcm := play(t, audio.NewTone(audio.Ringback(want.country)), 2*(want.on+want.off))
		edge := 10 * time.Millisecond
		for _, start := range []time.Duration{0, want.on + want.off} {
			audiotest.WantTone(t, cut(pcm, start+edge, start+want.on-edge), want.hz, -22, 0.5)
			audiotest.WantSilence(t, cut(pcm, start+want.on, start+want.on+want.off), -90)
		}
	}
}

func TestBritishRingbackHasTwoTonesTwice(t *testing.T) {
	c := audio.Ringback("GB")
	if len(c.Notes) != 4 || c.Notes[0].Hz != [2]float64{400, 450} {
		t.Errorf("British ringback is %+v", c)
	}
}

func TestEveryCountrysTonesCanBePlayed(t *testing.T) {
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			country := string(a) + string(b)
			for name, c := range map[string]audio.Cadence{
				"ringback": audio.Ringback(country), "busy": audio.Busy(country), "call waiting": audio.CallWaiting(country),
			} {
				if len(c.Notes) < 2 || !c.Repeat {
					t.Errorf("%s of %s is %+v", name, country, c)
				}
			}
		}
	}
}

// steepest is the largest step between two samples.
func steepest(pcm []int16) int {
	step := 0
	for i := 1; i < len(pcm); i++ {
		step = max(step, int(math.Abs(float64(pcm[i])-float64(pcm[i-1]))))
	}
	return step
}

func TestNotesDoNotClickAtTheirEdges(t *testing.T) {
	c, err := audio.ParseCadence("400/103,0/51")
	if err != nil {
		t.Fatal(err)
	}
	pcm := play(t, audio.NewTone(c), time.Second)
	inside := steepest(cut(pcm, 20*time.Millisecond, 80*time.Millisecond))
	if whole := steepest(pcm); whole > inside+1 {
		t.Errorf("a step of %d at an edge, %d inside the note", whole, inside)
	}
}

func TestAnEndedToneFadesWithinFiveMilliseconds(t *testing.T) {
	tone := audio.NewTone(audio.Ringback("US"))
	begun := play(t, tone, 100*time.Millisecond)
	tone.End()
	rest := play(t, tone, time.Second)
	if got := audio.DeviceRate.D(len(rest)); got > 5*time.Millisecond {
		t.Errorf("the tone went on for %v", got)
	}
	whole := append(begun, rest...)
	if step := steepest(append(whole, 0)); step > steepest(begun)+1 {
		t.Errorf("the tone ends with a step of %d", step)
	}
}

func TestTonesKeepTheContractOfAStage(t *testing.T) {
	for name, c := range map[string]audio.Cadence{
		"ringback": audio.Ringback("JP"), "busy": audio.Busy("US"), "ended": audio.CallEnded,
		"muted": audio.MutedSign, "melody": audio.Melody, "hold": audio.HoldSign, "empty": {},
	} {
		t.Run(name, func(t *testing.T) {
			audiotest.CheckStage(t, func() audio.Reader { return audio.NewTone(c) })
		})
	}
}

func TestCadencesThatMakeNoSenseAreRefused(t *testing.T) {
	for _, bad := range []string{"", "425", "425/", "425/0", "425/-5", "-1/100", "1e9/100", "NaN/100", "425/99999999", "a/b", "425/100,", strings.Repeat("1/1,", 100)} {
		if c, err := audio.ParseCadence(bad); err == nil {
			t.Errorf("%q was read as %+v", bad, c)
		}
	}
}

func FuzzParseCadence(f *testing.F) {
	f.Add("440+480/2000,0/4000")
	f.Add("425/1000 , 0/60000")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := audio.ParseCadence(s)
		if err != nil {
			return
		}
		tone, frame := audio.NewTone(c), make([]int16, 480)
		for range 100 {
			if n, err := tone.Read(frame); n != len(frame) || err != nil {
				t.Fatalf("%q: %d, %v", s, n, err)
			}
		}
	})
}

func BenchmarkToneFrame(b *testing.B) {
	tone, frame := audio.NewTone(audio.Ringback("US")), make([]int16, 480)
	b.ReportAllocs()
	for b.Loop() {
		tone.Read(frame)
	}
}
