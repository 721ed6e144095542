package portaudio_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/audio/opus"
	"tring/audio/portaudio"
	"tring/audio/speex"
)

// phones are two of them in a call, each on devices of its own.
type phones struct {
	system   *portaudio.System
	sessions [2]*audio.Session
	reports  chan portaudio.Report
}

func device(t testing.TB, s *portaudio.System, microphone, speaker string, report func(portaudio.Report)) *portaudio.Device {
	t.Helper()
	d, err := s.Open(portaudio.Config{
		Microphone: "PulseAudio: " + microphone, Speaker: "PulseAudio: " + speaker, Report: report,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// call connects two phones by a leg in memory. a's speaker is speakerA.
func call(t testing.TB, c audio.Codec, speakerA string, improve *speex.Switches) *phones {
	t.Helper()
	system := portaudio.Start(portaudio.Options{})
	t.Cleanup(func() { system.Close() })
	p := &phones{system: system, reports: make(chan portaudio.Report, 100)}
	a, b := audiotest.NewStreams(c)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	speakers := [2]string{speakerA, "b_speaker"}
	for i, stream := range []*audiotest.Stream{a, b} {
		name := string(rune('a' + i))
		phone := device(t, system, name+"_microphone", speakers[i], func(r portaudio.Report) { p.reports <- r })
		p.sessions[i] = session(t, phone, stream, improve)
		running.Go(func() { p.sessions[i].Run(ctx) })
	}
	t.Cleanup(func() {
		cancel()
		a.Close()
		running.Wait()
	})
	return p
}

func session(t testing.TB, d audio.Device, stream audio.Stream, improve *speex.Switches) *audio.Session {
	t.Helper()
	encoder, decoder, err := opus.New(stream.Codec())
	if err != nil {
		t.Fatal(err)
	}
	config := audio.SessionConfig{Device: d, Stream: stream, Encoder: encoder, Decoder: decoder}
	if improve != nil {
		if config.Processor, err = speex.New(*improve); err != nil {
			t.Fatal(err)
		}
	}
	s, err := audio.NewSession(config)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// speakBothWays plays 440 Hz into a's microphone and 1000 Hz into b's.
func speakBothWays(t *testing.T, server *audiotest.SoundServer) {
	server.Say(t.Context(), "a_mouth", audiotest.Collect(audiotest.Sine(440, -20), 48000))
	server.Say(t.Context(), "b_mouth", audiotest.Collect(audiotest.Sine(1000, -26), 48000))
}

// wantBothTones listens at both speakers.
func wantBothTones(t *testing.T, server *audiotest.SoundServer) {
	t.Helper()
	wantTone(t, server, audiotest.SpeakerA, 1000, -26)
	wantTone(t, server, audiotest.SpeakerB, 440, -20)
}

func wantTone(t *testing.T, server *audiotest.SoundServer, wire int, hz, level float64) {
	t.Helper()
	audiotest.AwaitTone(t, func() []int16 { return server.Listen(500 * time.Millisecond)[wire] }, hz, level, 3)
}

func TestACallCarriesTonesBetweenRealDevicesBothWays(t *testing.T) {
	server := audiotest.StartSoundServer(t)
	call(t, audio.OpusWebRTC, "a_speaker", nil)
	speakBothWays(t, server)
	wantBothTones(t, server)
}

func TestACallSurvivesItsSpeakerBeingPulled(t *testing.T) {
	server := audiotest.StartSoundServer(t)
	headset := server.Control("load-module", "module-null-sink", "sink_name=headset", "rate=48000", "channels=1", "norewinds=1")
	p := call(t, audio.OpusWebRTC, "headset", nil)
	speakBothWays(t, server)
	wantTone(t, server, audiotest.SpeakerB, 440, -20)
	pulled := time.Now()
	server.Control("unload-module", headset)
	select {
	case r := <-p.reports:
		t.Logf("%v after the headset was pulled: %v", time.Since(pulled), r)
	case <-time.After(5 * time.Second):
		t.Fatal("nobody said that the headset was pulled")
	}
	wantBothTones(t, server)
}

// BenchmarkMouthToEar is the time from the wire into a's microphone to the wire
// out of b's speaker, both on the sound server's clock, and its parts.
func BenchmarkMouthToEar(b *testing.B) {
	for _, c := range []audio.Codec{audio.OpusWebRTC, audio.OpusRelay} {
		b.Run(c.Frame.String(), func(b *testing.B) {
			server := audiotest.StartSoundServer(b)
			p := call(b, c, "a_speaker", nil)
			server.Say(b.Context(), "a_mouth", audiotest.Speech(b, "en-us", "The quick brown fox jumps over the lazy dog."))
			time.Sleep(3 * time.Second)
			var delays []time.Duration
			for b.Loop() {
				wires := server.Listen(5 * time.Second)
				delays = append(delays, audiotest.Align(wires[audiotest.MouthA], wires[audiotest.SpeakerB], audio.DeviceRate, 500*time.Millisecond).Delays...)
			}
			slices.Sort(delays)
			stats := p.sessions[1].Stats()
			for unit, d := range map[string]time.Duration{
				"ms/p50": delays[len(delays)/2], "ms/p95": delays[len(delays)*95/100], "ms/frame": c.Frame,
				"ms/devices": stats.Device.InputLatency + stats.Device.OutputLatency, "ms/buffer": stats.Jitter.Delay,
			} {
				b.ReportMetric(math.Round(d.Seconds()*10000)/10, unit)
			}
		})
	}
}

// BenchmarkCall is a second of a call in which both speak: how much of a core
// one phone takes, with its devices, codec and jitter buffer, and with the
// microphone's improvement.
func BenchmarkCall(b *testing.B) {
	for _, c := range []struct {
		name    string
		improve *speex.Switches
	}{{"plain", nil}, {"echo+noise", &speex.Switches{Echo: true, Denoise: true}}} {
		b.Run(c.name, func(b *testing.B) {
			server := audiotest.StartSoundServer(b)
			call(b, audio.OpusWebRTC, "a_speaker", c.improve)
			server.Say(b.Context(), "a_mouth", audiotest.Collect(audiotest.Voice(1), 480000))
			server.Say(b.Context(), "b_mouth", audiotest.Collect(audiotest.Voice(2), 480000))
			time.Sleep(2 * time.Second)
			before, began := audiotest.ProcessorTime(b), time.Now()
			for b.Loop() {
				time.Sleep(time.Second)
			}
			b.ReportMetric(50*float64(audiotest.ProcessorTime(b)-before)/float64(time.Since(began)), "%core/phone")
			b.ReportMetric(resident(b), "MB/process")
		})
	}
}

// resident is how much memory this process has, in MB.
func resident(b *testing.B) float64 {
	b.Helper()
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Fatal(err)
	}
	var size, pages float64
	if _, err := fmt.Sscan(string(raw), &size, &pages); err != nil {
		b.Fatal(err)
	}
	return pages * float64(os.Getpagesize()) / (1 << 20)
}

// BenchmarkBusy is ten seconds of a call while as many programs as there are
// processors, and one more, do nothing but compute: how often a speaker ran dry
// and how much of a microphone was lost, of both phones together.
func BenchmarkBusy(b *testing.B) {
	server := audiotest.StartSoundServer(b)
	p := call(b, audio.OpusWebRTC, "a_speaker", nil)
	server.Say(b.Context(), "a_mouth", audiotest.Collect(audiotest.Voice(1), 480000))
	server.Say(b.Context(), "b_mouth", audiotest.Collect(audiotest.Voice(2), 480000))
	time.Sleep(2 * time.Second)
	keepBusy(b)
	dry, lost := p.xruns()
	began := time.Now()
	for b.Loop() {
		time.Sleep(10 * time.Second)
	}
	tens := time.Since(began).Seconds() / 10
	dryAfter, lostAfter := p.xruns()
	b.ReportMetric(float64(dryAfter-dry)/tens, "underruns/10s")
	b.ReportMetric(float64(lostAfter-lost)/48/tens, "ms-lost/10s")
}

// keepBusy takes all of every processor, and more, until the benchmark ends.
func keepBusy(b *testing.B) {
	for range runtime.NumCPU() + 1 {
		busy := exec.Command("sh", "-c", "while :; do :; done")
		if err := busy.Start(); err != nil {
			b.Fatal(err)
		}
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, busy.Process.Pid, 0) // others do not hurry
		b.Cleanup(func() {
			busy.Process.Kill()
			busy.Wait()
		})
	}
}

// xruns counts over both phones.
func (p *phones) xruns() (dry, lost uint64) {
	for _, s := range p.sessions {
		info := s.Stats().Device
		dry, lost = dry+info.Underruns, lost+info.Lost
	}
	return dry, lost
}
