package audio_test

import (
	"context"
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

// call joins two sessions by an in-memory leg and runs them until the test's
// call ends. It must be called within synctest.
func call(t *testing.T, c audio.Codec, micA, micB audiotest.Source) (a, b *end, hangUp func()) {
	t.Helper()
	sa, sb := audiotest.NewStreams(c)
	a, b = newEnd(t, sa, micA), newEnd(t, sb, micB)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	for _, e := range []*end{a, b} {
		running.Go(func() {
			if err := e.session.Run(ctx); err != nil {
				t.Errorf("Run: %v", err)
			}
		})
	}
	return a, b, func() {
		cancel()
		sa.Close()
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

func TestTwoSessionsHearEachOthersTone(t *testing.T) {
	for name, codec := range codecs {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, b, hangUp := call(t, codec, audiotest.Sine(440, -20), audiotest.Sine(1000, -30))
				defer hangUp()
				time.Sleep(3 * time.Second)
				audiotest.WantTone(t, a.device.Heard(time.Second), 1000, -30, 1)
				audiotest.WantTone(t, b.device.Heard(time.Second), 440, -20, 1)

			})
		})
	}
}
