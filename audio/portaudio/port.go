package portaudio

import (
	"fmt"
	"strings"
	"unicode"
)

// Kind is the direction of a port.
type Kind int

// The two directions.
const (
	Microphone Kind = iota
	Speaker
)

func (k Kind) String() string {
	if k == Microphone {
		return "microphone"
	}
	return "speaker"
}

// ID names a port so that it is found again after devices were plugged and
// numbered anew. The zero ID follows the system's default.
type ID struct {
	HostAPI string // "ALSA", "PulseAudio", "Core Audio" …
	Name    string // unique within the host API
}

// String is the ID as the configuration keeps it: "PulseAudio: alsa_input.usb…",
// or "default".
func (id ID) String() string {
	if id == (ID{}) {
		return "default"
	}
	return id.HostAPI + ": " + id.Name
}

// ParseID reads what String wrote. The empty string is the default, too.
func ParseID(s string) (ID, error) {
	if s == "" || s == "default" {
		return ID{}, nil
	}
	api, name, ok := strings.Cut(s, ": ")
	if !ok || api == "" || name == "" {
		return ID{}, fmt.Errorf("%q is no sound device: write \"default\" or HOST-API: NAME, as `tring devices` lists them", s)
	}
	return ID{api, name}, nil
}

// Port is a microphone or a speaker that can be opened.
type Port struct {
	ID
	Kind    Kind
	Title   string // for people
	Default bool   // the system's choice

	device int // PortAudio's index, good until the list is refreshed
	pulse  bool
}

// hasName says whether id means this port.
func (p Port) hasName(id ID) bool {
	return p.ID == id || id == (ID{}) && p.Default
}

// title makes a device's own name fit for the screen: a headset may call itself
// anything.
func title(name string) string {
	clean := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name)
	if runes := []rune(clean); len(runes) > 80 {
		return string(runes[:80])
	}
	return clean
}
