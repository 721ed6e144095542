package phone_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/phone"
	"tring/phone/phonetest"
)

// desk is a sound card of a story: every device that was opened on it.
type desk struct {
	mu      sync.Mutex
	devices []*audiotest.Device
	rings   []*audiotest.Device
	choices []phone.SoundChoice
	broken  error
	pulled  string // the name of a device that is not there
}

var errPulled = errors.New("there is no such device")

const (
	ourTone = 880.0
	farTone = 1320.0
)

func (d *desk) open(choice phone.SoundChoice) (audio.Device, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil || choice.Input != "" && choice.Input == d.pulled {
		return nil, errors.Join(d.broken, errPulled)
	}
	device := audiotest.NewDevice(audiotest.Sine(ourTone, -12))
	d.devices, d.choices = append(d.devices, device), append(d.choices, choice)
	return device, nil
}

func (d *desk) openRing(choice phone.SoundChoice) (audio.Device, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if choice.Ring != "" && choice.Ring == d.pulled {
		return nil, errPulled
	}
	ring := audiotest.NewDevice(nil)
	d.rings = append(d.rings, ring)
	return ring, nil
}

// speaker is the speaker without microphone that was opened last.
func (d *desk) speaker() *audiotest.Device {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.rings) == 0 {
		return nil
	}
	return d.rings[len(d.rings)-1]
}

// last is the device that was opened last.
func (d *desk) last() *audiotest.Device {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.devices) == 0 {
		return nil
	}
	return d.devices[len(d.devices)-1]
}

func (d *desk) opened() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.devices)
}

// sounding is a configuration with sound in it.
func (d *desk) sounding(c *phone.Config) {
	c.Sound = phone.Sound{Open: d.open, OpenRing: d.openRing, Codecs: phonetest.Codecs}
}

// farEnd speaks and listens at the far end of a call.
func farEnd(s *story, leg phone.Leg) *audiotest.Device {
	s.t.Helper()
	device := audiotest.NewDevice(audiotest.Sine(farTone, -12))
	enc, dec, _ := phonetest.Codecs(phonetest.Codec)
	session, err := audio.NewSession(audio.SessionConfig{Device: device, Stream: leg.Stream(), Encoder: enc, Decoder: dec})
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	var run sync.WaitGroup
	run.Go(func() { session.Run(ctx) })
	before := s.quit
	s.quit = func() {
		before()
		cancel()
		run.Wait()
		device.Close()
	}
	return device
}

func hears(s *story, who string, d *audiotest.Device, hz float64) {
	s.t.Helper()
	got := audiotest.FindTone(d.Heard(500*time.Millisecond), audio.DeviceRate)
	if got.Hz < hz-3 || got.Hz > hz+3 {
		s.t.Errorf("%s hears %.0f Hz at %.0f dB, want %.0f Hz", who, got.Hz, got.Level, hz)
	}
}

func hearsNothing(s *story, who string, d *audiotest.Device) {
	s.t.Helper()
	if level := audiotest.Level(d.Heard(500 * time.Millisecond)); level > -60 {
		s.t.Errorf("%s hears something at %.0f dB", who, level)
	}
}

func TestSoundOfACall(t *testing.T) {
	t.Run("both hear each other, mute stops ours, hold stops both", func(t *testing.T) {
		var d desk
		tell(t, d.sounding, func(s *story) {
			leg, c := s.ringFrom(s.far)
			far := farEnd(s, leg)
			s.must(s.Answer(s.ctx(), c.ID))
			s.pass(2 * time.Second)
			hears(s, "we", d.last(), farTone)
			hears(s, "the other side", far, ourTone)
			s.must(s.Mute(s.ctx(), "", true))
			s.pass(2 * time.Second)
			hears(s, "we", d.last(), farTone)
			hearsNothing(s, "the other side", far)
			if !s.Levels(c.ID).Muted {
				t.Error("the meter does not show the mute of the audio thread")
			}
			s.must(s.Mute(s.ctx(), "", false))
			s.must(s.Hold(s.ctx(), ""))
			s.pass(5 * time.Second)
			hearsNothing(s, "we", d.last())
			s.must(s.Resume(s.ctx(), ""))
			s.pass(2 * time.Second)
			hears(s, "we", d.last(), farTone)
			hears(s, "the other side", far, ourTone)
			if q := s.Quality(c.ID); q.Received == 0 && q.MOS == 0 || q.Codec != "pcm 8 kHz 20 ms" {
				t.Errorf("measured %+v", q)
			}
			s.must(s.HangUp(s.ctx(), ""))
			if e := s.entry(c.ID); e.Quality.Codec == "" {
				t.Error("the log has no quality")
			}
		})
	})
	t.Run("the device is open while it still rings, with the microphone off", func(t *testing.T) {
		var d desk
		tell(t, d.sounding, func(s *story) {
			_, c := s.ringFrom(s.far)
			if d.opened() != 1 {
				t.Fatalf("%d devices are open", d.opened())
			}
			if !s.Levels(c.ID).Muted {
				t.Error("the microphone is on before the answer")
			}
			s.must(s.Reject(s.ctx(), "", ""))
			if isOpen(d.last()) {
				t.Error("the device is still open after the last call")
			}
		})
	})
	t.Run("it rings on the ringer until it is answered", func(t *testing.T) {
		var d desk
		tell(t, d.sounding, func(s *story) {
			s.ringFrom(s.far)
			s.pass(time.Second)
			if len(d.rings) != 1 || audiotest.Level(d.rings[0].Heard(time.Second)) < -40 {
				t.Fatal("it does not ring")
			}
			s.must(s.Answer(s.ctx(), ""))
			if isOpen(d.rings[0]) {
				t.Error("it rings on")
			}
		})
	})
	t.Run("what must be noticed rings as loud as it goes, in do-not-disturb and in a call, with a sound of its own", func(t *testing.T) {
		var d desk
		loud := true
		sounding := func(c *phone.Config) {
			d.sounding(c)
			c.Gatekeeper = keeper(func(context.Context, phone.Inquiry) phone.Decision {
				if loud {
					return phone.Decision{Action: phone.ActionRingLoud}
				}
				return phone.Decision{Action: phone.ActionRing}
			})
		}
		tell(t, sounding, func(s *story) {
			noticed := func(when string) {
				t.Helper()
				s.pass(time.Second)
				heard := d.speaker().Heard(500 * time.Millisecond)
				if level := audiotest.Level(heard); level < -8 {
					t.Errorf("%s: it rings at %.0f dB", when, level)
				}
				if slices.Min(heard) == math.MinInt16 || slices.Max(heard) == math.MaxInt16 {
					t.Errorf("%s: the ring clips", when)
				}
			}
			s.must(s.SetPresence(s.ctx(), phone.DND))
			leg, _ := s.ringFrom(s.far)
			noticed("in do-not-disturb")
			s.must(leg.Release(s.ctx(), phone.Cancelled))
			s.must(s.SetPresence(s.ctx(), phone.Available))

			loud = false
			quiet, _ := s.ringFrom(s.far)
			s.pass(time.Second)
			if level := audiotest.Level(d.speaker().Heard(time.Second)); level < -45 || level > -12 {
				t.Errorf("other calls ring at %.0f dB", level)
			}
			s.must(quiet.Release(s.ctx(), phone.Cancelled))

			_, c := s.ringFrom(s.far)
			s.must(s.Answer(s.ctx(), c.ID))
			s.pass(2 * time.Second)
			loud = true
			s.ringFrom(s.far)
			noticed("in a call")
		})
	})
	t.Run("silence stops the ring, do-not-disturb never starts it", func(t *testing.T) {
		var d desk
		tell(t, d.sounding, func(s *story) {
			leg, _ := s.ringFrom(s.far)
			s.must(s.Silence(s.ctx(), ""))
			if isOpen(d.rings[0]) {
				t.Error("it rings on")
			}
			s.must(leg.Release(s.ctx(), phone.Cancelled))
			s.must(s.SetPresence(s.ctx(), phone.DND))
			s.ringFrom(s.far)
			if len(d.rings) != 1 {
				t.Error("it rings in do-not-disturb")
			}
		})
	})
	t.Run("we hear the British ringback while their phone rings", func(t *testing.T) {
		var d desk
		tell(t, d.sounding, func(s *story) {
			s.dial(farNumber)
			s.pass(300 * time.Millisecond)
			got := audiotest.FindTone(d.last().Heard(200*time.Millisecond), audio.DeviceRate)
			if got.Hz < 395 || got.Hz > 455 {
				t.Errorf("we hear %.0f Hz", got.Hz)
			}
		})
	})
	t.Run("swap moves microphone and speaker to the other call", func(t *testing.T) {
		var d desk
		tell(t, d.sounding, func(s *story) {
			one, c1 := s.ringFrom(s.far)
			farEnd(s, one)
			s.must(s.Answer(s.ctx(), c1.ID))
			two, c2 := s.ringFrom(s.third)
			third := farEnd(s, two)
			third.Speak(audiotest.Sine(2000, -12))
			s.must(s.Answer(s.ctx(), c2.ID))
			s.pass(2 * time.Second)
			hears(s, "we", d.last(), 2000)
			s.must(s.Swap(s.ctx()))
			s.pass(2 * time.Second)
			hears(s, "we", d.last(), farTone)
			if d.opened() != 1 {
				t.Errorf("%d devices were opened for one head", d.opened())
			}
		})
	})
	t.Run("the end of a call is heard, unless we ended it", func(t *testing.T) {
		var d desk
		tell(t, d.sounding, func(s *story) {
			leg, c := s.ringFrom(s.far)
			farEnd(s, leg)
			s.must(s.Answer(s.ctx(), c.ID))
			s.must(leg.Release(s.ctx(), phone.NormalClearing))
			if got := audiotest.FindTone(d.last().Heard(60*time.Millisecond), audio.DeviceRate); got.Hz < 415 || got.Hz > 435 {
				t.Errorf("we hear %.0f Hz", got.Hz)
			}
			s.pass(2 * time.Second)
			if isOpen(d.last()) {
				t.Error("the device is still open")
			}
			_, c = s.ringFrom(s.third)
			s.must(s.Answer(s.ctx(), c.ID))
			s.must(s.HangUp(s.ctx(), c.ID))
			if isOpen(d.last()) {
				t.Error("a tone is played although we hung up")
			}
		})
	})
	t.Run("a new call cuts the last tone short", func(t *testing.T) {
		var d desk
		tell(t, d.sounding, func(s *story) {
			c := s.dial(farNumber)
			s.must(s.far.Offer(1).Leg.Release(s.ctx(), phone.Busy))
			s.ended(c.ID, phone.Busy, phone.OutcomeBusy)
			busy := d.last()
			if !isOpen(busy) {
				t.Error("no busy tone is played")
			}
			s.ringFrom(s.third)
			if isOpen(busy) {
				t.Error("the busy tone goes on")
			}
		})
	})
	t.Run("a pulled headset: the call goes on with the default device", func(t *testing.T) {
		var d desk
		headset := func(c *phone.Config) {
			d.sounding(c)
			c.Choice = phone.SoundChoice{Input: "Headset", Output: "Headset"}
		}
		tell(t, headset, func(s *story) {
			leg, c := s.ringFrom(s.far)
			far := farEnd(s, leg)
			s.must(s.Answer(s.ctx(), c.ID))
			s.pass(time.Second)
			d.mu.Lock()
			d.pulled = "Headset"
			d.mu.Unlock()
			d.last().Unplug()
			s.pass(2 * time.Second)
			if d.opened() != 2 || d.choices[0].Input != "Headset" || d.choices[1].Input != "" {
				t.Fatalf("opened %v", d.choices)
			}
			hears(s, "we", d.last(), farTone)
			hears(s, "the other side", far, ourTone)
			if !s.noticed("sound device is gone") || !s.noticed("default is used") {
				t.Error("nobody was told")
			}
		})
	})
	t.Run("another microphone in the middle of a call", func(t *testing.T) {
		var d desk
		tell(t, d.sounding, func(s *story) {
			leg, c := s.ringFrom(s.far)
			far := farEnd(s, leg)
			s.must(s.Answer(s.ctx(), c.ID))
			s.must(s.SelectDevice(s.ctx(), phone.Microphone, "Desk mic"))
			s.pass(2 * time.Second)
			if d.opened() != 2 || d.choices[1].Input != "Desk mic" {
				t.Fatalf("opened %v", d.choices)
			}
			hears(s, "we", d.last(), farTone)
			hears(s, "the other side", far, ourTone)
		})
	})
	t.Run("no sound card: the call goes on in silence and says so", func(t *testing.T) {
		d := desk{broken: os.ErrNotExist}
		tell(t, d.sounding, func(s *story) {
			_, c := s.ringFrom(s.far)
			s.must(s.Answer(s.ctx(), c.ID))
			s.is(c.ID, phone.Established)
			if !s.noticed("No sound device could be opened") {
				t.Error("nobody was told")
			}
			d.mu.Lock()
			d.broken = nil
			d.mu.Unlock()
			s.pass(3 * time.Second)
			if d.opened() != 1 {
				t.Error("a card that came later is not used")
			}
		})
	})
}

// recorded is a story whose machine and recordings work.
func recorded(t *testing.T, d *desk, more func(*phone.Config)) func(*phone.Config) {
	dir := t.TempDir()
	return func(c *phone.Config) {
		d.sounding(c)
		c.Recordings = dir
		if more != nil {
			more(c)
		}
	}
}

func TestRecording(t *testing.T) {
	var d desk
	tell(t, recorded(t, &d, nil), func(s *story) {
		leg, c := s.ringFrom(s.far)
		far := farEnd(s, leg)
		s.must(s.Answer(s.ctx(), c.ID))
		s.must(s.Record(s.ctx(), "", true))
		if s.call(c.ID).OnRecord {
			t.Error("it is recorded before the notice is over")
		}
		s.pass(200 * time.Millisecond)
		if got := audiotest.FindTone(far.Heard(100*time.Millisecond), audio.DeviceRate); got.Hz < 1390 || got.Hz > 1410 {
			t.Errorf("the other side hears %.0f Hz, want the notice of 1400 Hz", got.Hz)
		}
		s.pass(3 * time.Second)
		now := s.call(c.ID)
		if !now.OnRecord || !strings.Contains(now.Recording, c.ID) || strings.Contains(now.Recording, farNumber) {
			t.Fatalf("on record %v in %q", now.OnRecord, now.Recording)
		}
		s.must(s.Record(s.ctx(), "", false))
		if s.call(c.ID).OnRecord {
			t.Error("still on record")
		}
		info, err := os.Stat(now.Recording)
		if err != nil || info.Size() < 3*48000*2 {
			t.Errorf("the file: %v, %v", info, err)
		}
	})
}

func TestARecordingGoesToTheFileThatIsNamedAndTheLogHasIt(t *testing.T) {
	var d desk
	file := filepath.Join(t.TempDir(), "mine.wav")
	ogg := func(c *phone.Config) { c.Recording.Ogg = true } // the file's name says otherwise
	tell(t, recorded(t, &d, ogg), func(s *story) {
		_, c := s.talk(s.far)
		if err := s.RecordTo(s.ctx(), "", "mine.wav"); err == nil {
			t.Error("a path that depends on where the phone runs was taken")
		}
		s.must(s.RecordTo(s.ctx(), "", file))
		s.pass(3 * time.Second)
		if err := s.RecordTo(s.ctx(), "", file+"2"); err == nil {
			t.Error("one recording goes to two files")
		}
		s.must(s.HangUp(s.ctx(), c.ID))
		s.pass(time.Second)
		log, err := s.Log(s.ctx(), phone.Query{})
		if err != nil || len(log) != 1 || log[0].Recording != file {
			t.Errorf("the log has %v, %v; want %s", log, err, file)
		}
		if data, err := os.ReadFile(file); err != nil || string(data[:4]) != "RIFF" {
			t.Errorf("the file: %.4q, %v", data, err)
		}
		s.talk(s.far)
		s.must(s.RecordTo(s.ctx(), "", file))
		s.pass(3 * time.Second)
		if now := s.Calls()[0]; now.OnRecord || now.Recording != "" {
			t.Error("a second recording took the first one's file")
		}
	})
}

func TestRecordingCanBeForbidden(t *testing.T) {
	var d desk
	tell(t, d.sounding, func(s *story) {
		s.talk(s.far)
		if err := s.Record(s.ctx(), "", true); err != phone.ErrNoRecording {
			t.Errorf("Record: %v", err)
		}
	})
}

func TestVoicemail(t *testing.T) {
	var d desk
	rule := always(phone.Decision{Action: phone.ActionVoicemail, Rule: "Out"})
	quick := func(c *phone.Config) { rule(c); c.Machine.Max = 10 * time.Second }
	tell(t, recorded(t, &d, quick), func(s *story) {
		leg, c := s.ringFrom(s.far)
		far := farEnd(s, leg)
		s.pass(400 * time.Millisecond)
		if got := audiotest.FindTone(far.Heard(200*time.Millisecond), audio.DeviceRate); got.Hz < 990 || got.Hz > 1010 {
			t.Errorf("the caller hears %.0f Hz, want the beep", got.Hz)
		}
		s.pass(2 * time.Second)
		if now := s.call(c.ID); !now.Listening || !now.OnRecord {
			t.Errorf("listening %v, on record %v", now.Listening, now.OnRecord)
		}
		if d.opened() != 0 {
			t.Error("the machine opened a microphone")
		}
		hearsNothing(s, "the caller", far)
		s.pass(10 * time.Second)
		e := s.ended(c.ID, phone.NormalClearing, phone.OutcomeVoicemail)
		if files, _ := filepath.Glob(filepath.Join(filepath.Dir(e.Recording), "*.wav")); len(files) != 1 {
			t.Errorf("files: %v", files)
		}
		s.far.Released(leg)
	})
}

func TestAFullTapeLetsCallsRing(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"2026-11-03T09-00-00_c1_+441xxxxxxx61.wav", "holiday.wav"} { // one of them is ours
		if err := os.WriteFile(filepath.Join(folder, name), make([]byte, 1000), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for tape, full := range map[uint64]bool{1000: true, 1001: false} {
		var d desk
		small := func(c *phone.Config) {
			always(phone.Decision{Action: phone.ActionVoicemail})(c)
			c.Recordings, c.Recording.Tape = folder, tape
		}
		tell(t, recorded(t, &d, small), func(s *story) {
			_, c := s.ringFrom(s.far)
			now := s.call(c.ID)
			if rings := now.State == phone.Incoming && !now.Silenced && !now.Listening; rings != full {
				t.Errorf("with room for %d bytes: %v, silenced %v, listening %v", tape, now.State, now.Silenced, now.Listening)
			}
			if s.noticed("tape is full") != full {
				t.Errorf("with room for %d bytes: told %v", tape, !full)
			}
		})
	}
}

func TestTheTextOfAVoicemailComesAfterItsEnd(t *testing.T) {
	allowed := 0
	rule := always(phone.Decision{
		Action: phone.ActionVoicemail, Say: "We open at nine.",
		Machine: phone.Machine{Max: 3 * time.Second}, MayWrite: func() error { allowed++; return nil },
	})
	for _, ending := range []string{"ours", "theirs"} {
		var d desk
		tell(t, recorded(t, &d, rule), func(s *story) {
			leg, c := s.ringFrom(s.far)
			farEnd(s, leg)
			s.pass(2 * time.Second)
			for _, e := range s.far.Events() {
				if _, early := e.(phone.TextReceived); early {
					t.Error("a text came while the machine was listening")
				}
			}
			if ending == "theirs" {
				s.must(leg.Release(s.ctx(), phone.NormalClearing))
			}
			s.pass(5 * time.Second)
			s.ended(c.ID, phone.NormalClearing, phone.OutcomeVoicemail)
			s.far.Text("We open at nine.")
		})
	}
	if allowed != 2 {
		t.Errorf("asked %d times whether a text may go out, want once a call", allowed)
	}
}

func TestScreening(t *testing.T) {
	screen := func(d *desk) func(*phone.Config) {
		return recorded(t, d, always(phone.Decision{Action: phone.ActionScreen}))
	}
	t.Run("a person takes the call after listening", func(t *testing.T) {
		var d desk
		tell(t, screen(&d), func(s *story) {
			leg, c := s.ringFrom(s.far)
			far := farEnd(s, leg)
			s.pass(7 * time.Second)
			if now := s.call(c.ID); !now.Listening || now.OnRecord || now.Deadline.IsZero() {
				t.Errorf("after the answer: listening %v, on record %v, deadline %v", now.Listening, now.OnRecord, now.Deadline)
			}
			s.must(s.AnswerMuted(s.ctx(), c.ID))
			s.pass(2 * time.Second)
			hears(s, "we", d.last(), farTone)
			hearsNothing(s, "the caller", far)
			s.must(s.Mute(s.ctx(), c.ID, false))
			s.pass(2 * time.Second)
			hears(s, "the caller", far, ourTone)
			s.must(s.HangUp(s.ctx(), c.ID))
			s.ended(c.ID, phone.NormalClearing, phone.OutcomeAnswered)
		})
	})
	t.Run("a person refuses it, without naming it, and writes", func(t *testing.T) {
		var d desk
		tell(t, screen(&d), func(s *story) {
			leg, c := s.ringFrom(s.far)
			farEnd(s, leg)
			if err := s.Reject(s.ctx(), "", ""); !errors.Is(err, phone.ErrNoIncoming) {
				t.Errorf("while the machine asks: %v", err)
			}
			s.pass(7 * time.Second)
			s.must(s.Reject(s.ctx(), "", "Not now."))
			s.far.Text("Not now.")
			s.ended(c.ID, phone.Declined, phone.OutcomeDeclined)
		})
	})
	t.Run("hanging up on it is refusing it", func(t *testing.T) {
		var d desk
		tell(t, screen(&d), func(s *story) {
			leg, c := s.ringFrom(s.far)
			farEnd(s, leg)
			s.pass(7 * time.Second)
			s.must(s.HangUp(s.ctx(), c.ID))
			s.ended(c.ID, phone.Declined, phone.OutcomeDeclined)
		})
	})
	t.Run("after ringing, and taken without naming it", func(t *testing.T) {
		var d desk
		rings := phone.Decision{Action: phone.ActionRing, Ring: 10 * time.Second, Then: phone.ActionScreen}
		tell(t, recorded(t, &d, always(rings)), func(s *story) {
			leg, c := s.ringFrom(s.far)
			farEnd(s, leg)
			s.pass(18 * time.Second)
			if !s.call(c.ID).Screened() {
				t.Fatalf("it was not screened: %+v", s.call(c.ID))
			}
			s.must(s.Answer(s.ctx(), ""))
			s.pass(2 * time.Second)
			hears(s, "we", d.last(), farTone)
			s.must(s.HangUp(s.ctx(), c.ID))
			s.ended(c.ID, phone.NormalClearing, phone.OutcomeAnswered)
		})
	})
	t.Run("nobody does", func(t *testing.T) {
		var d desk
		tell(t, screen(&d), func(s *story) {
			leg, c := s.ringFrom(s.far)
			farEnd(s, leg)
			s.pass(40 * time.Second)
			s.ended(c.ID, phone.NormalClearing, phone.OutcomeVoicemail)
		})
	})
}

func TestThePersonIsFasterThanTheVoicemail(t *testing.T) {
	var d desk
	tell(t, recorded(t, &d, always(phone.Decision{Action: phone.ActionRing, Ring: 10 * time.Second, Then: phone.ActionVoicemail})), func(s *story) {
		leg, c := s.ringFrom(s.far)
		farEnd(s, leg)
		s.must(s.Answer(s.ctx(), c.ID))
		s.pass(20 * time.Second)
		if now := s.call(c.ID); now.Listening || now.State != phone.Established {
			t.Errorf("%v, listening %v", now.State, now.Listening)
		}
	})
}

func isOpen(d *audiotest.Device) bool {
	_, err := d.Write(make([]int16, 480))
	return err == nil
}

func TestSomebodyWhoSpeaksMutedIsTold(t *testing.T) {
	var d desk
	tell(t, d.sounding, func(s *story) {
		leg, c := s.ringFrom(s.far)
		farEnd(s, leg)
		s.must(s.Answer(s.ctx(), c.ID))
		s.must(s.Mute(s.ctx(), c.ID, true))
		said := ""
		for range 40 {
			s.pass(100 * time.Millisecond)
			said = s.Levels(c.ID).Advice
		}
		if said != audio.AreYouMuted.String() {
			t.Errorf("told %q", said)
		}
		s.must(s.Mute(s.ctx(), c.ID, false))
		s.pass(100 * time.Millisecond)
		if said = s.Levels(c.ID).Advice; said != "" {
			t.Errorf("still told %q", said)
		}
	})
}

func TestARecordingStopsBeforeTheDiskIsFull(t *testing.T) {
	var d desk
	const floor = 100 << 20
	var free atomic.Uint64
	free.Store(floor * 2)
	disk := func(c *phone.Config) {
		c.Recording = phone.RecordingRules{NoNotice: true, Floor: floor, Free: func(string) (uint64, error) { return free.Load(), nil }}
	}
	tell(t, recorded(t, &d, disk), func(s *story) {
		leg, c := s.talk(s.far)
		farEnd(s, leg)
		if got := s.Levels(c.ID).DiskFree; got != 0 {
			t.Errorf("before a recording %d bytes are free", got)
		}
		s.must(s.Record(s.ctx(), "", true))
		s.pass(3 * time.Second)
		if got := s.Levels(c.ID).DiskFree; got != floor*2 {
			t.Errorf("%d bytes are free", got)
		}
		free.Store(floor - 1)
		s.pass(5 * time.Second)
		now := s.call(c.ID)
		if now.OnRecord || !s.noticed("disk is nearly full") || s.Levels(c.ID).DiskFree != 0 {
			t.Errorf("with a full disk it is on record: %v", now.OnRecord)
		}
		if info, err := os.Stat(now.Recording); err != nil || info.Size() < 2*48000*4 {
			t.Errorf("the file: %v, %v", info, err)
		}
		s.is(c.ID, phone.Established)
	})
}

// measuring is an echo canceller that says what it measured.
type measuring struct{ found audio.Improvement }

func (measuring) Process([]int16, []int16)         {}
func (c measuring) Improvement() audio.Improvement { return c.found }

func TestWhatTheEchoCancellerMeasuresIsShown(t *testing.T) {
	for _, row := range []struct {
		found audio.Improvement
		want  string
	}{
		{audio.Improvement{}, ""},
		{audio.Improvement{Denoise: true}, "echo cancelling off"},
		{audio.Improvement{Echo: true}, "no echo heard yet"},
		{audio.Improvement{Echo: true, Found: true, Delay: 62 * time.Millisecond}, "echo found after 62 ms"},
		{audio.Improvement{Echo: true, Found: true, Reduction: 31.6}, "echo lowered by 32 dB"},
	} {
		var d desk
		improved := func(c *phone.Config) {
			d.sounding(c)
			c.Sound.Echo = func() (audio.Processor, error) { return measuring{row.found}, nil }
		}
		tell(t, improved, func(s *story) {
			_, c := s.talk(s.far)
			s.pass(time.Second)
			if got := s.Levels(c.ID).Echo; got != row.want {
				t.Errorf("%+v is shown as %q", row.found, got)
			}
		})
	}
}
