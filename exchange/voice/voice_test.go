package voice

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"tring/audio"
)

// power is the strength of one frequency (Goertzel), relative to full scale.
func power(x []int16, hz float64) float64 {
	var re, im float64
	for i, v := range x {
		angle := 2 * math.Pi * hz * float64(i) / float64(audio.DeviceRate)
		re += float64(v) * math.Cos(angle)
		im += float64(v) * math.Sin(angle)
	}
	return 2 * math.Hypot(re, im) / float64(len(x)) / math.MaxInt16
}

func rms(x []int16) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum/float64(len(x))) / math.MaxInt16
}

func TestAToneIsOneFrequencyAcrossFrames(t *testing.T) {
	tone := NewTone(440, 0.5)
	var heard []int16
	frame := make([]int16, 480)
	for range 100 {
		if n, err := tone.Read(frame); n != len(frame) || err != nil {
			t.Fatalf("read %d, %v", n, err)
		}
		heard = append(heard, frame...)
	}
	if p := power(heard, 440); math.Abs(p-0.5) > 0.001 {
		t.Errorf("440 Hz has %.4f, want 0.5", p)
	}
	if rest := math.Sqrt(math.Max(0, rms(heard)*rms(heard)-0.5*0.5/2)); rest > 0.001 {
		t.Errorf("everything else has %.5f, more than -60 dB", rest)
	}
}

func TestSpeechHasPauseVoiceAndHiss(t *testing.T) {
	words := utterance()
	length := audio.DeviceRate.D(len(words))
	if length < 3*time.Second || length > 6*time.Second {
		t.Errorf("the sentence lasts %v", length)
	}
	// where each named sound of the sentence lies
	at := map[string][]int16{}
	from := 0
	for _, name := range sentence {
		to := from + sounds[name].ms*int(audio.DeviceRate)/1000
		at[name] = words[from+(to-from)/2 : to]
		from = to
	}
	if quiet, loud := rms(at["_"]), rms(at["a"]); loud < 20*quiet || loud < 0.02 {
		t.Errorf("a vowel has %.4f, a pause %.4f", loud, quiet)
	}
	if low, high := band(at["a"], 80, 1400), band(at["a"], 4500, 7500); low < 5*high {
		t.Errorf("a vowel has %.4f below 1.4 kHz and %.4f around 6 kHz", low, high)
	}
	if low, high := band(at["s"], 80, 1400), band(at["s"], 4500, 7500); high < 3*low {
		t.Errorf("an s has %.4f below 1.4 kHz and %.4f around 6 kHz", low, high)
	}
	for i, v := range words {
		if v > math.MaxInt16/2+1 || v < -math.MaxInt16/2-1 {
			t.Fatalf("sample %d is %d, louder than half of full scale", i, v)
		}
	}
}

func band(x []int16, from, to float64) (sum float64) {
	for hz := from; hz < to; hz += 50 {
		sum += power(x, hz)
	}
	return sum
}

func TestTheVowelsOfSpeechDiffer(t *testing.T) {
	// the second formant is what tells "ii" from "a"
	ii, a := normalise(speak([]string{"_", "ii", "ii", "ii"}), 0.5), normalise(speak([]string{"_", "a", "a", "a"}), 0.5)
	ii, a = ii[len(ii)/2:], a[len(a)/2:]
	if front, back := band(ii, 2000, 2600)/band(ii, 80, 1400), band(a, 2000, 2600)/band(a, 80, 1400); front < 2*back {
		t.Errorf("energy around 2.3 kHz: ii %.3f, a %.3f", front, back)
	}
}

func TestAnEarSendsBackWhatItHearsOnTheBeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ear := NewEar()
		start := time.Now()
		p := make([]int16, 480)
		ear.Write([]int16{1, 2, 3})
		for range 10 {
			if _, err := ear.Read(p); err != nil {
				t.Fatal(err)
			}
			if p[0] != 0 && (p[0] != 1 || p[1] != 2 || p[2] != 3 || p[3] != 0) {
				t.Errorf("heard %v", p[:4])
			}
		}
		if d := time.Since(start); d != 100*time.Millisecond {
			t.Errorf("ten periods took %v", d)
		}
		ear.Close()
		ear.Close()
		if _, err := ear.Read(p); err == nil {
			t.Error("a closed ear still hears")
		}
	})
}

func TestAnEarForgetsTheOldest(t *testing.T) {
	ear := NewEar()
	defer ear.Close()
	loud := make([]int16, len(ear.kept)+100)
	for i := range loud {
		loud[i] = int16(i % 30000)
	}
	ear.Write(loud)
	p := make([]int16, 480)
	ear.Read(p)
	if p[0] != 100 || p[479] != 579 {
		t.Errorf("heard %d … %d, want 100 … 579", p[0], p[479])
	}
}

func BenchmarkSpeech(b *testing.B) {
	var s Speech
	frame := make([]int16, 480)
	s.Read(frame)
	b.ReportAllocs()
	for b.Loop() {
		s.Read(frame)
	}
}
