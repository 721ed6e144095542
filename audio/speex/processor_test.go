package speex

import (
	"math"
	"slices"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
)

func processor(t testing.TB, s Switches) *Processor {
	t.Helper()
	p, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// usual is what a call begins with.
var usual = Switches{Echo: true, Denoise: true}

func voice(seed uint64, span time.Duration) []int16 {
	return audiotest.Collect(audiotest.Voice(seed), audio.DeviceRate.N(span))
}

// computesLong skips what takes minutes under the race detector and, being one
// goroutine, has nothing to show it.
func computesLong(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("computes long in one goroutine")
	}
}

func TestTheEchoIsGoneAfterFiveSeconds(t *testing.T) {
	computesLong(t)
	drifting := func(ppm float64) *room { r := newRoom(120 * time.Millisecond); r.ppm = ppm; return r }
	distorting := newRoom(60 * time.Millisecond)
	distorting.clips = true
	far := audiotest.Speech(t, "en-us", farText)[:audio.DeviceRate.N(12*time.Second)]
	for _, c := range []struct {
		name string
		room *room
		want float64 // dB
	}{
		{"delay of 20 ms", newRoom(20 * time.Millisecond), 24},
		{"delay of 120 ms", newRoom(120 * time.Millisecond), 24},
		{"delay of 250 ms", newRoom(250 * time.Millisecond), 24},
		{"the speaker's clock 100 ppm fast", drifting(100), 20},
		{"the speaker's clock 100 ppm slow", drifting(-100), 20},
		{"a loudspeaker that distorts", distorting, 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			mic := c.room.echo(far)
			p := processor(t, usual)
			out := process(p, mic, far)
			got := reduced(mic, out, 5*time.Second, 12*time.Second)
			report := p.Improvement()
			t.Logf("%.1f dB from 5 to 12 s; measured itself: %.1f dB, delay %v, drift %.1f ppm", got, report.Reduction, report.Delay, report.Drift)
			if got < c.want {
				t.Errorf("the echo is %.1f dB lower, want %v", got, c.want)
			}
			if math.Abs(report.Drift+c.room.ppm) > 10 {
				t.Errorf("a drift of %.0f ppm was measured as a delay that changes by %.1f", c.room.ppm, report.Drift)
			}
			if !report.Found || math.Abs(report.Reduction-got) > 10 {
				t.Errorf("the echo is %.1f dB lower, the report says %+v", got, report)
			}
		})
	}
}

func TestAJumpOfTheDelayIsFollowedWithinTwoSeconds(t *testing.T) {
	computesLong(t)
	for _, jump := range []time.Duration{40 * time.Millisecond, -40 * time.Millisecond} {
		r := newRoom(120 * time.Millisecond)
		r.jump, r.jumpAt = jump, 8*time.Second
		far := audiotest.Speech(t, "en-us", farText)[:audio.DeviceRate.N(14*time.Second)]
		mic := r.echo(far)
		p := processor(t, usual)
		out := process(p, mic, far)
		got := reduced(mic, out, 10*time.Second, 14*time.Second)
		t.Logf("jump of %v: %.1f dB in the four seconds from two seconds after it", jump, got)
		if got < 24 {
			t.Errorf("two seconds after a jump of %v the echo is %.1f dB lower, want 24", jump, got)
		}
		if want := r.delay + jump; (p.Improvement().Delay - want).Abs() > time.Millisecond {
			t.Errorf("the delay is %v, was found as %v", want, p.Improvement().Delay)
		}
	}
}

func TestTheNearVoiceSurvivesDoubleTalk(t *testing.T) {
	computesLong(t)
	far, near := audiotest.Speech(t, "en-us", farText), audiotest.Speech(t, "en-gb+f3", nearText)
	near = near[:audio.DeviceRate.N(10*time.Second)]
	mic := newRoom(60 * time.Millisecond).echo(far)
	from := audio.DeviceRate.N(6 * time.Second)
	for i, s := range near {
		mic[from+i] += s
	}
	out := process(processor(t, usual), mic, far)
	before := intelligible(near, mic[from:])
	after := intelligible(near, out[from:])
	t.Logf("STOI %.3f with the echo, %.3f without", before, after)
	if after < 0.95 {
		t.Errorf("the near voice has STOI %.3f, want .95", after)
	}
}

func intelligible(said, heard []int16) float64 {
	a := audiotest.Align(said, heard, audio.DeviceRate, 100*time.Millisecond)
	return audiotest.STOI(a.Said, a.Heard, audio.DeviceRate)
}

func TestWithoutAnEchoNoneIsFoundAndTheVoiceStays(t *testing.T) {
	far, near := voice(3, 5*time.Second), voice(8, 5*time.Second)
	p := processor(t, usual)
	out := process(p, near, far)
	if report := p.Improvement(); report.Found {
		t.Errorf("there is no echo, and it says %+v", report)
	}
	if got := intelligible(near, out); got < 0.97 {
		t.Errorf("the voice has STOI %.3f", got)
	}
}

func TestASilentFarEndIsNoEcho(t *testing.T) {
	near := voice(8, 5*time.Second)
	p := processor(t, usual)
	process(p, near, make([]int16, len(near)))
	if report := p.Improvement(); report.Found || report.Reduction != 0 {
		t.Errorf("nobody speaks at the far end, and it says %+v", report)
	}
}

func TestNoiseIsLoweredAndTheVoiceStays(t *testing.T) {
	said := voice(8, 5*time.Second)
	noisy := slices.Clone(said)
	for i, s := range audiotest.Collect(audiotest.Noise(4, -45), len(noisy)) {
		noisy[i] += s
	}
	quiet := append(audiotest.Collect(audiotest.Noise(4, -45), audio.DeviceRate.N(4*time.Second)), noisy...)
	out := process(processor(t, Switches{Denoise: true}), quiet, make([]int16, len(quiet)))
	if got := reduced(quiet, out, 2*time.Second, 4*time.Second); got < 12 {
		t.Errorf("the noise is %.1f dB lower, want 12", got)
	}
	start := audio.DeviceRate.N(4 * time.Second)
	if before, after := intelligible(said, noisy), intelligible(said, out[start:]); after < before-0.02 {
		t.Errorf("the voice had STOI %.3f in noise and has %.3f without", before, after)
	}
}

func TestAQuietVoiceIsRaised(t *testing.T) {
	quiet := voice(8, 15*time.Second)
	for i := range quiet {
		quiet[i] /= 6
	}
	out := process(processor(t, Switches{Gain: true}), quiet, make([]int16, len(quiet)))
	if got := -reduced(quiet, out, 8*time.Second, 15*time.Second); got < 6 {
		t.Errorf("a quiet voice is %.1f dB louder, want 6", got)
	}
}

func TestSwitchedOffItLeavesTheMicrophoneAlone(t *testing.T) {
	near := voice(8, time.Second)
	if out := process(processor(t, Switches{}), near, voice(3, time.Second)); !slices.Equal(near, out) {
		t.Error("the microphone was changed")
	}
}

func TestProcessAllocatesNothing(t *testing.T) {
	near, far := voice(8, audio.Period), voice(3, audio.Period)
	p := processor(t, Switches{Echo: true, Denoise: true, Gain: true})
	// The report, four times a second, is the one thing made anew.
	if n := testing.AllocsPerRun(200, func() { p.Process(near, far) }); n >= 1 {
		t.Errorf("%v allocations in a period", n)
	}
}

func BenchmarkProcess(b *testing.B) {
	far := audiotest.Speech(b, "en-us", farText)[:audio.DeviceRate.N(12*time.Second)]
	mic := newRoom(50 * time.Millisecond).echo(far)
	for _, c := range []struct {
		name string
		s    Switches
	}{{"echo", Switches{Echo: true}}, {"noise", Switches{Denoise: true}}, {"gain", Switches{Gain: true}}, {"all", Switches{true, true, true}}} {
		b.Run(c.name, func(b *testing.B) {
			p := processor(b, c.s)
			b.ReportAllocs()
			at, near := 0, make([]int16, 480)
			began := audiotest.ProcessorTime(b)
			for b.Loop() {
				copy(near, mic[at:])
				p.Process(near, far[at:at+480])
				if at += 480; at+480 > len(far) {
					at = 0
				}
			}
			used := audiotest.ProcessorTime(b) - began
			b.ReportMetric(100*float64(used)/float64(b.N)/float64(audio.Period), "%core")
		})
	}
}

func TestTheRingingToneMisleadsNobody(t *testing.T) {
	computesLong(t)
	ring := make([]int16, audio.DeviceRate.N(6*time.Second))
	audio.NewTone(audio.Ringback("")).Read(ring)
	far := append(ring, audiotest.Speech(t, "en-us", farText)[:audio.DeviceRate.N(8*time.Second)]...)
	r := newRoom(90 * time.Millisecond)
	mic := r.echo(far)
	p := processor(t, usual)
	out := process(p, mic, far)
	rung, spoken := reduced(mic, out, 2*time.Second, 6*time.Second), reduced(mic, out, 10*time.Second, 14*time.Second)
	t.Logf("the ringing is %.1f dB lower, the voice after it %.1f dB", rung, spoken)
	if got := p.Improvement(); (got.Delay - r.delay).Abs() > time.Millisecond {
		t.Errorf("after ringing and four seconds of voice the delay is %v, want %v", got.Delay, r.delay)
	}
	if spoken < 24 {
		t.Errorf("the voice after the ringing is %.1f dB lower, want 24", spoken)
	}
}

func TestWhatAnEchoTestMeasuredIsUsedFromTheFirstWord(t *testing.T) {
	far := audiotest.Speech(t, "en-us", farText)[:audio.DeviceRate.N(6*time.Second)]
	r := newRoom(200 * time.Millisecond)
	mic := r.echo(far)
	begin := func(expect time.Duration) (first float64, p *Processor) {
		p = processor(t, usual)
		if expect > 0 {
			p.Expect(expect)
		}
		out := process(p, mic, far)
		return reduced(mic, out, 250*time.Millisecond, 1250*time.Millisecond), p
	}
	without, _ := begin(0)
	for _, test := range []time.Duration{190 * time.Millisecond, 200 * time.Millisecond, 220 * time.Millisecond} {
		with, p := begin(test)
		t.Logf("in the first second of echo %.1f dB without a test, %.1f dB with one that measured %v", without, with, test)
		if with < without+3 {
			t.Errorf("a test that measured %v brought %.1f dB, none %.1f", test, with, without)
		}
		if got := p.Improvement(); !got.Found || (got.Delay-r.delay).Abs() > time.Millisecond {
			t.Errorf("later the delay is %v, want %v", got.Delay, r.delay)
		}
	}
	wrong, p := begin(450 * time.Millisecond)
	if got := p.Improvement(); wrong < without-3 || !got.Found || (got.Delay-r.delay).Abs() > time.Millisecond {
		t.Errorf("after a wrong test %.1f dB and a delay of %v", wrong, got.Delay)
	}
}
