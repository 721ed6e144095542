package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
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
	seen := map[string]bool{}
	for _, w := range c.Webhooks {
		switch {
		case w.URL == "":
			return ConfigError{"webhook.url", `a [[webhook]] needs the address that it posts to, such as url = "https://example.com/tring"`}
		case seen[w.URL]:
			return ConfigError{"webhook.url", "two [[webhook]] have the same address; make them one, with the events of both"}
		}
		seen[w.URL] = true
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
		hook := hooks.Command{Words: append([]string{expandHome(h.Command[0])}, h.Command[1:]...), Events: h.Events, After: s.newest, Log: a.log}
		group.Go(func() error {
			hook.Run(ctx, s.phone)
			return nil
		})
	}
	for _, w := range a.cfg.Webhooks {
		secret, err := webhookSecret(w.SecretFile)
		if err != nil {
			a.log.Error("webhook not started", "err", err)
			group.Go(func() error {
				s.announce("A webhook is not used: " + err.Error() + ".")
				return nil
			})
			continue
		}
		hook := hooks.Webhook{
			URL: w.URL, Secret: secret, Events: w.Events, After: s.newest, Log: a.log,
			Cursor: a.places.Webhook(w.URL),
		}
		group.Go(func() error {
			hook.Run(ctx, s.phone)
			return nil
		})
	}
}

// webhookSecret reads the key that a webhook's events are signed with, from a
// file that is its owner's alone; without a file there is none. A file that
// cannot be used is an error: a receiver must never get what anybody could sign.
func webhookSecret(file string) ([]byte, error) {
	if file == "" {
		return nil, nil
	}
	path := expandHome(file)
	if err := private(path); err != nil {
		return nil, fmt.Errorf("its secret_file: %w", err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("its secret_file: %w", err)
	}
	secret := bytes.TrimRight(data, "\r\n") // editors and echo end a line
	if len(secret) == 0 {
		return nil, fmt.Errorf("its secret_file %s is empty; write the receiver's secret into it", path)
	}
	return secret, nil
}

// checkWebhooks looks whether every webhook has its secret.
func (a *app) checkWebhooks(context.Context) finding {
	for _, w := range a.cfg.Webhooks {
		if _, err := webhookSecret(w.SecretFile); err != nil {
			return fail("mend the file, then start tring again", "a webhook is not used: %v", err)
		}
	}
	if len(a.cfg.Webhooks) == 0 {
		return pass("none in the configuration")
	}
	return pass("%d webhooks have what they need", len(a.cfg.Webhooks))
}
