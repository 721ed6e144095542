package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/term"

	"tring/audio"
	"tring/phone"
	"tring/signaling/whatsapp"
	"tring/signaling/whatsapp/relay"
	"tring/ui"
)

// softphone is `tring`: the phone with its screen.
func (a *app) softphone(ctx context.Context) error {
	if done, err := a.underSupervisor(); done {
		return err
	}
	return a.serve(ctx, a.network(), func(ctx context.Context, s *station) error {
		return ui.Run(ctx, s.screen(nil))
	})
}

// underSupervisor hands the terminal to a child of ours when there is one to
// protect; it reports whether that has been done.
func (a *app) underSupervisor() (bool, error) {
	if supervised || !interactive() || a.cfg.Screen.Plain {
		return false, nil
	}
	code, err := supervise(a.places.LogFile())
	if err == nil && code != exitDone {
		err = quietExit(code)
	}
	return true, err
}

// interactive reports whether a person sits at both ends of a terminal.
func interactive() bool {
	return term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd()))
}

// network is the exchange of the configuration, nil for the real network.
func (a *app) network() *whatsapp.Network {
	if a.cfg.Network.Exchange == "" {
		return nil
	}
	n := &whatsapp.Network{ChatURL: a.cfg.Network.Exchange}
	hex.Decode(n.RootKey[:], []byte(a.cfg.Network.RootKey)) // checked when the configuration was read
	return n
}

func (a *app) phoneConfig(s *station, store phone.Store, lines []phone.Line, silent func() audio.Device) phone.Config {
	c := phone.Config{
		Lines: lines, Store: store, Gatekeeper: s.keeper, Log: a.log,
		Sound: s.card.sound(), Choice: s.card.choose(a.cfg),
		Region: a.cfg.HomeRegion, RingTime: time.Duration(a.cfg.Calls.RingTime), NoWaiting: !a.cfg.Calls.CallWaiting,
		Limits: a.limits(), AutoAnswer: a.cfg.Calls.AutoAnswer, Presence: a.presence(),
		Ringback: a.cfg.Calls.Ringback, Gain: a.cfg.Sound.MicGain, Volume: a.cfg.Sound.Volume,
		Recordings: a.recordings(), Recording: a.recordingRules(), KeepLog: time.Duration(a.cfg.Log.Keep),
	}
	if a.cfg.Sound.Silent || silent != nil && !s.card.present() {
		c.Sound = s.card.silentSound(silent)
	}
	return c
}

// limits are those of outgoing calls.
func (a *app) limits() phone.Limits {
	o := a.cfg.Outgoing
	from, to, _ := quietHours(o.QuietHours) // checked when the configuration was read
	return phone.Limits{
		PerHour: o.MaxPerHour, NewPerDay: o.MaxNewPeoplePerDay, Gap: time.Duration(o.SamePersonGap),
		Unanswered: o.UnansweredInARow, QuietFrom: from, QuietTo: to, ConfirmNew: o.ConfirmNewPeople,
		Unattended: a.unattended,
	}
}

func (a *app) recordingRules() phone.RecordingRules {
	r := a.cfg.Recording
	return phone.RecordingRules{
		Ogg: r.Format == "ogg", NoNotice: !r.Notice,
		Floor: uint64(r.DiskFloorMB) << 20, Keep: time.Duration(r.Keep), Tape: uint64(r.TapeMB) << 20,
	}
}

// lines are those of the configuration.
func (a *app) lines(network *whatsapp.Network) ([]phone.Line, error) {
	var lines []phone.Line
	for _, l := range a.cfg.Lines {
		line, err := a.line(l, network)
		if err != nil {
			return nil, fmt.Errorf("line %s: %w", l.Name, err)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

func (a *app) line(l LineConfig, network *whatsapp.Network) (phone.Line, error) {
	if l.Kind == string(phone.BusinessLine) {
		return a.businessLine(l)
	}
	return a.personalLine(l.Name, a.places.Line(l.Name), network)
}

func (a *app) personalLine(name, dir string, network *whatsapp.Network) (*whatsapp.Line, error) {
	return a.personalLineFor(whatsapp.DefaultChoices().MaxCalls, name, dir, network)
}

// personalLineFor is a personal line for so many calls at once.
func (a *app) personalLineFor(calls int, name, dir string, network *whatsapp.Network) (*whatsapp.Line, error) {
	choices := whatsapp.DefaultChoices()
	choices.MaxCalls = calls
	for setting, value := range a.cfg.Choices {
		if err := choices.Set(setting, value); err != nil {
			return nil, ConfigError{"choices." + setting, err.Error()}
		}
	}
	return whatsapp.New(whatsapp.Config{
		Choices: choices,
		Name:    name, Dir: dir, Exchange: network, Region: a.cfg.HomeRegion, Log: a.log,
		Media: relay.Options{
			Transport: relay.Transport(a.cfg.Media.Transport), OtherPort: uint16(a.cfg.Media.OtherPort),
			Register: a.cfg.Media.Register, Fingerprint: a.cfg.Media.Fingerprint,
		},
	})
}

// recordings is the folder of recordings, empty when they are forbidden.
func (a *app) recordings() string {
	switch {
	case a.cfg.Recording.Mode == "forbidden":
		return ""
	case a.cfg.Recording.Dir != "":
		return expandHome(a.cfg.Recording.Dir)
	}
	return a.places.Recordings()
}

// expandHome turns "~/x" into a path of the user's.
func expandHome(path string) string {
	if rest, ok := cutHome(path); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	return path
}

func cutHome(path string) (string, bool) {
	if len(path) >= 2 && path[0] == '~' && os.IsPathSeparator(path[1]) {
		return path[2:], true
	}
	return "", false
}
