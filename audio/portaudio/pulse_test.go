package portaudio

import (
	"strings"
	"testing"
)

const (
	infoJSON    = `{"server_name":"PulseAudio (on PipeWire 0.3.65)","default_sink_name":"laptop","default_source_name":"headset"}`
	sourcesJSON = `[{"index":1,"name":"laptop.monitor","description":"Monitor of Laptop","monitor_source":"laptop"},
		{"index":2,"name":"headset","description":"Jabra \u00e9volve"},{"index":3,"name":"webcam","description":"Webcam"}]`
	sinksJSON = `[{"index":1,"name":"laptop","description":"Laptop Speakers"},{"index":9,"name":"headset.out","description":"Jabra"}]`
)

func TestASoundServersListBecomesPorts(t *testing.T) {
	ports, err := readPulse([]byte(infoJSON), []byte(sourcesJSON), []byte(sinksJSON))
	if err != nil {
		t.Fatal(err)
	}
	want := []Port{
		{ID: pulse("headset"), Kind: Microphone, Title: "Jabra évolve", Default: true, pulse: true},
		{ID: pulse("webcam"), Kind: Microphone, Title: "Webcam", pulse: true},
		{ID: pulse("laptop"), Kind: Speaker, Title: "Laptop Speakers", Default: true, pulse: true},
		{ID: pulse("headset.out"), Kind: Speaker, Title: "Jabra", pulse: true},
	}
	if len(ports) != len(want) {
		t.Fatalf("%d ports: %+v", len(ports), ports)
	}
	for i := range want {
		if ports[i] != want[i] {
			t.Errorf("port %d is %+v, want %+v", i, ports[i], want[i])
		}
	}
}

func TestTheUsersOwnSteeringIsTheDefault(t *testing.T) {
	t.Setenv("PULSE_SOURCE", "webcam")
	ports, err := readPulse([]byte(infoJSON), []byte(sourcesJSON), []byte(sinksJSON))
	if err != nil {
		t.Fatal(err)
	}
	if ports[0].Default || !ports[1].Default {
		t.Errorf("with PULSE_SOURCE the microphones are %+v", ports[:2])
	}
}

func FuzzReadPulse(f *testing.F) {
	f.Add([]byte(infoJSON), []byte(sourcesJSON), []byte(sinksJSON))
	f.Fuzz(func(t *testing.T, info, sources, sinks []byte) {
		ports, err := readPulse(info, sources, sinks)
		for _, p := range ports {
			if err == nil && (p.Name == "" || p.HostAPI != pulseAPI || strings.ContainsAny(p.Title, "\x1b\n")) {
				t.Errorf("a port %+v", p)
			}
		}
	})
}

func TestOnlyDevicesThatComeOrGoAreHints(t *testing.T) {
	for events, want := range map[string]int{
		"Event 'new' on sink #5\n":                                   1,
		"Event 'remove' on source #1\nEvent 'change' on server\n":    1, // the second is in the first
		"Event 'new' on sink-input #12\nEvent 'change' on client #3": 0,
		"Event 'change' on sink #5\n":                                0,
		"garbage\n on \n":                                            0,
	} {
		hints := make(chan struct{}, 1)
		readEvents(strings.NewReader(events), hints)
		if len(hints) != want {
			t.Errorf("%q gave %d hints, want %d", events, len(hints), want)
		}
	}
}
