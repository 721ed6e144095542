package portaudio

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"tring/audio/bystander"
)

// pulseAPI is the host API's name for ports that a PulseAudio server offers.
// PipeWire's stand-in for PulseAudio answers the same questions.
const pulseAPI = "PulseAudio"

// pactlPatience is how long a sound server may take to answer. One that takes
// longer hangs, and whoever connects to it hangs as well, for minutes.
const pactlPatience = 3 * time.Second

var errHangs = errors.New("the sound server hangs")

// pulsePorts asks the sound server for its ports. Without a server, or without
// pactl, it returns an error and PortAudio's own list has to do.
func pulsePorts(ctx context.Context) ([]Port, error) {
	ctx, cancel := context.WithTimeout(ctx, pactlPatience)
	defer cancel()
	info, err := pactl(ctx, "info")
	if err != nil {
		return nil, err
	}
	sources, err := pactl(ctx, "list", "sources")
	if err != nil {
		return nil, err
	}
	sinks, err := pactl(ctx, "list", "sinks")
	if err != nil {
		return nil, err
	}
	return readPulse(info, sources, sinks)
}

// serverHangs reports whether there is a sound server that does not answer.
func serverHangs(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, pactlPatience)
	defer cancel()
	_, err := pactl(ctx, "info")
	return errors.Is(err, errHangs)
}

func pactl(ctx context.Context, args ...string) ([]byte, error) {
	out, err := bystander.Output(exec.CommandContext(ctx, "pactl", append([]string{"--format=json"}, args...)...))
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, errHangs
	case err != nil:
		return nil, fmt.Errorf("asking the sound server (pactl %s): %w", strings.Join(args, " "), err)
	}
	return out, nil
}

type pulseInfo struct {
	Sink   string `json:"default_sink_name"`
	Source string `json:"default_source_name"`
}

type pulseEnd struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

// readPulse understands pactl's JSON. Monitors, which hear what a speaker
// plays, are not microphones, unless one is the default.
func readPulse(info, sources, sinks []byte) ([]Port, error) {
	var defaults pulseInfo
	if err := json.Unmarshal(info, &defaults); err != nil {
		return nil, fmt.Errorf("the sound server's defaults: %w", err)
	}
	// Who set these variables chose for every program, this one included.
	defaults.Source = cmp.Or(os.Getenv("PULSE_SOURCE"), defaults.Source)
	defaults.Sink = cmp.Or(os.Getenv("PULSE_SINK"), defaults.Sink)
	microphones, err := readEnds(sources, Microphone, defaults.Source)
	if err != nil {
		return nil, err
	}
	speakers, err := readEnds(sinks, Speaker, defaults.Sink)
	return append(microphones, speakers...), err
}

func readEnds(list []byte, kind Kind, chosen string) ([]Port, error) {
	var ends []pulseEnd
	if err := json.Unmarshal(list, &ends); err != nil {
		return nil, fmt.Errorf("the sound server's list of %ss: %w", kind, err)
	}
	var ports []Port
	for _, e := range ends {
		isDefault := e.Name == chosen
		monitor := kind == Microphone && strings.HasSuffix(e.Name, ".monitor")
		if e.Name == "" || monitor && !isDefault {
			continue
		}
		ports = append(ports, Port{ID: ID{pulseAPI, e.Name}, Kind: kind, Title: cmp.Or(title(e.Description), title(e.Name)), Default: isDefault, pulse: true})
	}
	return ports, nil
}
