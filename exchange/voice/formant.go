package voice

import (
	"math"
	"math/rand/v2"

	"tring/audio"
)

// sound is one speech sound as a vocal tract makes it: how long it lasts, how
// strong voice and breath are, where the tract resonates, and the band of its
// hiss. Frequencies in hertz, amplitudes 0..1.
type sound struct {
	ms            int
	voice, breath float64
	f1, f2, f3    float64
	hiss          float64
	hissAt        float64
}

// glide is how long the tract takes from one sound to the next.
const glide = 0.045 // seconds

// resonator is a second-order band pass (Klatt, 1980).
type resonator struct{ a, b, c, y1, y2 float64 }

func (r *resonator) tune(hz, bandwidth float64) {
	rate := float64(audio.DeviceRate)
	r.c = -math.Exp(-2 * math.Pi * bandwidth / rate)
	r.b = 2 * math.Exp(-math.Pi*bandwidth/rate) * math.Cos(2*math.Pi*hz/rate)
	r.a = 1 - r.b - r.c
}

func (r *resonator) filter(x float64) float64 {
	y := r.a*x + r.b*r.y1 + r.c*r.y2
	r.y2, r.y1 = r.y1, y
	return y
}

// tract is a mouth: glottis, resonances in series, and a place that hisses.
type tract struct {
	now            sound
	phase          float64 // of the glottis, 0..1
	tilt           float64 // memory of the glottis's low pass
	r1, r2, r3, r4 resonator
	noise          resonator
	random         *rand.Rand
}

func newTract() *tract {
	return &tract{random: rand.New(rand.NewPCG(440, 16))}
}

// approach moves every property of the tract a little towards its target.
func (t *tract) approach(target sound, share float64) {
	for _, p := range []struct {
		now  *float64
		goal float64
	}{
		{&t.now.voice, target.voice},
		{&t.now.breath, target.breath},
		{&t.now.hiss, target.hiss},
		{&t.now.f1, target.f1},
		{&t.now.f2, target.f2},
		{&t.now.f3, target.f3},
		{&t.now.hissAt, target.hissAt},
	} {
		*p.now += (p.goal - *p.now) * share
	}
	t.r1.tune(t.now.f1, 70)
	t.r2.tune(t.now.f2, 100)
	t.r3.tune(t.now.f3, 150)
	t.r4.tune(3500, 250)
	t.noise.tune(t.now.hissAt, 1200)
}

// sample is the next sample at a pitch of hz.
func (t *tract) sample(hz float64) float64 {
	white := 2*t.random.Float64() - 1
	source := t.now.voice*t.glottis(hz) + t.now.breath*white*0.25
	spoken := t.r4.filter(t.r3.filter(t.r2.filter(t.r1.filter(source))))
	return spoken + t.now.hiss*t.noise.filter(white)
}

// glottis opens slowly and shuts sharply once per period, then a low pass
// takes the edge off.
func (t *tract) glottis(hz float64) float64 {
	t.phase += hz / float64(audio.DeviceRate)
	t.phase -= math.Floor(t.phase)
	flow := 0.0
	if t.phase < 0.6 {
		flow = math.Sin(math.Pi * t.phase / 0.6)
	} else if t.phase < 0.7 {
		flow = -1.5
	}
	t.tilt += (flow - t.tilt) * 0.3
	return t.tilt
}
