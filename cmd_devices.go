package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/phone/control"
)

// soundDevices are those that the running phone sees, or this process when none
// runs.
func (a *app) soundDevices(ctx context.Context) ([]phone.SoundDevice, error) {
	var seen control.Devices
	err := a.remote(ctx, "devices", control.With{}, &seen)
	if !errors.Is(err, control.ErrNotRunning) {
		return seen.Devices, err
	}
	card := a.openSound()
	defer card.Close()
	return card.devices()
}

func (a *app) useDeviceCommand() *cobra.Command {
	cmd := a.verb("use microphone|speaker|ringer [NAME]", "Choose a device of the running phone", "device", deviceArg)
	cmd.Long = "use changes the device at once, also in the middle of a call, until the phone ends; the configuration\n" +
		"(sound.input, sound.output, sound.ring) is for always. A part of the name will do; without a name it is\n" +
		"the system's default."
	cmd.Example = "  tring devices use microphone headset\n  tring devices use speaker"
	return cmd
}

func deviceArg(w []string) (control.With, error) {
	roles := []string{string(phone.Microphone), string(phone.Speaker), string(phone.Ringer)}
	if len(w) == 0 || !slices.Contains(roles, w[0]) {
		return control.With{}, errWords
	}
	return control.With{Role: w[0], Name: strings.Join(w[1:], " ")}, nil
}
