package audiotest

import (
	"math"
	"math/rand/v2"

	"tring/audio"
)

// Voice is a generated voice: syllables of a buzzing throat through two
// resonances, and now and then a hiss or a pause. It means nothing, but meters,
// cancellers and codecs take it for speech. Its level is about -23 dBFS while
// it speaks.
func Voice(seed uint64) Source {
	v := &voice{random: rand.New(rand.NewPCG(seed, 2))}
	v.pitch = 95 + 120*v.random.Float64()
	return v.read
}

type voice struct {
	random  *rand.Rand
	pitch   float64
	left    int // samples until the next syllable
	length  int
	loud    float64
	hissing bool
	phase   float64
	formant [3]resonance
}

func (v *voice) read(frame []int16) {
	for i := range frame {
		if v.left == 0 {
			v.syllable()
		}
		at := float64(v.length-v.left) / float64(v.length)
		v.left--
		envelope := v.loud * math.Pow(math.Sin(math.Pi*at), 0.6)
		x := v.excite(at) * envelope
		y := v.formant[0].step(x) + 0.6*v.formant[1].step(x) + 0.3*v.formant[2].step(x)
		frame[i] = clip(y * 9000)
	}
}

// excite is the throat: a pulse train whose pitch falls over the syllable, or
// breath.
func (v *voice) excite(at float64) float64 {
	breath := v.random.NormFloat64() * 0.1
	if v.hissing {
		return breath
	}
	v.phase += v.pitch * (1.1 - 0.2*at) / float64(audio.DeviceRate)
	if v.phase >= 1 {
		v.phase -= 1
		return 3.5 + breath
	}
	return breath * 0.2
}

// syllable draws the next one: four in five sound, one is a pause.
func (v *voice) syllable() {
	v.length = audio.DeviceRate.N(audio.Period) * (8 + v.random.IntN(18))
	v.left = v.length
	v.loud = 0.4 + 0.6*v.random.Float64()
	if v.random.IntN(5) == 0 {
		v.loud = 0
	}
	v.hissing = v.random.IntN(6) == 0
	v.formant[0].tune(300+500*v.random.Float64(), 80)
	v.formant[1].tune(900+1300*v.random.Float64(), 120)
	v.formant[2].tune(2300+1500*v.random.Float64(), 250)
}

// resonance is a two-pole filter.
type resonance struct{ a, b, gain, y1, y2 float64 }

func (r *resonance) tune(hz, width float64) {
	rate := float64(audio.DeviceRate)
	radius := math.Exp(-math.Pi * width / rate)
	r.a, r.b = 2*radius*math.Cos(2*math.Pi*hz/rate), -radius*radius
	r.gain = (1 - radius) * 4
}

func (r *resonance) step(x float64) float64 {
	y := r.gain*x + r.a*r.y1 + r.b*r.y2
	r.y1, r.y2 = y, r.y1
	return y
}
