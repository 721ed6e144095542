package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/term"

	"tring/audio"
	"tring/phone"
	"tring/phone/calllog"
	"tring/phone/control"
	"tring/phone/rules"
	"tring/signaling/whatsapp"
	"tring/signaling/whatsapp/relay"
	"tring/ui"
	"tring/ui/desktop"
)

// station is one running phone with everything that it stands on.
type station struct {
	app    *app
	phone  *phone.Phone
	keeper *rules.Keeper
	card   *soundCard
	began  time.Time // before anything happened
	close  []io.Closer
}

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
	if os.Getenv(childMark) != "" || !interactive() || a.cfg.Screen.Plain {
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

// serve takes the profile's lock, runs the phone with its socket, hooks and
// rules, and ends all of it when run returns or ctx ends.
func (a *app) serve(ctx context.Context, network *whatsapp.Network, run func(context.Context, *station) error) error {
	return a.serveIn(ctx, surroundings{network: network}, run)
}

// surroundings are what a phone stands on besides its configuration.
type surroundings struct {
	network *whatsapp.Network   // nil is the real one
	silent  func() audio.Device // stands in where there is no sound card; nil: calls wait for one
	lines   []phone.Line        // besides those of the configuration
}

func (a *app) serveIn(ctx context.Context, in surroundings, run func(context.Context, *station) error) error {
	release, err := lock(a.places.Lock())
	if err != nil {
		return err
	}
	defer release()
	s, err := a.assemble(in)
	if err != nil {
		return err
	}
	defer s.end()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.phone.Run(ctx) })
	s.background(ctx, group)
	group.Go(func() error {
		defer cancel()
		return run(ctx, s)
	})
	return group.Wait()
}

// background starts what serves other programs.
func (s *station) background(ctx context.Context, group *errgroup.Group) {
	a := s.app
	group.Go(func() error {
		l, err := control.Listen(a.places.Socket())
		if err != nil {
			return err
		}
		server := &control.Server{Phone: s.phone, Profile: a.cfg.Profile, Log: a.log}
		return server.Serve(ctx, l)
	})
	s.gatekeeping(ctx, group)
	group.Go(func() error {
		s.card.follow(ctx, s.phone)
		return nil
	})
	s.tellOthers(ctx, group)
}

// assemble builds the phone; nothing runs yet.
func (a *app) assemble(in surroundings) (s *station, err error) {
	s = &station{app: a, began: time.Now()}
	defer func() {
		if err != nil {
			s.end()
		}
	}()
	s.card = a.openSound()
	s.close = append(s.close, s.card)
	store, err := calllog.Open(a.places.CallLog())
	if err != nil {
		return s, err
	}
	s.close = append(s.close, store)
	lines, err := a.lines(in.network)
	if err != nil {
		return s, err
	}
	lines = append(lines, in.lines...)
	for _, l := range lines {
		if closer, ok := l.(io.Closer); ok {
			s.close = append(s.close, closer)
		}
	}
	if s.keeper, err = a.gatekeeper(s.announce); err != nil {
		return s, err
	}
	s.phone = phone.New(a.phoneConfig(s, store, lines, in.silent))
	return s, nil
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
	choices := whatsapp.DefaultChoices()
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

// secret reads a secret from a file that is the owner's alone.
func (a *app) secret(path string) []byte {
	if path == "" {
		return nil
	}
	path = expandHome(path)
	if err := private(path); err != nil {
		a.log.Error("webhook secret is not used", "err", err)
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		a.log.Error("webhook secret cannot be read", "err", err)
	}
	return data
}

// end closes what the phone stood on, last first.
func (s *station) end() {
	for i := len(s.close) - 1; i >= 0; i-- {
		if err := s.close[i].Close(); err != nil {
			s.app.log.Warn("closing", "err", err)
		}
	}
}

// screen is the configuration of the user interface; scan is the built-in
// handset's, nil on the real network.
func (s *station) screen(scan func(context.Context, string) error) ui.Config {
	c := s.app.cfg
	notify, alerts, err := desktop.Choose(c.Notify.Desktop, os.Environ())
	if err != nil {
		s.app.log.Warn("no desktop notifications", "err", err)
	}
	if closer, ok := notify.(io.Closer); ok {
		s.close = append(s.close, closer)
	}
	return ui.Config{
		Plain: c.Screen.Plain, Notify: notify, Alerts: alerts,
		ShowPicture: s.app.showPicture, Browse: open, Report: s.report,
		Phone: s.phone, Rules: s.keeper, Keys: keyChanges(c.Keys), Theme: c.Screen.Theme, QR: c.Screen.QR,
		ASCII: c.Screen.ASCII, Mouse: c.Screen.Mouse, Title: c.Notify.Title, PushToTalk: c.Screen.PushToTalk,
		Replies: c.Calls.ReplyTexts, Profile: c.Profile, Region: c.HomeRegion, Demo: scan != nil,
		MicGain: c.Sound.MicGain, Volume: c.Sound.Volume,
		LastTest: s.app.lastTest,
		Environ:  os.Environ(), Log: s.app.log, Scan: scan,
	}
}

// keyChanges reads [keys]: one key or a list for each action.
func keyChanges(table map[string]any) map[string][]string {
	changes := map[string][]string{}
	for action, keys := range table {
		switch keys := keys.(type) {
		case string:
			changes[action] = []string{keys}
		case []any:
			for _, k := range keys {
				changes[action] = append(changes[action], fmt.Sprint(k))
			}
		}
	}
	return changes
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
