package phone_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/phone"
)

// soundFile writes two seconds of our tone (RIFF, one channel of 16 bits).
func soundFile(t *testing.T) string {
	t.Helper()
	samples := make([]int16, audio.DeviceRate.N(2*time.Second))
	audiotest.Sine(ourTone, -12).Read(samples)
	rate, size := uint32(audio.DeviceRate), uint32(2*len(samples))
	var b bytes.Buffer
	for _, part := range []any{
		[]byte("RIFF"), 36 + size, []byte("WAVEfmt "), uint32(16), uint16(1), uint16(1), rate, 2 * rate, uint16(2), uint16(16),
		[]byte("data"), size, samples,
	} {
		if err := binary.Write(&b, binary.LittleEndian, part); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "tone.wav")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// keysIn are the keys that somebody hears.
func keysIn(heard []int16) string {
	keys, listener := "", audio.NewDTMF()
	listener.Feed(heard, func(key byte) { keys += string(rune(key)) })
	return keys
}

func TestANoticeThatIsCutShortIsSaidAndRecordingCanBeAskedForAgain(t *testing.T) {
	file := soundFile(t)
	for name, cut := range map[string]func(*story) error{
		"a key":         func(s *story) error { return s.SendDigits(s.ctx(), "", "1") },
		"another sound": func(s *story) error { return s.Play(s.ctx(), "", file) },
		"a stop":        func(s *story) error { return s.Play(s.ctx(), "", "") },
	} {
		t.Run(name, func(t *testing.T) {
			var d desk
			tell(t, recorded(t, &d, nil), func(s *story) {
				s.net.NoDigits = true
				leg, c := s.ringFrom(s.far)
				farEnd(s, leg)
				s.must(s.Answer(s.ctx(), c.ID))
				s.must(s.Record(s.ctx(), "", true))
				s.must(cut(s))
				s.pass(5 * time.Second)
				if s.call(c.ID).OnRecord || !s.noticed("cut short") {
					t.Errorf("on record %v; people were told: %v", s.call(c.ID).OnRecord, s.noticed("cut short"))
				}
				s.must(s.Record(s.ctx(), "", true))
				s.pass(5 * time.Second)
				if !s.call(c.ID).OnRecord {
					t.Error("asked for again, it is not recorded")
				}
			})
		})
	}
}

func TestARecordingThatIsStoppedAndStartedWhileItsNoticePlaysIsMade(t *testing.T) {
	var d desk
	tell(t, recorded(t, &d, nil), func(s *story) {
		leg, c := s.ringFrom(s.far)
		farEnd(s, leg)
		s.must(s.Answer(s.ctx(), c.ID))
		for _, on := range []bool{true, false, true} {
			s.must(s.Record(s.ctx(), "", on))
		}
		s.pass(5 * time.Second)
		if !s.call(c.ID).OnRecord {
			t.Error("it is not recorded")
		}
	})
}

func TestAGreetingThatIsCutShortIsFollowedByTheRecording(t *testing.T) {
	var d desk
	greeting := soundFile(t)
	tell(t, voicemail(t, &d, func(c *phone.Config) { c.Machine.Greeting = greeting }), func(s *story) {
		leg, c := s.ringFrom(s.far)
		far := farEnd(s, leg)
		s.pass(time.Second)
		hears(s, "the caller", far, ourTone)
		s.must(s.Play(s.ctx(), c.ID, ""))
		s.pass(2 * time.Second)
		if now := s.call(c.ID); !now.OnRecord {
			t.Errorf("on record %v, listening %v", now.OnRecord, now.Listening)
		}
		s.pass(15 * time.Second)
		s.ended(c.ID, phone.NormalClearing, phone.OutcomeVoicemail)
	})
}

func TestAPersonWhoTakesAScreenedCallStopsTheQuestion(t *testing.T) {
	var d desk
	question := soundFile(t)
	screen := recorded(t, &d, func(c *phone.Config) {
		always(phone.Decision{Action: phone.ActionScreen})(c)
		c.Machine.Question = question
	})
	tell(t, screen, func(s *story) {
		leg, c := s.ringFrom(s.far)
		far := farEnd(s, leg)
		s.pass(time.Second)
		s.must(s.Answer(s.ctx(), c.ID))
		s.pass(5 * time.Second)
		if now := s.call(c.ID); now.OnRecord || now.Listening {
			t.Errorf("on record %v, listening %v", now.OnRecord, now.Listening)
		}
		if level := audiotest.Level(far.Heard(time.Second)); level < -40 {
			t.Errorf("they hear us at %.0f dB", level)
		}
	})
}

func TestKeysThatArePressedFasterThanTheySoundAreAllHeard(t *testing.T) {
	var d desk
	tell(t, d.sounding, func(s *story) {
		s.net.NoDigits = true
		leg, c := s.ringFrom(s.far)
		far := farEnd(s, leg)
		s.must(s.Answer(s.ctx(), c.ID))
		s.pass(time.Second)
		for _, key := range []string{"1", "1", "2", "#"} {
			if err := s.SendDigits(s.ctx(), "", key); err != nil {
				t.Fatal(err)
			}
			s.pass(40 * time.Millisecond)
		}
		s.pass(3 * time.Second)
		if got := keysIn(far.Heard(4 * time.Second)); got != "112#" {
			t.Errorf("they hear %q", got)
		}
		s.must(s.SendDigits(s.ctx(), "", "3"))
		s.pass(time.Second)
		if got := keysIn(far.Heard(time.Second)); got != "3" {
			t.Errorf("later they hear %q", got)
		}
	})
}
