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

	gain, volume float64 // of the microphone and the speaker
}

// devicesRead brings the sound devices.
type devicesRead soundState

func (d *desk) readDevices() tea.Cmd {
	return func() tea.Msg {
		devices, choice, err := d.phone.Devices(d.ctx)
		gain, volume := d.phone.Gain()
		return devicesRead{devices, choice, err, true, gain, volume}
	}
}

// deviceName is a chosen device, or what the system's default is.
func (s *soundState) deviceName(name string, input bool) string {
	if name != "" {
		return phone.CleanLine(name, 60)
	}
	for _, dev := range s.devices {
		if dev.Default && (input && dev.Input || !input && dev.Output) {
			return phone.CleanLine(dev.Name, 60)
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

// soundRow is one device that can be chosen for a role.
type soundRow struct {
	role   phone.DeviceRole
	name   string // empty for the system's default
	label  string
	chosen bool
	inUse  bool
	api    string
}

// deviceRows are the devices by role, the system's own choice first.
func (d *desk) deviceRows() (rows []soundRow) {
	c := d.sound.choice
	for _, r := range []struct {
		role  phone.DeviceRole
		now   string
		fits  func(phone.SoundDevice) bool
		first string
	}{
		{phone.Microphone, c.Input, func(d phone.SoundDevice) bool { return d.Input }, "default (" + d.sound.deviceName("", true) + ")"},
		{phone.Speaker, c.Output, func(d phone.SoundDevice) bool { return d.Output }, "default (" + d.sound.deviceName("", false) + ")"},
		{phone.Ringer, c.Ring, func(d phone.SoundDevice) bool { return d.Output }, "the same as the speaker"},
	} {
		rows = append(rows, soundRow{role: r.role, label: r.first, chosen: r.now == ""})
		for _, dev := range d.sound.devices {
			if r.fits(dev) {
				rows = append(rows, soundRow{r.role, dev.Name, phone.CleanLine(dev.Name, 60), dev.Name == r.now, dev.InUse, dev.HostAPI})
			}
		}
	}
	return rows
}
