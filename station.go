package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"golang.org/x/sync/errgroup"

	"tring/audio"
	"tring/phone"
	"tring/phone/calllog"
	"tring/phone/control"
	"tring/phone/rules"
	"tring/signaling/whatsapp"
	"tring/ui"
	"tring/ui/desktop"
)

// station is one running phone with everything that it stands on.
type station struct {
	app    *app
	phone  *phone.Phone
	keeper *rules.Keeper
	card   *soundCard
	newest uint64 // event of former runs
	close  []io.Closer
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
	s = &station{app: a}
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
	store.Damaged = func(err error) { a.log.Error("call log", "err", err) }
	s.close = append(s.close, store)
	if s.newest, err = store.LastEvent(); err != nil {
		return s, err
	}
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
