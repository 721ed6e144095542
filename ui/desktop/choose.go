package desktop

import (
	"fmt"
	"slices"
	"strings"

	"tring/ui"
)

// Choose finds the way to tell of calls for a configured mode: auto, dbus, osc,
// bell, off. It returns the notifier (nil when the terminal tells) and the mode
// for ui.Config.Alerts. On auto a program that runs over SSH lets the terminal
// tell, because the desktop is on the other side. The error is for the modes
// that were asked for by name and cannot be had.
func Choose(mode string, environ []string) (ui.Notifier, string, error) {
	switch mode {
	case "", "auto":
		if remote(environ) {
			return nil, "auto", nil
		}
		if bus, err := Open(); err == nil {
			return bus, "auto", nil
		}
		return nil, "auto", nil
	case "dbus":
		bus, err := Open()
		if err != nil {
			return nil, "auto", err
		}
		return bus, "off", nil
	case "osc", "bell", "off":
		return nil, mode, nil
	}
	return nil, "auto", fmt.Errorf("notifications %q are not known; use auto, dbus, osc, bell or off", mode)
}

func remote(environ []string) bool {
	return slices.ContainsFunc(environ, func(e string) bool {
		return strings.HasPrefix(e, "SSH_TTY=") || strings.HasPrefix(e, "SSH_CONNECTION=")
	})
}
