package ui

import (
	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// soundState is what the system has for sound and what was chosen.
type soundState struct {
	devices []phone.SoundDevice
	choice  phone.SoundChoice
	err     error
	read    bool
}

// devicesRead brings the sound devices.
type devicesRead soundState

func (d *desk) readDevices() tea.Cmd {
	return func() tea.Msg {
		devices, choice, err := d.phone.Devices(d.ctx)
		return devicesRead{devices, choice, err, true}
	}
}

// deviceName is a chosen device, or what the system's default is.
func (s *soundState) deviceName(name string, input bool) string {
	if name != "" {
		return clean(name, 60)
	}
	for _, dev := range s.devices {
		if dev.Default && (input && dev.Input || !input && dev.Output) {
			return clean(dev.Name, 60)
		}
	}
	return "system default"
}

// soundWord is one device in use: its part and its name.
type soundWord struct{ name, device string }

func (d *desk) soundWords() []soundWord {
	s := &d.sound
	if s.err != nil || s.read && len(s.devices) == 0 {
		return []soundWord{{"no sound devices:", "calls run without sound"}}
	}
	words := []soundWord{{"mic", s.deviceName(s.choice.Input, true)}, {"spk", s.deviceName(s.choice.Output, false)}}
	if s.choice.Ring != "" {
		words = append(words, soundWord{"ring", s.deviceName(s.choice.Ring, false)})
	}
	return words
}

// soundLine is the same as one sentence.
func (d *desk) soundLine() string {
	words := d.soundWords()
	out := ""
	for i, w := range words {
		if i > 0 {
			out += "   "
		}
		out += w.name + " " + w.device
	}
	return out
}
