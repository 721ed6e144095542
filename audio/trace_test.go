package audio_test

import (
	"encoding/binary"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"sync"
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
	traceLength = 16 * time.Second
	measureRate = audio.SampleRate(16000) // enough for a voice, and for STOI's 10 kHz
)

// raced says that the race detector watches. The traces run in one goroutine:
// there is nothing to race with, and it takes five minutes.
var raced bool

// played is a trace played through the buffer, and how well it was understood.
type played struct {
	audiotest.Heard
	stoi     float64
	p50, p95 time.Duration // from saying to hearing, without the frame and the devices
}

// speech is the generated voice, or the file given, at DeviceRate.
var speech = sync.OnceValue(func() []int16 {
	pcm := audiotest.Collect(audiotest.Voice(11), audio.DeviceRate.N(traceLength))
	if *speechFile == "" {
		return pcm
	}
	raw, err := os.ReadFile(*speechFile)
	if err != nil {
		panic(err)
	}
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(raw[2*i%(len(raw)-1):]))
	}
	return pcm
})

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

// spoken is the speech and its packets, for a network that loses so much.
func spoken(t testing.TB, c audio.Codec, loss float64) (said []int16, packets [][]byte) {
	t.Helper()
	return speech(), packed(t, c, speech(), loss)
}

// packed are the packets of said.
func packed(t testing.TB, c audio.Codec, said []int16, loss float64) [][]byte {
	t.Helper()
	enc, _, err := opus.New(c)
	if err != nil {
		t.Fatal(err)
	}
	packets, err := audiotest.Encode(enc, c, convert(t, said, audio.DeviceRate, c.Rate), loss)
	if err != nil {
		t.Fatal(err)
	}
	return packets
}

func playTrace(t testing.TB, c audio.Codec, trace audiotest.Trace) played {
	t.Helper()
	return playSpeech(t, c, speech(), trace)
}

func playSpeech(t testing.TB, c audio.Codec, said []int16, trace audiotest.Trace) played {
	t.Helper()
	if raced {
		t.Skip("one goroutine: nothing for the race detector")
	}
	_, dec, err := opus.New(c)
	if err != nil {
		t.Fatal(err)
	}
	heard := audiotest.PlayTrace(audio.NewJitter(c, dec), c, packed(t, c, said, trace.Lost()), trace)
	out := intelligibility(t, c, said, heard.PCM)
	out.Heard = heard
	return out
}

func intelligibility(t testing.TB, c audio.Codec, said, heard []int16) (p played) {
	a := audiotest.Align(convert(t, said, audio.DeviceRate, measureRate), convert(t, heard, c.Rate, measureRate), measureRate, time.Second)
	p.stoi, p.p50, p.p95 = audiotest.STOI(a.Said, a.Heard, measureRate), a.Delay(0.5), a.Delay(0.95)
	return p
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

// network is what a trace suffers; seed makes another instance of the same.
type network func(t audiotest.Trace, seed uint64) audiotest.Trace

// inThrees loses packets three at a time.
func inThrees(share float64) network {
	return func(t audiotest.Trace, seed uint64) audiotest.Trace { return t.Strings(share, 3, seed) }
}

var runsOfThree network = func(t audiotest.Trace, seed uint64) audiotest.Trace { return t.Runs(.10, 3, seed) }

func TestSpeechStaysIntelligibleAndPromptOnEveryNetwork(t *testing.T) {
	const ms = time.Millisecond
	lossy := func(share float64) network {
		return func(t audiotest.Trace, seed uint64) audiotest.Trace { return t.Lossy(share, seed) }
	}
	jittery := func(spread time.Duration) network {
		return func(t audiotest.Trace, seed uint64) audiotest.Trace { return t.Jittery(spread, seed) }
	}
	drifting := func(ppm float64) network {
		return func(t audiotest.Trace, _ uint64) audiotest.Trace { return t.Drift(ppm) }
	}
	for _, s := range []struct {
		name    string
		network network
		seeds   uint64        // the mean of so many instances counts
		webrtc  float64       // least STOI with 20 ms packets
		relay   float64       // and with 60 ms packets
		held    time.Duration // most delay that the buffer adds
	}{
		{"clean", lossy(0), 1, .985, .985, 0},
		{"5 % lost", lossy(.05), 1, .97, .93, 25 * ms},
		{"10 % lost", lossy(.10), 1, .955, .88, 25 * ms},
		{"20 % lost", lossy(.20), 1, .94, .80, 25 * ms},
		{"10 % lost in runs of three", inThrees(.10), 3, .93, .86, 25 * ms},
		{"10 % lost in runs of three on average", runsOfThree, 2, .93, .86, 25 * ms},
		{"three in a row now and then", inThrees(.03), 3, .96, .94, 25 * ms},
		{"bursts", func(t audiotest.Trace, seed uint64) audiotest.Trace { return t.Bursts(.05, .25, seed) }, 1, .95, .90, 25 * ms},
		{"20 ms of jitter", jittery(20 * ms), 1, .985, .985, 20 * ms},
		{"60 ms of jitter", jittery(60 * ms), 1, .985, .985, 65 * ms},
		{"80 ms of jitter", jittery(80 * ms), 1, .98, .98, 85 * ms},
		{"heavy-tailed jitter", func(t audiotest.Trace, seed uint64) audiotest.Trace { return t.HeavyTailed(20*ms, seed) }, 3, .95, .92, 165 * ms},
		{"stall of 500 ms", func(t audiotest.Trace, _ uint64) audiotest.Trace { return t.Stall(10*time.Second, 500*ms) }, 1, .84, .84, 60 * ms},
		{"clock 200 ppm fast", drifting(200), 1, .98, .98, 10 * ms},
		{"clock 200 ppm slow", drifting(-200), 1, .98, .98, 10 * ms},
		{"10 % lost and 40 ms of jitter", func(t audiotest.Trace, seed uint64) audiotest.Trace {
			return t.Lossy(.1, seed).Jittery(40*ms, seed+1)
		}, 1, .955, .88, 65 * ms},
	} {
		for _, c := range []audio.Codec{audio.OpusWebRTC, audio.OpusRelay} {
			least := s.webrtc
			if c.Frame == audio.OpusRelay.Frame {
				least = s.relay
			}
			t.Run(s.name+"/"+c.Frame.String(), func(t *testing.T) {
				t.Parallel()
				stoi, p95 := 0.0, time.Duration(0)
				for seed := uint64(1); seed <= s.seeds; seed++ {
					p := playTrace(t, c, s.network(audiotest.Clean(int(traceLength/c.Frame), c.Frame), seed))
					p.print(t, c)
					stoi += p.stoi / float64(s.seeds)
					p95 += p.p95 / time.Duration(s.seeds)
				}
				if stoi < least {
					t.Errorf("STOI %.3f, want at least %.3f", stoi, least)
				}
				if p95 > unavoidable+s.held {
					t.Errorf("95 %% heard within %v, want %v", p95, unavoidable+s.held)
				}
			})
		}
	}
}

// A second opinion: the generated voice has no words, this one has.
func TestSpokenSentencesSurviveAHeavyTail(t *testing.T) {
	c := audio.OpusWebRTC
	for _, voice := range []string{"en-us", "en-gb+f3"} {
		t.Run(voice, func(t *testing.T) {
			said, stoi := audiotest.Speech(t, voice, sentences), 0.0
			const seeds = 3
			for seed := uint64(1); seed <= seeds; seed++ {
				trace := audiotest.Clean(int(traceLength/c.Frame), c.Frame).HeavyTailed(20*time.Millisecond, seed)
				p := playSpeech(t, c, said[:audio.DeviceRate.N(traceLength)], trace)
				p.print(t, c)
				stoi += p.stoi / seeds
			}
			if stoi < .93 {
				t.Errorf("STOI %.3f, want at least .93", stoi)
			}
		})
	}
}

const sentences = `The quick brown fox jumps over the lazy dog while seven wizards make toxic brew.
	Please call me back tomorrow at nine, because the meeting was moved to the second floor.
	I would like two large coffees, one with milk, and a piece of that lovely cake.
	The train leaves from platform four in eleven minutes, so we should hurry a little.`

// What lies between a mouth and an ear, network aside. The devices' share was
// measured: PortAudio's callbacks take three periods there and back, a sound
// server one more.
const (
	lookAhead = 6500 * time.Microsecond
	speaker   = audio.Period // until it asks for what has just come
	devices   = 4 * audio.Period
)

func TestMouthToEarReachesItsGoals(t *testing.T) {
	const ms = time.Millisecond
	calm := func(t audiotest.Trace) audiotest.Trace { return t }
	for _, c := range []struct {
		name    string
		codec   audio.Codec
		network func(audiotest.Trace) audiotest.Trace
		travel  time.Duration
		goal    time.Duration
	}{
		{"20 ms packets, clean", audio.OpusWebRTC, calm, 0, 80 * ms},
		{"60 ms packets, clean", audio.OpusRelay, calm, 0, 130 * ms},
		{
			"20 ms packets, 20 ms of way and up to 60 ms of jitter", audio.OpusWebRTC,
			func(t audiotest.Trace) audiotest.Trace { return t.Jittery(60*ms, 1) }, 20 * ms, 165 * ms,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			clean := audiotest.Clean(int(traceLength/c.codec.Frame), c.codec.Frame)
			least := playTrace(t, c.codec, clean).p95
			buffer := playTrace(t, c.codec, c.network(clean)).p95 - least
			resample := 2 * resampling(c.codec)
			sum := c.codec.Frame + lookAhead + resample + speaker + devices + c.travel + buffer
			t.Logf("packet %v + look-ahead %v + resampling %v + speaker %v + devices %v + way %v + buffer %v = %v; goal %v",
				c.codec.Frame, lookAhead, resample, speaker, devices, c.travel, buffer, sum, c.goal)
			if sum > c.goal {
				t.Errorf("95 %% is heard within %v, want %v", sum, c.goal)
			}
		})
	}
}

// resampling is what a resampler takes between the device's rate and c's.
func resampling(c audio.Codec) time.Duration {
	if c.Rate == audio.DeviceRate {
		return 0
	}
	return 750 * time.Microsecond
}

// alone decodes as simply as can be, with all the time in the world: a lost
// packet out of its successor if that is there, else as libopus conceals it.
func alone(t testing.TB, c audio.Codec, packets [][]byte, trace audiotest.Trace) []int16 {
	_, dec, err := opus.New(c)
	if err != nil {
		t.Fatal(err)
	}
	var out []int16
	pcm := make([]int16, c.Rate.N(c.Frame))
	for i, p := range packets {
		switch {
		case trace[i].Arrived >= 0:
			_, err = dec.Decode(p, pcm)
		case i+1 < len(packets) && trace[i+1].Arrived >= 0 && opus.HasFEC(packets[i+1]):
			_, err = dec.DecodeFEC(packets[i+1], pcm)
		default:
			_, err = dec.Conceal(pcm)
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, pcm...)
	}
	return out
}

func TestConcealmentIsBetterThanTheDecodersOwn(t *testing.T) {
	for _, c := range []audio.Codec{audio.OpusWebRTC, audio.OpusRelay} {
		ours, theirs := 0.0, 0.0
		for seed := uint64(1); seed <= 2; seed++ {
			trace := runsOfThree(audiotest.Clean(int(traceLength/c.Frame), c.Frame), seed)
			ours += playTrace(t, c, trace).stoi / 2
			said, packets := spoken(t, c, trace.Lost())
			theirs += intelligibility(t, c, said, alone(t, c, packets, trace)).stoi / 2
		}
		t.Logf("%v packets: STOI %.3f, libopus alone %.3f", c.Frame, ours, theirs)
		if ours < theirs+0.005 {
			t.Errorf("%v packets: STOI %.3f, libopus alone %.3f", c.Frame, ours, theirs)
		}
	}
}

func TestDelayIsBackWithinFiveSecondsOfADisturbance(t *testing.T) {
	const ms, from, to = time.Millisecond, 4 * time.Second, 10 * time.Second
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

// With -trace FILE it plays what was recorded elsewhere.
func TestARecordedTracePlays(t *testing.T) {
	c, path := audio.OpusWebRTC, *traceFile
	if path == "" {
		path = filepath.Join(t.TempDir(), "trace")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		trace := audiotest.Clean(int(traceLength/c.Frame), c.Frame).Lossy(.02, 1).Jittery(30*time.Millisecond, 1)
		if err := errors.Join(trace.Write(f), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	trace, err := audiotest.ReadTrace(f)
	if err != nil {
		t.Fatal(err)
	}
	if *traceFile != "" {
		c = profileOf(trace)
	}
	p := playSpeech(t, c, repeated(speech(), audio.DeviceRate.N(time.Duration(len(trace))*c.Frame)), trace)
	p.print(t, c)
	if *traceFile == "" && (p.stoi < .97 || int(p.Stats.Received) != len(trace.Arrivals())) {
		t.Errorf("STOI %.3f, %d packets; want .97, %d", p.stoi, p.Stats.Received, len(trace.Arrivals()))
	}
}

// profileOf is the profile whose packets are as far apart as those of t.
func profileOf(t audiotest.Trace) audio.Codec {
	if n := len(t); n > 1 && (t[n-1].Sent-t[0].Sent)/time.Duration(n-1) > 40*time.Millisecond {
		return audio.OpusRelay
	}
	return audio.OpusWebRTC
}

// repeated is n samples of pcm, over and over.
func repeated(pcm []int16, n int) []int16 {
	for len(pcm) < n {
		pcm = append(pcm[:len(pcm):len(pcm)], pcm...)
	}
	return pcm[:n]
}
