package main

import (
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
	said   func(string) // tells people of lost and found devices

	mu     sync.Mutex
	choice phone.SoundChoice
}

// openSound starts the sound library once, because that takes a moment which no
// call should wait for.
func (a *app) openSound() (*soundCard, error) {
	s := &soundCard{cfg: a.cfg, log: a.log, said: func(string) {}}
	system, err := portaudio.Start(portaudio.Options{Log: a.log})
	s.system = system
	return s, err
}

func (s *soundCard) Close() error { return s.system.Close() }

// present reports whether there is anything to hear with or speak into.
func (s *soundCard) present() bool { return len(s.system.Ports()) > 0 }

// sound is the phone's side of it.
func (s *soundCard) sound() phone.Sound {
	return phone.Sound{
		Open: s.open, OpenRing: s.openRing, OpenMicrophone: s.openMicrophone, Devices: s.devices,
		Codecs: opus.New, Tone: s.tone, Echo: s.improve,
	}
}

// silentSound has no hardware: a probe speaks and listens.
func (s *soundCard) silentSound(device func() audio.Device) phone.Sound {
	sound := s.sound()
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
	return speex.New(speex.Switches{
		Echo:    c.EchoCancel == "on" || c.EchoCancel == "auto" && !s.headphones(),
		Denoise: c.NoiseSuppression, Gain: c.AutoGain,
	})
}

// headphones guesses from the speaker's name whether anything can echo.
func (s *soundCard) headphones() bool {
	s.mu.Lock()
	name := strings.ToLower(s.choice.Output)
	s.mu.Unlock()
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

// port finds what a person or the configuration calls a device: the whole id,
// or a part of the name that people see.
func (s *soundCard) port(kind portaudio.Kind, name string) portaudio.ID {
	if id, err := portaudio.ParseID(name); err == nil && name == id.String() {
		return id
	}
	for _, p := range s.system.Ports() {
		if p.Kind == kind && name != "" && (p.Title == name || strings.Contains(strings.ToLower(p.Title+" "+p.Name), strings.ToLower(name))) {
			return p.ID
		}
	}
	return portaudio.ID{}
}

func (s *soundCard) open(c phone.SoundChoice) (audio.Device, error) {
	s.mu.Lock()
	s.choice = c
	s.mu.Unlock()
	return s.system.Open(portaudio.Config{
		Microphone: s.port(portaudio.Microphone, c.Input),
		Speaker:    s.port(portaudio.Speaker, c.Output),
		Report:     func(r portaudio.Report) { s.said(r.String()) },
	})
}

func (s *soundCard) openRing(c phone.SoundChoice) (audio.Device, error) {
	name := c.Ring
	if name == "" {
		name = c.Output
	}
	return s.system.Open(portaudio.Config{Speaker: s.port(portaudio.Speaker, name), SpeakerOnly: true})
}

func (s *soundCard) openMicrophone(c phone.SoundChoice) (audio.Device, error) {
	return s.system.Open(portaudio.Config{Microphone: s.port(portaudio.Microphone, c.Input), MicrophoneOnly: true})
}

func (s *soundCard) devices() ([]phone.SoundDevice, error) {
	ports, err := s.system.Refresh()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	chosen := s.choice
	s.mu.Unlock()
	list := make([]phone.SoundDevice, len(ports))
	for i, p := range ports {
		used := chosen.Input
		if p.Kind == portaudio.Speaker {
			used = chosen.Output
		}
		list[i] = phone.SoundDevice{
			Name: p.Title, HostAPI: p.HostAPI, Default: p.Default,
			Input: p.Kind == portaudio.Microphone, Output: p.Kind == portaudio.Speaker,
			InUse: s.port(p.Kind, used) == p.ID || used == "" && p.Default,
		}
	}
	return list, nil
}

// tone replaces the ring by the user's file; every other tone is the phone's
// own. A file that cannot be read leaves the built-in melody.
func (s *soundCard) tone(t phone.Tone) audio.Reader {
	if t != phone.ToneRing && t != phone.ToneLoud || s.cfg.Sound.RingTone == "" {
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
