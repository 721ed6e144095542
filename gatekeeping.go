package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"tring/phone"
	"tring/phone/rules"
)

// gatekeeper reads the rules. notice, if not nil, is told when the file is
// refused or good again.
func (a *app) gatekeeper(notice func(string)) (*rules.Keeper, error) {
	memory, err := a.memory()
	if errors.Is(err, rules.ErrSpoilt) { // no reason to miss calls
		path := a.places.Gatekeeper()
		a.log.Error("the gatekeeper begins anew", "err", err, "kept as", path+".spoilt")
		err = os.Rename(path, path+".spoilt")
		if err == nil {
			memory, err = a.memory()
		}
	}
	if err != nil {
		return nil, err
	}
	policy := rules.TextPolicy{PerDay: a.cfg.Texts.AutomaticPerDay, To: a.cfg.Texts.To}
	return rules.NewKeeper(a.rulesFile(), memory, policy, a.log, notice), nil
}

func (a *app) rulesFile() string {
	if a.cfg.Gatekeeper.Rules != "" {
		return expandHome(a.cfg.Gatekeeper.Rules)
	}
	return a.places.RulesFile()
}

// presence is how people want to be treated at the start.
func (a *app) presence() phone.Presence {
	if a.cfg.Gatekeeper.DND {
		return phone.DND
	}
	return phone.Available
}

// gatekeeping keeps rules and presence as the files say.
func (s *station) gatekeeping(ctx context.Context, group *errgroup.Group) {
	a := s.app
	group.Go(func() error {
		if err := s.keeper.Watch(ctx); err != nil {
			a.log.Warn("the rules file is not watched", "err", err)
		}
		return nil
	})
	sources := a.presenceSources()
	if sources == (rules.Sources{}) {
		return
	}
	group.Go(func() error {
		if err := sources.Follow(ctx, a.log, s.phone.SetPresence); err != nil {
			a.log.Warn("status file and calendar are not followed", "err", err)
		}
		return nil
	})
}

// presenceSources are the files of other programs; relative ones stand beside
// the configuration.
func (a *app) presenceSources() rules.Sources {
	beside := func(path string) string {
		if path = expandHome(path); path == "" || filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(a.places.Config, path)
	}
	return rules.Sources{StatusFile: beside(a.cfg.Gatekeeper.StatusFile), Calendar: beside(a.cfg.Gatekeeper.Calendar)}
}

// announce shows a sentence once there is a phone to show it.
func (s *station) announce(sentence string) {
	if s.phone == nil {
		return // whoever begins to watch hears of it
	}
	if err := s.phone.Announce(context.Background(), sentence); err != nil {
		s.app.log.Warn("nobody was told", "err", err)
	}
}
