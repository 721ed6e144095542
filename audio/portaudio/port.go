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
// numbered anew.
type ID struct {
	HostAPI string // "ALSA", "PulseAudio", "Core Audio" …
	Name    string // unique within the host API
}

// String is the whole name: "PulseAudio: alsa_input.usb…".
func (id ID) String() string { return id.HostAPI + ": " + id.Name }

// Port is a microphone or a speaker that can be opened.
type Port struct {
	ID
	Kind    Kind
	Title   string // for people; no other port of this kind has it
	Default bool   // the system's choice

	device int // PortAudio's index, good until the list is refreshed
	pulse  bool
}

// likeness is how well a port is described by a wish.
type likeness int

const (
	unlike likeness = iota
	partly
	exactly
)

// answers says how well p is meant by a wish in a person's words: its whole
// name, its title, or a part of either. The empty wish means no port.
func (p Port) answers(wish string) likeness {
	switch lower := strings.ToLower(wish); {
	case wish == "":
		return unlike
	case wish == p.ID.String() || wish == p.Title || wish == p.Name:
		return exactly
	case strings.Contains(strings.ToLower(p.Title), lower) || strings.Contains(strings.ToLower(p.ID.String()), lower):
		return partly
	}
	return unlike
}

// Best is the port of a kind that Open tries first for a wish; false means
// that there is none of that kind.
func Best(ports []Port, kind Kind, wish string) (Port, bool) {
	fit := candidates(ports, kind, wish, ID{})
	if len(fit) == 0 {
		return Port{}, false
	}
	return fit[0], true
}

// tellApart makes the titles of one kind differ: two headsets of one make have
// the same.
func tellApart(ports []Port) {
	seen := map[Port]int{}
	for i := range ports {
		p := &ports[i]
		key := Port{Kind: p.Kind, Title: p.Title}
		if seen[key]++; seen[key] > 1 {
			p.Title = fmt.Sprintf("%s (%d)", p.Title, seen[key])
		}
	}
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
