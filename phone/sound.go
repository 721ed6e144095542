package phone

import (
	"time"

	"tring/audio"
)

// Sound is how the phone reaches the sound card, the codecs and files: a
// handful of functions, so that the phone itself contains no C. Every one may
// be nil; the phone then works without that ability and says so.
type Sound struct {
	// Present reports, without waiting, whether there is anything to hear with
	// or to speak into; without it there is. Where there is nothing a person
	// must say yes to the first call without sound.
	Present func() bool
	// Open opens the microphone and the speaker of a call.
	Open func(SoundChoice) (audio.Device, error)
	// OpenRing opens the speaker that rings; without it the call's own rings.
	OpenRing func(SoundChoice) (audio.Device, error)
	// OpenMicrophone opens a microphone alone, to look at its level; without it
	// Open does.
	OpenMicrophone func(SoundChoice) (audio.Device, error)
	// Devices lists what the system has.
	Devices func() ([]SoundDevice, error)
	// Codecs makes the encoder and decoder of a leg; without it calls are
	// silent, and files can be neither played nor recorded.
	Codecs audio.Codecs
	// Echo makes what improves the microphone of one call; an io.Closer is
	// closed after the call.
	Echo func() (audio.Processor, error)
	// Tested is told what an echo test measured, so that it can be kept and the
	// echo of later calls be found sooner.
	Tested func(audio.EchoResult)
	// Tone replaces a tone of the phone's own, such as the ring by a file of
	// the user; nil from it means the built-in one. An io.Closer is closed when
	// it is no longer heard.
	Tone func(Tone) audio.Reader
}

// SoundDevice is one device of the system, for people to choose.
type SoundDevice struct {
	Name    string `json:"name"`              // as the system shows it; the choice is kept by this name
	HostAPI string `json:"host_api"`          // "ALSA", "PulseAudio", "CoreAudio" …
	Input   bool   `json:"input,omitempty"`   // it has a microphone
	Output  bool   `json:"output,omitempty"`  // it has a speaker
	Default bool   `json:"default,omitempty"` // the system's own choice
	InUse   bool   `json:"in_use,omitempty"`  // the phone has it open
}

// SoundChoice names the devices to use; an empty name is the system's default.
type SoundChoice struct {
	Input  string
	Output string
	Ring   string
}

// DeviceRole is what a device is used for.
type DeviceRole string

const (
	Microphone DeviceRole = "microphone"
	Speaker    DeviceRole = "speaker"
	Ringer     DeviceRole = "ringer"
)

// EchoTest is the progress of a guided test of microphone and speaker.
type EchoTest struct {
	Step    string        // a sentence: what is happening, what to do
	Left    time.Duration // of the whole test
	Levels  Levels
	Delay   time.Duration // from speaker to microphone and back, once measured
	Done    bool
	Verdict string // a sentence, once done
	Err     error
}
