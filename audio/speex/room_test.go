package speex

import (
	"math"
	"math/rand/v2"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
)

// room is a loudspeaker and a microphone in a room: an exponentially fading
// reverberation of 250 ms (to -60 dB), the echo 6 dB below the loudspeaker,
// noise of -62 dBFS, a delay that may jump, and a clock that may drift.
type room struct {
	taps   []tap
	delay  time.Duration
	jump   time.Duration // added to the delay
	jumpAt time.Duration
	ppm    float64
	clips  bool // the loudspeaker distorts
}

// tap is one reflection. Sparse ones of random sign, "velvet noise", sound like
// a room and cost a thirtieth of a dense response.
type tap struct {
	late  int
	share float32
}

func newRoom(delay time.Duration) *room {
	random := rand.New(rand.NewPCG(3, 4))
	r := &room{delay: delay, taps: []tap{{0, 1}}}
	energy, end := 1.0, audio.DeviceRate.N(250*time.Millisecond)
	for at := 20; at < end; at += 30 + random.IntN(60) {
		share := 0.25 * math.Pow(10, -3*float64(at)/float64(end)) * float64(1-2*random.IntN(2))
		r.taps = append(r.taps, tap{at, float32(share)})
		energy += share * share
	}
	for i := range r.taps {
		r.taps[i].share *= float32(math.Pow(10, -6.0/20) / math.Sqrt(energy))
	}
	return r
}

// echo is what the microphone hears of far, without anybody near.
func (r *room) echo(far []int16) []int16 {
	played := r.device(far)
	out := audiotest.Collect(audiotest.Noise(9, -62), len(far))
	for i := range out {
		sum := float32(0)
		for _, t := range r.taps {
			if t.late <= i {
				sum += t.share * played[i-t.late]
			}
		}
		out[i] = int16(max(-32768, min(32767, sum+float32(out[i]))))
	}
	return out
}

// device plays far late, and by its own clock.
func (r *room) device(far []int16) []float32 {
	out := make([]float32, len(far))
	for i := range out {
		delay := r.delay
		if r.jump != 0 && audio.DeviceRate.D(i) >= r.jumpAt {
			delay += r.jump
		}
		at := float64(i)*(1+r.ppm*1e-6) - delay.Seconds()*float64(audio.DeviceRate)
		whole := int(math.Floor(at))
		if whole < 1 || whole+2 >= len(far) {
			continue
		}
		out[i] = cubic(far[whole-1:whole+3], float32(at-float64(whole)))
		if r.clips {
			out[i] = float32(12000 * math.Tanh(float64(out[i])/12000))
		}
	}
	return out
}

// cubic is the value between p[1] and p[2].
func cubic(p []int16, x float32) float32 {
	a, b, c, d := float32(p[0]), float32(p[1]), float32(p[2]), float32(p[3])
	return b + 0.5*x*(c-a+x*(2*a-5*b+4*c-d+x*(3*(b-c)+d-a)))
}

// process runs a microphone and a far end through p, period by period.
func process(p audio.Processor, near, far []int16) []int16 {
	out := append([]int16(nil), near...)
	for at := 0; at+480 <= len(out); at += 480 {
		p.Process(out[at:at+480], far[at:at+480])
	}
	return out
}

// reduced is how much quieter out is than in, in dB, from a time to another.
func reduced(in, out []int16, from, to time.Duration) float64 {
	a, b := audio.DeviceRate.N(from), audio.DeviceRate.N(to)
	return audiotest.Level(in[a:b]) - audiotest.Level(out[a:b])
}

const (
	farText = "The quick brown fox jumps over the lazy dog. I wanted to ask you whether you could come over on Thursday evening, " +
		"because my brother is in town, and we thought about cooking something together. If that does not work, what about the weekend? " +
		"We could also go for a walk by the river; the weather should be nice, and the children would love it. " +
		"Please tell me what you think, and call me back when you have a minute."
	nearText = "Yes, Thursday would be fine for me. I can bring a salad and some bread. Should I also pick up your sister " +
		"from the station? She told me she would arrive around six, but the train is often late on that line."
)
