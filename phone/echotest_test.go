package phone_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/phone"
)

// room is a device whose speaker stands near its microphone: what is played
// comes back later and softer, and somebody may speak.
type room struct {
	*audiotest.Device
	mu    sync.Mutex
	air   []int16 // on its way from speaker to microphone
	voice audiotest.Source
	echo  int // divisor of the amplitude, 0 for headphones
}

func newRoom(delay time.Duration, echo int, voice audiotest.Source) *room {
	return &room{Device: audiotest.NewDevice(nil), air: make([]int16, audio.DeviceRate.N(delay)), voice: voice, echo: echo}
}

func (r *room) Read(p []int16) (int, error) {
	n, err := r.Device.Read(p)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.voice(p)
	if r.echo > 0 {
		for i := range min(n, len(r.air)) {
			p[i] += r.air[i] / int16(r.echo)
		}
	}
	r.air = r.air[min(n, len(r.air)):]
	return n, err
}

func (r *room) Write(p []int16) (int, error) {
	r.mu.Lock()
	r.air = append(r.air, p...)
	r.mu.Unlock()
	return r.Device.Write(p)
}

func TestEchoTest(t *testing.T) {
	speaking := audiotest.Sine(300, -20)
	for _, row := range []struct {
		name    string
		echo    int
		voice   audiotest.Source
		verdict string
		delay   time.Duration
	}{
		{"speaker and microphone", 8, audiotest.Sine(300, -20), "keep echo cancelling on", 80 * time.Millisecond},
		{"headphones", 0, speaking, "no echo", 0},
		{"a muted microphone", 0, audiotest.Quiet(), "gives silence", 0},
		{"a quiet one", 0, audiotest.Sine(300, -50), "Your voice is quiet", 0},
		{"a loud one", 0, audiotest.Sine(300, 0), "Your voice distorts", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			var kept []audio.EchoResult
			open := func(c *phone.Config) {
				c.Sound.Tested = func(r audio.EchoResult) { kept = append(kept, r) }
				c.Sound.Open = func(phone.SoundChoice) (audio.Device, error) {
					return newRoom(80*time.Millisecond, row.echo, row.voice), nil
				}
			}
			tell(t, open, func(s *story) {
				began := time.Now()
				steps, err := s.EchoTest(s.ctx())
				if err != nil {
					t.Fatal(err)
				}
				if _, err := s.EchoTest(s.ctx()); !errors.Is(err, phone.ErrInUse) {
					t.Errorf("a second test at once: %v", err)
				}
				var last phone.EchoTest
				n := 0
				for last = range steps {
					n++
				}
				if !last.Done || last.Err != nil || !strings.Contains(last.Verdict, row.verdict) {
					t.Errorf("ended with %+v", last)
				}
				if off := last.Delay - row.delay; off < -10*time.Millisecond || off > 20*time.Millisecond {
					t.Errorf("measured %v, want %v", last.Delay, row.delay)
				}
				if len(kept) != 1 || kept[0].Delay != last.Delay {
					t.Errorf("what was measured was kept as %+v", kept)
				}
				if took := time.Since(began); took > 12*time.Second || n < 50 {
					t.Errorf("it took %v and %d steps", took, n)
				}
			})
		})
	}
	t.Run("a call ends it", func(t *testing.T) {
		var d desk
		tell(t, d.sounding, func(s *story) {
			steps, err := s.EchoTest(s.ctx())
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				for range steps {
				}
			}()
			s.pass(time.Second)
			test := d.last()
			_, c := s.ringFrom(s.far)
			if isOpen(test) {
				t.Error("the test goes on")
			}
			s.must(s.Answer(s.ctx(), c.ID))
			s.is(c.ID, phone.Established)
			if _, err := s.EchoTest(s.ctx()); !errors.Is(err, phone.ErrBusy) {
				t.Errorf("a test in a call: %v", err)
			}
		})
	})
	t.Run("without a device it says so", func(t *testing.T) {
		tell(t, nil, func(s *story) {
			if _, err := s.EchoTest(s.ctx()); !errors.Is(err, phone.ErrNoSound) {
				t.Errorf("EchoTest: %v", err)
			}
		})
	})
}
