package main

import (
	"cmp"
	"io"
	"log/slog"
	"strings"
	"sync"

	"tring/audio"
	"tring/audio/opus"
	"tring/audio/portaudio"
	"tring/audio/speex"
	"tring/phone"
)

// soundCard is how the phone reaches hardware, codecs and files.
type soundCard struct {
	cfg    Config
	log    *slog.Logger
	system *portaudio.System
	news   chan soundNews
	tests  echoTests

	mu     sync.Mutex
	choice phone.SoundChoice
}

// openSound starts the sound library once, because that takes a moment which no
// call should wait for.
func (a *app) openSound() *soundCard {
	if a.places.State != "" {
		if err := hushOnce(a.places.LogFile()); err != nil {
			a.log.Warn("what sound libraries print may reach the terminal", "err", err)
		}
	}
	s := &soundCard{cfg: a.cfg, log: a.log, news: make(chan soundNews, 64), tests: a.echoTests()}
	s.system = portaudio.Start(portaudio.Options{Log: a.log, Changed: func([]portaudio.Port) { s.tell(listChanged) }})
	return s
}

func (s *soundCard) Close() error { return s.system.Close() }

// present reports whether there is anything to hear with or speak into.
func (s *soundCard) present() bool { return len(s.system.Ports()) > 0 }

// sound is the phone's side of it.
func (s *soundCard) sound() phone.Sound {
	return phone.Sound{
		Present: s.present,
		Open:    s.open, OpenRing: s.openRing, OpenMicrophone: s.openMicrophone, Devices: s.devices,
		Codecs: opus.New, Tone: s.tone, Echo: s.improve, Tested: s.tests.keep,
	}
}

// silentSound has no hardware: a probe speaks and listens, or, with nil, there
// is silence.
func (s *soundCard) silentSound(device func() audio.Device) phone.Sound {
	if device == nil {
		device = func() audio.Device { return newSilence() }
	}
	sound := s.sound()
	sound.Present = nil // silence is what was asked for
	sound.Open = func(phone.SoundChoice) (audio.Device, error) { return device(), nil }
	sound.OpenRing = func(phone.SoundChoice) (audio.Device, error) { return newSilence(), nil }
	sound.OpenMicrophone = sound.OpenRing
	sound.Devices = func() ([]phone.SoundDevice, error) {
		return []phone.SoundDevice{{Name: device().Info().Input, HostAPI: "none", Input: true, Output: true, Default: true, InUse: true}}, nil
	}
	sound.Echo = nil // there is no room and no microphone to improve
	return sound
}

// improve makes what works on the microphone of one call: echo, noise, level.
func (s *soundCard) improve() (audio.Processor, error) {
	c := s.cfg.Sound
	microphone, speaker := s.pair()
	p, err := speex.New(speex.Switches{
		Echo:    c.EchoCancel == "on" || c.EchoCancel == "auto" && !headphones(speaker),
		Denoise: c.NoiseSuppression, Gain: c.AutoGain,
	})
	if err != nil {
		return nil, err
	}
	if test, known := s.tests.of(microphone, speaker); known && test.Echo {
		p.Expect(test.Delay)
	}
	return p, nil
}

// pair is what people call the microphone and the speaker of a call.
func (s *soundCard) pair() (microphone, speaker string) {
	s.mu.Lock()
	c := s.choice
	s.mu.Unlock()
	ports := s.system.Ports()
	m, _ := portaudio.Best(ports, portaudio.Microphone, c.Input)
	l, _ := portaudio.Best(ports, portaudio.Speaker, c.Output)
	return m.Title, l.Title
}

// headphones guesses from the speaker's name whether anything can echo.
func headphones(speaker string) bool {
	name := strings.ToLower(speaker)
	for _, word := range []string{"headphone", "headset", "earbud", "airpod", "buds"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

func (s *soundCard) choose(c Config) phone.SoundChoice {
	return phone.SoundChoice{Input: c.Sound.Input, Output: c.Sound.Output, Ring: c.Sound.Ring}
}

// open opens microphone and speaker of a call. Where there is nothing to open
// yet, the call begins without and has what is plugged in later.
func (s *soundCard) open(c phone.SoundChoice) (audio.Device, error) {
	s.mu.Lock()
	s.choice = c
	s.mu.Unlock()
	return s.system.Open(portaudio.Config{Microphone: c.Input, Speaker: c.Output, Wait: true, Report: s.report})
}

func (s *soundCard) openRing(c phone.SoundChoice) (audio.Device, error) {
	return s.system.Open(portaudio.Config{Speaker: cmp.Or(c.Ring, c.Output), SpeakerOnly: true})
}

func (s *soundCard) openMicrophone(c phone.SoundChoice) (audio.Device, error) {
	return s.system.Open(portaudio.Config{Microphone: c.Input, MicrophoneOnly: true})
}

func (s *soundCard) devices() ([]phone.SoundDevice, error) {
	ports, err := s.system.Refresh()
	if err != nil {
		return nil, err
	}
	list := make([]phone.SoundDevice, len(ports))
	for i, p := range ports {
		list[i] = phone.SoundDevice{
			Name: p.Title, HostAPI: p.HostAPI, Default: p.Default,
			Input: p.Kind == portaudio.Microphone, Output: p.Kind == portaudio.Speaker,
			InUse: s.system.InUse(p),
		}
	}
	return list, nil
}

// tone replaces the ring by the user's file; every other tone is the phone's
// own, also that of a call which must be noticed: it sounds like no other. A
// file that cannot be read leaves the built-in melody.
func (s *soundCard) tone(t phone.Tone) audio.Reader {
	if t != phone.ToneRing || s.cfg.Sound.RingTone == "" {
		return nil
	}
	file, err := audio.OpenFile(expandHome(s.cfg.Sound.RingTone), opus.New)
	if err != nil {
		s.log.Warn("the ring tone cannot be played; the built-in one is", "err", err)
		return nil
	}
	return file
}

var _ io.Closer = (*soundCard)(nil)
