package main

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"tring/phone"
	"tring/phone/hooks"
)

// HookConfig is a program that is started for events.
type HookConfig struct {
	Command []string `toml:"command"`
	Events  []string `toml:"events"`
}

// hookConfigs are all hooks: events.hooks are those without arguments that hear
// of everything.
func (c Config) hookConfigs() []HookConfig {
	all := slices.Clone(c.Hooks)
	for _, program := range c.Events.Hooks {
		all = append(all, HookConfig{Command: []string{program}})
	}
	return all
}

// checkHooks refuses hooks that would never do anything.
func (c Config) checkHooks() error {
	for _, h := range c.hookConfigs() {
		if len(h.Command) == 0 || h.Command[0] == "" {
			return ConfigError{"hook.command", `a [[hook]] needs a command, such as command = ["~/bin/on-call", "--quiet"]`}
		}
		if err := checkEvents("hook.events", h.Events); err != nil {
			return err
		}
	}
	for _, w := range c.Webhooks {
		if err := checkEvents("webhook.events", w.Events); err != nil {
			return err
		}
	}
	return nil
}

func checkEvents(key string, names []string) error {
	var known []string
	for _, k := range phone.StoredKinds() {
		known = append(known, string(k))
	}
	for _, name := range names {
		if err := oneOf(key, name, known); err != nil {
			return err
		}
	}
	return nil
}

// tellOthers starts hooks and webhooks.
func (s *station) tellOthers(ctx context.Context, group *errgroup.Group) {
	a := s.app
	for _, h := range a.cfg.hookConfigs() {
		hook := hooks.Command{Words: append([]string{expandHome(h.Command[0])}, h.Command[1:]...), Events: h.Events, Since: s.began, Log: a.log}
		group.Go(func() error {
			hook.Run(ctx, s.phone)
			return nil
		})
	}
	for _, w := range a.cfg.Webhooks {
		hook := hooks.Webhook{
			URL: w.URL, Secret: a.secret(w.SecretFile), Events: w.Events, Log: a.log,
			Cursor: a.places.Webhook(w.URL),
		}
		group.Go(func() error {
			hook.Run(ctx, s.phone)
			return nil
		})
	}
}
