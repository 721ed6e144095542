package voice

import (
	"math"
	"sync"

	"tring/audio"
)

// The sounds of English that the sentence needs, with formants after Peterson
// and Barney (1952) for vowels and Klatt (1980) for consonants.
var sounds = map[string]sound{
	"_":  {ms: 140, f1: 500, f2: 1500, f3: 2500, hissAt: 4000},
	"h":  {ms: 70, breath: 0.5, f1: 530, f2: 1840, f3: 2480, hissAt: 2000},
	"e":  {ms: 90, voice: 1, f1: 530, f2: 1840, f3: 2480, hissAt: 4000},
	"l":  {ms: 80, voice: 0.7, f1: 360, f2: 1000, f3: 2700, hissAt: 4000},
	"ou": {ms: 190, voice: 1, f1: 450, f2: 880, f3: 2400, hissAt: 4000},
	"y":  {ms: 60, voice: 0.7, f1: 280, f2: 2200, f3: 3000, hissAt: 4000},
	"u":  {ms: 100, voice: 0.9, f1: 300, f2: 870, f3: 2240, hissAt: 4000},
	"a":  {ms: 110, voice: 1, f1: 730, f2: 1090, f3: 2440, hissAt: 4000},
	"r":  {ms: 70, voice: 0.7, f1: 310, f2: 1060, f3: 1380, hissAt: 4000},
	"t":  {ms: 35, hiss: 0.5, f1: 350, f2: 1800, f3: 2600, hissAt: 4500},
	"k":  {ms: 45, hiss: 0.35, f1: 300, f2: 1900, f3: 2500, hissAt: 2200},
	".":  {ms: 55, f1: 350, f2: 1500, f3: 2500, hissAt: 4000}, // the closure before a stop
	"o":  {ms: 130, voice: 1, f1: 570, f2: 840, f3: 2410, hissAt: 4000},
	"i":  {ms: 80, voice: 0.9, f1: 390, f2: 1990, f3: 2550, hissAt: 4000},
	"ii": {ms: 120, voice: 0.9, f1: 270, f2: 2290, f3: 3010, hissAt: 4000},
	"ng": {ms: 90, voice: 0.5, f1: 250, f2: 2000, f3: 2700, hissAt: 4000},
	"n":  {ms: 75, voice: 0.5, f1: 250, f2: 1500, f3: 2500, hissAt: 4000},
	"dh": {ms: 45, voice: 0.5, hiss: 0.05, f1: 270, f2: 1290, f3: 2540, hissAt: 5000},
	"s":  {ms: 110, hiss: 0.6, f1: 320, f2: 1400, f3: 2600, hissAt: 6000},
	"ch": {ms: 90, hiss: 0.6, f1: 350, f2: 1800, f3: 2800, hissAt: 3000},
	"ei": {ms: 160, voice: 1, f1: 430, f2: 2150, f3: 2700, hissAt: 4000},
	"j":  {ms: 70, voice: 0.4, hiss: 0.3, f1: 260, f2: 1800, f3: 2800, hissAt: 2800},
	"w":  {ms: 70, voice: 0.7, f1: 290, f2: 610, f3: 2150, hissAt: 4000},
	"uh": {ms: 75, voice: 0.9, f1: 640, f2: 1190, f3: 2390, hissAt: 4000},
}

// sentence is "Hello. You are talking to the exchange. One … two … ten." in our
// sounds, with the pauses people make.
var sentence = []string{
	"_", "h", "e", "l", "ou", "_", "_",
	"y", "u", "a", "r", ".", "t", "o", ".", "k", "i", "ng", ".", "t", "u", "dh", "uh",
	"e", ".", "k", "s", ".", "ch", "ei", "n", "j", "_", "_",
	"w", "uh", "n", "_", ".", "t", "u", "_", ".", "t", "e", "n", "_", "_", "_",
}

// utterance is the sentence as samples, computed when first needed.
var utterance = sync.OnceValue(func() []int16 { return normalise(speak(sentence), 0.5) })

// speak runs a tract through the sounds, the pitch falling over the sentence
// and wavering a little, as a voice does.
func speak(names []string) []float64 {
	t := newTract()
	rate := float64(audio.DeviceRate)
	var out []float64
	t.approach(sounds["_"], 1)
	for i, name := range names {
		target := sounds[name]
		base := 135 - 35*float64(i)/float64(len(names))
		for range target.ms * int(audio.DeviceRate) / 1000 {
			if len(out)%16 == 0 { // retuning every sample would be heard no better
				t.approach(target, 16/(glide/3*rate))
			}
			seconds := float64(len(out)) / rate
			out = append(out, t.sample(base+4*math.Sin(2*math.Pi*3.1*seconds)))
		}
	}
	return out
}

// normalise scales to a peak of full scale, 0..1.
func normalise(x []float64, peak float64) []int16 {
	loudest := 1e-9
	for _, v := range x {
		loudest = max(loudest, math.Abs(v))
	}
	out := make([]int16, len(x))
	for i, v := range x {
		out[i] = int16(v / loudest * peak * math.MaxInt16)
	}
	return out
}

// Speech says the exchange's sentence over and over.
type Speech struct{ at int }

// Read fills the frame; speech never ends.
func (s *Speech) Read(frame []int16) (int, error) {
	words := utterance()
	for i := range frame {
		frame[i] = words[s.at]
		s.at = (s.at + 1) % len(words)
	}
	return len(frame), nil
}
