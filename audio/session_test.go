package audio_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/audio/opus"
)

// end is one side of a call under test.
type end struct {
	device  *audiotest.Device
	stream  *audiotest.Stream
	session *audio.Session
}

// call joins two sessions by an in-memory leg and runs them until hangUp. It
// must be called within synctest.
func call(t *testing.T, c audio.Codec, micA, micB audiotest.Source) (a, b *end, hangUp func()) {
	t.Helper()
	sa, sb := audiotest.NewStreams(c)
	a, b = newEnd(t, sa, micA), newEnd(t, sb, micB)
	return a, b, start(t, a, b)
}

// start runs both ends.
func start(t *testing.T, a, b *end) (hangUp func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	for _, e := range []*end{a, b} {
		running.Go(func() {
			if err := e.session.Run(ctx); err != nil {
				t.Errorf("Run: %v", err)
			}
		})
	}
	return func() {
		cancel()
		a.stream.Close()
		running.Wait()
	}
}

func newEnd(t *testing.T, s *audiotest.Stream, mic audiotest.Source) *end {
	t.Helper()
	enc, dec, err := opus.New(s.Codec())
	if err != nil {
		t.Fatal(err)
	}
	d := audiotest.NewDevice(mic)
	session, err := audio.NewSession(audio.SessionConfig{Device: d, Stream: s, Encoder: enc, Decoder: dec})
	if err != nil {
		t.Fatal(err)
	}
	return &end{device: d, stream: s, session: session}
}

var codecs = map[string]audio.Codec{"relay": audio.OpusRelay, "WebRTC": audio.OpusWebRTC}

// each runs a test in a bubble of virtual time for every codec.
func each(t *testing.T, test func(t *testing.T, c audio.Codec)) {
	for name, codec := range codecs {
		t.Run(name, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { test(t, codec) }) })
	}
}

func TestTwoSessionsHearEachOthersTone(t *testing.T) {
	each(t, func(t *testing.T, c audio.Codec) {
		a, b, hangUp := call(t, c, audiotest.Sine(440, -20), audiotest.Sine(1000, -30))
		defer hangUp()
		time.Sleep(3 * time.Second)
		audiotest.WantTone(t, a.device.Heard(time.Second), 1000, -30, 1)
		audiotest.WantTone(t, b.device.Heard(time.Second), 440, -20, 1)
	})
}

// The devices of a test have no latency; real ones add four periods.
func TestFromMouthToEarItTakesOneFrameAndLittleMore(t *testing.T) {
	each(t, func(t *testing.T, c audio.Codec) {
		said := audiotest.Collect(audiotest.Voice(4), audio.DeviceRate.N(8*time.Second))
		at := 0
		mic := func(frame []int16) {
			n := copy(frame, said[min(at, len(said)):])
			clear(frame[n:])
			at += n
		}
		_, b, hangUp := call(t, c, mic, nil)
		defer hangUp()
		time.Sleep(8 * time.Second)
		heard := b.device.Heard(8 * time.Second)
		a := audiotest.Align(convert(t, said, audio.DeviceRate, measureRate), convert(t, heard, audio.DeviceRate, measureRate), measureRate, time.Second)
		most := c.Frame + 6500*time.Microsecond + 2*audio.Period + time.Millisecond
		t.Logf("p50 %v, p95 %v, STOI %.3f", a.Delay(.5), a.Delay(.95), audiotest.STOI(a.Said, a.Heard, measureRate))
		if got := a.Delay(.95); got > most {
			t.Errorf("95 %% of the speech is heard within %v, want %v", got, most)
		}
	})
}

func TestMutingSendsSilenceWhilePacketsKeepGoing(t *testing.T) {
	each(t, func(t *testing.T, c audio.Codec) {
		a, b, hangUp := call(t, c, audiotest.Sine(440, -20), nil)
		defer hangUp()
		time.Sleep(time.Second)
		a.session.SetMuted(true)
		time.Sleep(2 * time.Second)
		audiotest.WantSilence(t, b.device.Heard(time.Second), -60)
		s := a.session.Stats()
		if !s.Muted || s.Microphone.RMS < -25 {
			t.Errorf("muted %v, microphone at %.0f dBFS; one must see that one speaks while muted", s.Muted, s.Microphone.RMS)
		}
		if want := uint64(3 * time.Second / c.Frame); s.Encoded < want-2 {
			t.Errorf("%d packets in three seconds, want %d", s.Encoded, want)
		}
		a.session.SetMuted(false)
		time.Sleep(2 * time.Second)
		audiotest.WantTone(t, b.device.Heard(time.Second), 440, -20, 1)
	})
}

func TestHoldPlaysItsToneThereAndNothingHere(t *testing.T) {
	each(t, func(t *testing.T, c audio.Codec) {
		sa, sb := audiotest.NewStreams(c)
		enc, dec, err := opus.New(c)
		if err != nil {
			t.Fatal(err)
		}
		device := audiotest.NewDevice(audiotest.Sine(440, -20))
		session, err := audio.NewSession(audio.SessionConfig{
			Device: device, Stream: sa, Encoder: enc, Decoder: dec, HoldTone: audiotest.Sine(600, -25),
		})
		if err != nil {
			t.Fatal(err)
		}
		a := &end{device: device, stream: sa, session: session}
		b := newEnd(t, sb, audiotest.Sine(1000, -20))
		hangUp := start(t, a, b)
		defer hangUp()
		time.Sleep(time.Second)
		session.SetHeld(true)
		time.Sleep(2 * time.Second)
		audiotest.WantTone(t, b.device.Heard(time.Second), 600, -25, 1)
		audiotest.WantSilence(t, device.Heard(time.Second), -90)
		session.SetHeld(false)
		time.Sleep(2 * time.Second)
		audiotest.WantTone(t, b.device.Heard(time.Second), 440, -20, 1)
		audiotest.WantTone(t, device.Heard(time.Second), 1000, -20, 1)
	})
}

func TestTheDeviceCanBeChangedDuringTheCall(t *testing.T) {
	each(t, func(t *testing.T, c audio.Codec) {
		a, b, hangUp := call(t, c, audiotest.Sine(440, -20), audiotest.Sine(1000, -20))
		defer hangUp()
		time.Sleep(time.Second)
		headset := audiotest.NewDevice(audiotest.Sine(700, -20))
		if old := a.session.SetDevice(headset); old != audio.Device(a.device) {
			t.Errorf("SetDevice gave back %v, want the device before", old)
		}
		a.device.Close()
		time.Sleep(2 * time.Second)
		audiotest.WantTone(t, b.device.Heard(time.Second), 700, -20, 1)
		audiotest.WantTone(t, headset.Heard(time.Second), 1000, -20, 1)
		if s := a.session.Stats(); s.DeviceLost {
			t.Error("the old device's end is taken for the new one's")
		}
	})
}

func TestALostDeviceLeavesTheCallUpInSilence(t *testing.T) {
	each(t, func(t *testing.T, c audio.Codec) {
		sa, sb := audiotest.NewStreams(c)
		a, b := newEnd(t, sa, audiotest.Sine(440, -20)), newEnd(t, sb, nil)
		lost := 0
		enc, dec, _ := opus.New(c)
		session, err := audio.NewSession(audio.SessionConfig{
			Device: a.device, Stream: sa, Encoder: enc, Decoder: dec,
			DeviceLost: func(err error) {
				if !errors.Is(err, audio.ErrDeviceLost) {
					t.Errorf("DeviceLost(%v)", err)
				}
				lost++
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		a.session = session
		hangUp := start(t, a, b)
		defer hangUp()
		time.Sleep(time.Second)
		a.device.Unplug()
		time.Sleep(2 * time.Second)
		s := session.Stats()
		if lost != 1 || !s.DeviceLost {
			t.Errorf("told %d times, DeviceLost %v; want once, true", lost, s.DeviceLost)
		}
		if want := uint64(3 * time.Second / c.Frame); s.Encoded < want-2 {
			t.Errorf("%d packets in three seconds, want %d", s.Encoded, want)
		}
		audiotest.WantSilence(t, b.device.Heard(time.Second), -60)
		session.SetDevice(audiotest.NewDevice(audiotest.Sine(500, -20)))
		time.Sleep(2 * time.Second)
		audiotest.WantTone(t, b.device.Heard(time.Second), 500, -20, 1)
	})
}

func TestASessionWithoutASoundCardKeepsTheBeat(t *testing.T) {
	each(t, func(t *testing.T, c audio.Codec) {
		sa, sb := audiotest.NewStreams(c)
		enc, dec, _ := opus.New(c)
		session, err := audio.NewSession(audio.SessionConfig{Stream: sa, Encoder: enc, Decoder: dec})
		if err != nil {
			t.Fatal(err)
		}
		b := newEnd(t, sb, nil)
		hangUp := start(t, &end{stream: sa, session: session}, b)
		defer hangUp()
		session.Play(audiotest.Sine(440, -20), false)
		time.Sleep(2 * time.Second)
		audiotest.WantTone(t, b.device.Heard(time.Second), 440, -20, 1)
		if got := session.SetDevice(nil); got != nil {
			t.Errorf("SetDevice gave back %v, want nil", got)
		}
	})
}

// limited is a Reader that ends.
func limited(s audiotest.Source, d time.Duration) audio.Reader {
	left := audio.DeviceRate.N(d)
	return readerFunc(func(frame []int16) (int, error) {
		n := min(left, len(frame))
		left -= n
		s(frame[:n])
		if n < len(frame) {
			return n, io.EOF
		}
		return n, nil
	})
}

type readerFunc func([]int16) (int, error)

func (f readerFunc) Read(frame []int16) (int, error) { return f(frame) }

func TestAFileIsPlayedInsteadOfTheMicrophoneUntilItEnds(t *testing.T) {
	each(t, func(t *testing.T, c audio.Codec) {
		a, b, hangUp := call(t, c, audiotest.Sine(440, -20), nil)
		defer hangUp()
		a.session.Play(limited(audiotest.Sine(800, -20), 2*time.Second), false)
		time.Sleep(1800 * time.Millisecond)
		audiotest.WantTone(t, b.device.Heard(time.Second), 800, -20, 1)
		time.Sleep(2 * time.Second)
		audiotest.WantTone(t, b.device.Heard(time.Second), 440, -20, 1)
	})
}

func TestATonesIsMixedIntoTheSpeakerAndFilesIntoTheMicrophone(t *testing.T) {
	each(t, func(t *testing.T, c audio.Codec) {
		a, b, hangUp := call(t, c, audiotest.Sine(440, -40), nil)
		defer hangUp()
		a.session.Play(audiotest.Sine(800, -20), true)
		b.session.Mix(audiotest.Sine(1400, -10))
		time.Sleep(2 * time.Second)
		audiotest.WantTone(t, b.device.Heard(time.Second), 1400, -10, 1)
		b.session.Mix(nil)
		time.Sleep(1500 * time.Millisecond)
		audiotest.WantTone(t, b.device.Heard(time.Second), 800, -20, 1)
		a.session.Play(nil, false)
		time.Sleep(1500 * time.Millisecond)
		audiotest.WantTone(t, b.device.Heard(time.Second), 440, -40, 1)
	})
}

func TestGainAndVolumeChangeTheLevel(t *testing.T) {
	each(t, func(t *testing.T, c audio.Codec) {
		a, b, hangUp := call(t, c, audiotest.Sine(440, -30), nil)
		defer hangUp()
		a.session.SetGain(10)
		b.session.SetVolume(-6)
		time.Sleep(2 * time.Second)
		audiotest.WantTone(t, b.device.Heard(time.Second), 440, -26, 1)
		if got := b.session.Stats().Speaker.Peak; got < -27 || got > -25 {
			t.Errorf("the speaker's meter shows a peak of %.1f dBFS, want -26", got)
		}
	})
}

// kept is a Recorder.
type kept struct{ near, far []int16 }

func (k *kept) Record(near, far []int16) {
	k.near, k.far = append(k.near, near...), append(k.far, far...)
}

func TestARecordingHasBothSides(t *testing.T) {
	each(t, func(t *testing.T, c audio.Codec) {
		a, _, hangUp := call(t, c, audiotest.Sine(440, -20), audiotest.Sine(1000, -30))
		defer hangUp()
		time.Sleep(time.Second)
		var k kept
		a.session.Record(&k)
		time.Sleep(2 * time.Second)
		a.session.Record(nil)
		audiotest.WantTone(t, k.near[len(k.near)/2:], 440, -20, 1)
		audiotest.WantTone(t, k.far[len(k.far)/2:], 1000, -30, 1)
	})
}

func TestReportedLossMakesTheOtherEndRestorePackets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sa, sb := audiotest.NewStreams(audio.OpusWebRTC)
		sa.RemoteLoss = 0.1
		sa.Lose = func(seq uint16) bool { return seq%10 == 3 }
		a, b := newEnd(t, sa, audiotest.Voice(6)), newEnd(t, sb, nil)
		hangUp := start(t, a, b)
		defer hangUp()
		time.Sleep(10 * time.Second)
		if s := b.session.Stats().Jitter; s.Recovered < 15 {
			t.Errorf("of %d lost packets %d were restored", s.Lost, s.Recovered)
		}
	})
}

func TestRunEndsWithTheLegAndWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sa, _ := audiotest.NewStreams(audio.OpusRelay)
		a := newEnd(t, sa, nil)
		done := make(chan error, 1)
		go func() { done <- a.session.Run(t.Context()) }()
		time.Sleep(time.Second)
		sa.Close()
		if err := <-done; err != nil {
			t.Errorf("Run after the leg's release: %v", err)
		}
		sa, _ = audiotest.NewStreams(audio.OpusRelay)
		a = newEnd(t, sa, nil)
		ctx, cancel := context.WithCancel(t.Context())
		go func() { done <- a.session.Run(ctx) }()
		time.Sleep(time.Second)
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run after the context's end: %v", err)
		}
		sa.Close()
	})
}

func TestStatsTellWhatPeopleWantToKnow(t *testing.T) {
	each(t, func(t *testing.T, c audio.Codec) {
		a, _, hangUp := call(t, c, audiotest.Voice(1), audiotest.Voice(2))
		defer hangUp()
		if s := a.session.Stats(); s.Heard {
			t.Error("heard before anything came")
		}
		time.Sleep(5 * time.Second)
		s := a.session.Stats()
		if !s.Heard || s.MOS < 4.3 || s.Started < 4900*time.Millisecond || s.Network.Path != "in memory" || s.Jitter.Quiet != 0 {
			t.Errorf("%+v", s)
		}
		if s.MouthToEar < c.Frame || s.MouthToEar > c.Frame+60*time.Millisecond {
			t.Errorf("from mouth to ear %v", s.MouthToEar)
		}
		want := "microphone → gain +0 dB → meter → gain +0 dB → " + fmt.Sprintf("opus %d Hz %v → stream\n", c.Rate, c.Frame) +
			fmt.Sprintf("stream → jitter buffer → decode %d Hz → mix → gain +0 dB → meter → speaker", c.Rate)
		if got := a.session.String(); got != want {
			t.Errorf("the pipeline is\n%s\nwant\n%s", got, want)
		}
	})
}

func TestASilentMicrophoneIsNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, hangUp := call(t, audio.OpusRelay, audiotest.Quiet(), audiotest.Noise(1, -70))
		defer hangUp()
		time.Sleep(6 * time.Second)
		if got := a.session.Stats().DeadMicrophone; got < 5*time.Second {
			t.Errorf("digital silence for six seconds, noticed for %v", got)
		}
		if got := b.session.Stats().DeadMicrophone; got != 0 {
			t.Errorf("a quiet room is taken for a dead microphone for %v", got)
		}
	})
}
