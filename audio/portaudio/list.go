package portaudio

import (
	"strings"

	pa "github.com/gordonklaus/portaudio"
)

// defaults are PortAudio's default devices, nil where there is none.
func defaults() (in, out *pa.DeviceInfo) {
	in, _ = pa.DefaultInputDevice()
	out, _ = pa.DefaultOutputDevice()
	return in, out
}

// hardwarePorts turns PortAudio's devices into ports; one that both hears and
// plays becomes two.
func hardwarePorts(devices []*pa.DeviceInfo, in, out *pa.DeviceInfo) []Port {
	var ports []Port
	add := func(d *pa.DeviceInfo, kind Kind, chosen bool) {
		ports = append(ports, Port{ID: ID{d.HostApi.Name, d.Name}, Kind: kind, Title: title(d.Name), Default: chosen, device: d.Index})
	}
	for _, d := range devices {
		if d.MaxInputChannels > 0 {
			add(d, Microphone, d == in)
		}
		if d.MaxOutputChannels > 0 {
			add(d, Speaker, d == out)
		}
	}
	return ports
}

// carrier is the device through which PortAudio reaches a PulseAudio server,
// or -1.
func carrier(devices []*pa.DeviceInfo) int {
	for _, name := range []string{"pulse", "default"} {
		for _, d := range devices {
			if d.Name == name {
				return d.Index
			}
		}
	}
	return -1
}

// merge puts the sound server's ports before the cards that PortAudio opens
// directly, and leaves out the names that lead to the server anyway.
func merge(server, hardware []Port, carrier int) []Port {
	ports := make([]Port, 0, len(server)+len(hardware))
	for _, p := range server {
		p.device = carrier
		ports = append(ports, p)
	}
	for _, p := range hardware {
		if strings.Contains(p.Name, "(hw:") {
			p.Default = false
			ports = append(ports, p)
		}
	}
	return ports
}
