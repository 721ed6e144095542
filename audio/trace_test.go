package audio_test

import (
	"encoding/binary"
	"flag"
	"os"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/audio/opus"
)

var (
	traceFile  = flag.String("trace", "", "play this recorded trace (lines of: sequence sent-ms arrived-ms) and print what is heard")
	speechFile = flag.String("speech", "", "speak this (16 bits, 48 kHz, mono, no header) in place of the generated voice")
)

const (
	traceLength = 24 * time.Second
	measureRate = audio.SampleRate(16000) // enough for a voice, and for STOI's 10 kHz
)

// played is a trace played through the buffer, and how well it was understood.
type played struct {
	audiotest.Heard
	stoi     float64
	p50, p95 time.Duration // from saying to hearing, without the frame and the devices
}

// speech is the generated voice, or the file given, at DeviceRate.
func speech(t testing.TB) []int16 {
	pcm := audiotest.Collect(audiotest.Voice(11), audio.DeviceRate.N(traceLength))
	if *speechFile == "" {
		return pcm
	}
	raw, err := os.ReadFile(*speechFile)
	if err != nil {
		t.Fatal(err)
	}
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(raw[2*i%(len(raw)-1):]))
	}
	return pcm
}

// convert changes the rate of a whole recording.
func convert(t testing.TB, pcm []int16, from, to audio.SampleRate) []int16 {
	r, err := audio.NewResampler(from, to)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]int16, len(pcm)/from.N(audio.Period)*to.N(audio.Period))
	for in, rest := pcm, out; len(rest) > 0; {
		r.Convert(rest, in[:from.N(audio.Period)])
		in, rest = in[from.N(audio.Period):], rest[to.N(audio.Period):]
	}
	return out
}

func playTrace(t testing.TB, c audio.Codec, trace audiotest.Trace) played {
	t.Helper()
	enc, dec, err := opus.New(c)
	if err != nil {
		t.Fatal(err)
	}
	said := speech(t)
	packets, err := audiotest.Encode(enc, c, convert(t, said, audio.DeviceRate, c.Rate), trace.Lost())
	if err != nil {
		t.Fatal(err)
	}
	out := played{Heard: audiotest.PlayTrace(audio.NewJitter(c, dec), c, packets, trace)}
	a := audiotest.Align(convert(t, said, audio.DeviceRate, measureRate), convert(t, out.PCM, c.Rate, measureRate), measureRate, time.Second)
	out.stoi, out.p50, out.p95 = audiotest.STOI(a.Said, a.Heard, measureRate), a.Delay(0.5), a.Delay(0.95)
	return out
}

func (p played) print(t testing.TB, c audio.Codec) {
	s := p.Stats
	t.Logf("STOI %.3f, delay p50 %d p95 %d ms; lost %d late %d recovered %d, concealed %.1f %%, stretched %d compressed %d ms",
		p.stoi, p.p50.Milliseconds(), p.p95.Milliseconds(), s.Lost, s.Late, s.Recovered,
		100*float64(s.Concealed)/float64(s.Played),
		c.Rate.D(int(s.Stretched)).Milliseconds(), c.Rate.D(int(s.Compressed)).Milliseconds())
}

// The travelling time of generated traces, a period at most until the speaker
// asks, and Opus's look-ahead: what is heard later than that, the buffer holds.
const unavoidable = 24*time.Millisecond + audio.Period + 7*time.Millisecond

func TestSpeechStaysIntelligibleAndPromptOnEveryNetwork(t *testing.T) {
	const ms = time.Millisecond
	for _, s := range []struct {
		name   string
		trace  func(audiotest.Trace) audiotest.Trace
		webrtc float64 // least STOI with 20 ms packets
		relay  float64 // and with 60 ms packets
		held   time.Duration
	}{
		{"clean", func(t audiotest.Trace) audiotest.Trace { return t }, .985, .985, 0},
		{"5 % lost", func(t audiotest.Trace) audiotest.Trace { return t.Lossy(.05, 1) }, .965, .93, 25 * ms},
		{"10 % lost", func(t audiotest.Trace) audiotest.Trace { return t.Lossy(.10, 1) }, .955, .88, 25 * ms},
		{"20 % lost", func(t audiotest.Trace) audiotest.Trace { return t.Lossy(.20, 1) }, .94, .80, 25 * ms},
		{"10 % lost in runs of three", func(t audiotest.Trace) audiotest.Trace { return t.Runs(.10, 3, 1) }, .95, .80, 25 * ms},
		{"Gilbert", func(t audiotest.Trace) audiotest.Trace { return t.Gilbert(.05, .25, 1) }, .95, .92, 25 * ms},
		{"20 ms of jitter", func(t audiotest.Trace) audiotest.Trace { return t.Jittery(20*ms, 1) }, .985, .985, 20 * ms},
		{"60 ms of jitter", func(t audiotest.Trace) audiotest.Trace { return t.Jittery(60*ms, 1) }, .985, .985, 65 * ms},
		{"80 ms of jitter", func(t audiotest.Trace) audiotest.Trace { return t.Jittery(80*ms, 1) }, .98, .98, 85 * ms},
		{"heavy-tailed jitter", func(t audiotest.Trace) audiotest.Trace { return t.HeavyTailed(20*ms, 1) }, .93, .88, 140 * ms},
		{"stall of 500 ms", func(t audiotest.Trace) audiotest.Trace { return t.Stall(10*time.Second, 500*ms) }, .88, .88, 60 * ms},
		{"clock 200 ppm fast", func(t audiotest.Trace) audiotest.Trace { return t.Drift(200) }, .98, .98, 10 * ms},
		{"clock 200 ppm slow", func(t audiotest.Trace) audiotest.Trace { return t.Drift(-200) }, .98, .98, 10 * ms},
		{"10 % lost and 40 ms of jitter", func(t audiotest.Trace) audiotest.Trace { return t.Lossy(.1, 1).Jittery(40*ms, 2) }, .955, .88, 65 * ms},
	} {
		for _, c := range []audio.Codec{audio.OpusWebRTC, audio.OpusRelay} {
			least := s.webrtc
			if c.Frame == audio.OpusRelay.Frame {
				least = s.relay
			}
			t.Run(s.name+"/"+c.Frame.String(), func(t *testing.T) {
				p := playTrace(t, c, s.trace(audiotest.Clean(int(traceLength/c.Frame), c.Frame)))
				p.print(t, c)
				if p.stoi < least {
					t.Errorf("STOI %.3f, want at least %.3f", p.stoi, least)
				}
				if p.p95 > unavoidable+s.held {
					t.Errorf("95 %% heard within %v, want %v", p.p95, unavoidable+s.held)
				}
			})
		}
	}
}

func TestDelayIsBackWithinFiveSecondsOfADisturbance(t *testing.T) {
	const ms, from, to = time.Millisecond, 6 * time.Second, 12 * time.Second
	for name, disturb := range map[string]func(audiotest.Trace) audiotest.Trace{
		"jitter of 80 ms": func(t audiotest.Trace) audiotest.Trace { return t.Jittery(80*ms, 1) },
		"stall of 500 ms": func(t audiotest.Trace) audiotest.Trace { return t.Stall(to-500*ms, 500*ms) },
		"10 % lost":       func(t audiotest.Trace) audiotest.Trace { return t.Lossy(.1, 1) },
	} {
		for _, c := range []audio.Codec{audio.OpusWebRTC, audio.OpusRelay} {
			t.Run(name+"/"+c.Frame.String(), func(t *testing.T) {
				n := int(traceLength / c.Frame)
				trace := disturb(audiotest.Clean(n, c.Frame))
				for i, clean := range audiotest.Clean(n, c.Frame) {
					if clean.Sent < from || clean.Sent >= to {
						trace[i] = clean
					}
				}
				delays := playTrace(t, c, trace).Delays
				before := delays[from/audio.Period-1]
				after := delays[(to+5*time.Second)/audio.Period]
				t.Logf("delay before %v, at the end of it %v, five seconds later %v", before, delays[to/audio.Period], after)
				if after > before+audio.Period {
					t.Errorf("five seconds later the delay is %v, want %v", after, before)
				}
			})
		}
	}
}

func TestARecordedTracePlays(t *testing.T) {
	if *traceFile == "" {
		t.Skip("give a recorded trace with -trace FILE")
	}
	f, err := os.Open(*traceFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	trace, err := audiotest.ReadTrace(f)
	if err != nil {
		t.Fatal(err)
	}
	playTrace(t, audio.OpusWebRTC, trace).print(t, audio.OpusWebRTC)
}
