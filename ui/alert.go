package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// alert is how the terminal itself can call for attention when no desktop
// service does it: over SSH, or without a session bus.
type alert int

const (
	alertOff    alert = iota
	alertBell         // BEL: marks the window as urgent
	alertOSC9         // iTerm2's notification
	alertOSC777       // rxvt's, also WezTerm's, Ghostty's and foot's
	alertOSC99        // kitty's, with buttons that report back
)

// alertFor chooses by the configured mode (auto, osc, bell, off) and by what the
// environment says of the terminal. OSC 99 is taken later, if the terminal
// answers that it knows it.
func alertFor(mode string, environ []string) alert {
	switch mode {
	case "off":
		return alertOff
	case "bell":
		return alertBell
	}
	for _, e := range environ {
		switch name, value, _ := strings.Cut(e, "="); {
		case name == "TERM_PROGRAM" && value == "iTerm.app":
			return alertOSC9
		case name == "TERM_PROGRAM" && (value == "WezTerm" || value == "ghostty"):
			return alertOSC777
		case name == "TERM" && (strings.HasPrefix(value, "foot") || strings.HasPrefix(value, "rxvt")):
			return alertOSC777
		}
	}
	return alertBell
}

// asksOSC99 is the question whether the terminal knows OSC 99; the answer has
// the same identifier.
var asksOSC99 = ansi.DesktopNotification("", "i=tring", "p=?")

// askAlerts asks the terminal what it can do, unless alerts are off.
func (r *root) askAlerts() tea.Cmd {
	if r.alert == alertOff || r.alert == alertBell && r.cfg.Alerts == "bell" {
		return nil
	}
	return tea.Raw(asksOSC99)
}

// raise is the sequence that says that a call rings.
func (a alert) raise(call string, n Notice) string {
	id := "i=tring-" + call
	switch a {
	case alertOff:
		return ""
	case alertOSC9:
		return ansi.Notify(n.Title+" "+n.Body) + "\a"
	case alertOSC777:
		return "\x1b]777;notify;" + strings.ReplaceAll(n.Title, ";", ",") + ";" + n.Body + "\x1b\\\a"
	case alertOSC99:
		urgency := "u=1"
		if n.Urgent {
			urgency = "u=2"
		}
		return ansi.DesktopNotification(n.Title, id, "d=0", urgency, "a=report", "c=1") +
			ansi.DesktopNotification(n.Body, id, "d=0", "p=body") +
			ansi.DesktopNotification("Answer\u2028Decline", id, "d=1", "p=buttons") + "\a"
	}
	return "\a"
}

// withdraw is the sequence that takes it back when the ringing has ended.
func (a alert) withdraw(call string) string {
	if a != alertOSC99 {
		return ""
	}
	return ansi.DesktopNotification("", "i=tring-"+call, "p=close")
}

// oscAnswered takes what the terminal says about its notifications: that it has
// them, or what was pressed in one.
func (r *root) oscAnswered(sequence uv.UnknownOscEvent) tea.Cmd {
	body, ok := strings.CutPrefix(string(sequence), "\x1b]99;")
	if !ok || r.alert == alertOff {
		return nil
	}
	meta, payload, _ := strings.Cut(strings.TrimRight(body, "\a\x1b\\"), ";")
	if strings.Contains(meta, "p=?") {
		r.alert = alertOSC99
		return nil
	}
	for _, field := range strings.Split(meta, ":") {
		if call, ok := strings.CutPrefix(field, "i=tring-"); ok {
			return r.choose(notified{call, map[string]Choice{"1": ChoseAnswer, "2": ChoseDecline}[payload]})
		}
	}
	return nil
}
