package control

import (
	"context"
	"fmt"
	"strings"

	"tring/phone"
)

func devices(ctx context.Context, p *phone.Phone, _ With) (any, error) {
	list, choice, err := p.Devices(ctx)
	return Devices{whole(list), choice.Input, choice.Output, choice.Ring}, err
}

// device chooses a device for as long as the phone runs, also in the middle of
// a call.
func device(ctx context.Context, p *phone.Phone, w With) error {
	role := phone.DeviceRole(w.Role)
	if role != phone.Microphone && role != phone.Speaker && role != phone.Ringer {
		return &Error{"usage", fmt.Sprintf("%.40q is not one of microphone, speaker, ringer", w.Role)}
	}
	list, _, err := p.Devices(ctx)
	if err != nil {
		return err
	}
	name, err := choose(list, role, w.Name)
	if err != nil {
		return err
	}
	return p.SelectDevice(ctx, role, name)
}

// choose finds the one device that a person means: by its whole name, or by a
// part of it that no other has. No name is the system's default.
func choose(list []phone.SoundDevice, role phone.DeviceRole, name string) (string, error) {
	var fit []string
	for _, d := range list {
		able := d.Output
		if role == phone.Microphone {
			able = d.Input
		}
		switch {
		case !able:
		case d.Name == name:
			return name, nil
		case strings.Contains(strings.ToLower(d.Name), strings.ToLower(name)):
			fit = append(fit, d.Name)
		}
	}
	switch {
	case name == "":
		return "", nil
	case len(fit) == 1:
		return fit[0], nil
	case len(fit) > 1:
		return "", &Error{"ambiguous", fmt.Sprintf("%q fits %s; say more of the name", name, strings.Join(fit, ", "))}
	}
	return "", &Error{"no_device", fmt.Sprintf("there is no %s called %.80q; see the list of devices", role, name)}
}
