package main

import (
	"log/slog"
	"os"

	"github.com/spf13/cobra"
)

// app is what every command shares: settings, places and the log.
type app struct {
	cfg    Config
	places Places
	log    *slog.Logger

	flags struct {
		config, profile, root string
		exchange, rootKey     string
		settings              []string
		plain, debug          bool
	}
}

func newRoot() *cobra.Command {
	a := new(app)
	root := &cobra.Command{
		Use:   "tring",
		Short: "A WhatsApp softphone for the terminal",
		Long: "tring places and answers WhatsApp calls from a terminal.\n\n" +
			"Without a command it starts the softphone; on first start it links to your account.\n" +
			"`tring demo` shows everything on a network of its own, with no account.",
		Args:              cobra.NoArgs,
		PersistentPreRunE: func(*cobra.Command, []string) error { return a.load() },
		RunE:              func(cmd *cobra.Command, _ []string) error { return a.softphone(cmd.Context()) },
	}
	f := root.PersistentFlags()
	f.StringVar(&a.flags.config, "config", "", "configuration file")
	f.StringVar(&a.flags.profile, "profile", "", "which set of links, log and recordings to use")
	f.StringVar(&a.flags.root, "root", "", "keep every file below this directory")
	f.StringVar(&a.flags.exchange, "exchange", "", "websocket URL of a local exchange instead of WhatsApp")
	f.StringVar(&a.flags.rootKey, "root-key", "", "root key of that exchange, hex")
	f.StringArrayVar(&a.flags.settings, "set", nil, "one setting, e.g. --set sound.volume=1.5")
	f.BoolVar(&a.flags.plain, "plain", false, "one line per event, for screen readers and simple terminals")
	f.BoolVar(&a.flags.debug, "debug", false, "log more")
	root.AddCommand(a.commands()...)
	root.SetFlagErrorFunc(wrongFlag)
	tellUsage(root)
	return root
}

// load reads the configuration and prepares places and log.
func (a *app) load() error {
	places := newPlaces("", a.flags.root)
	path := a.flags.config
	if path == "" {
		path = places.ConfigFile()
	}
	cfg, err := loadConfig(path, os.Environ(), append(a.flagSettings(), a.flags.settings...))
	if err != nil {
		return err
	}
	a.cfg, a.places = cfg, newPlaces(cfg.Profile, a.flags.root)
	if err := a.places.make(); err != nil {
		return err
	}
	a.log, err = openLog(a.places.LogFile(), cfg.Log.Level)
	return err
}

// flagSettings are the flags that are short for a setting.
func (a *app) flagSettings() []string {
	var s []string
	for _, f := range []struct{ key, value string }{
		{"profile", a.flags.profile},
		{"network.exchange", a.flags.exchange},
		{"network.root_key", a.flags.rootKey},
	} {
		if f.value != "" {
			s = append(s, f.key+"="+f.value)
		}
	}
	if a.flags.plain {
		s = append(s, "screen.plain=true")
	}
	if a.flags.debug {
		s = append(s, "log.level=debug")
	}
	return s
}
