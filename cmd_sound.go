package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/ui"
)

func (a *app) devicesCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "devices", Short: "List microphones and speakers", Args: cobra.NoArgs,
		Long: "Lists what the running phone sees, or this command when none runs. The names stand for the settings\n" +
			"sound.input, sound.output and sound.ring.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := a.soundDevices(cmd.Context())
			if err != nil {
				return err
			}
			out := json.NewEncoder(cmd.OutOrStdout())
			for _, d := range list {
				if asJSON {
					out.Encode(d)
					continue
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%-7s %-10s %s%s\n", deviceKind(d), d.HostAPI, d.Name, defaultMark(d))
			}
			if len(list) == 0 {
				return errNoSound
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object per line")
	cmd.AddCommand(a.useDeviceCommand())
	return cmd
}

func deviceKind(d phone.SoundDevice) string {
	if d.Input {
		return "input"
	}
	return "output"
}

func defaultMark(d phone.SoundDevice) string {
	if d.Default {
		return "  (default)"
	}
	return ""
}

func (a *app) echoTestCommand() *cobra.Command {
	return &cobra.Command{
		Use: "echo-test", Short: "Test microphone and speaker before a call", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			card := a.openSound()
			defer card.Close()
			if !card.present() {
				return errNoSound
			}
			return a.withPhone(cmd.Context(), phone.Config{Sound: card.sound(), Choice: card.choose(a.cfg)},
				func(ctx context.Context, p *phone.Phone) error {
					steps, err := p.EchoTest(ctx)
					if err != nil {
						return err
					}
					return tellEchoTest(cmd, steps)
				})
		},
	}
}

func tellEchoTest(cmd *cobra.Command, steps <-chan phone.EchoTest) error {
	said := ""
	for t := range steps {
		if t.Step != said && t.Step != "" {
			said = t.Step
			fmt.Fprintln(cmd.OutOrStdout(), t.Step)
		}
		if t.Done {
			fmt.Fprintln(cmd.OutOrStdout(), t.Verdict)
			return t.Err
		}
	}
	return nil
}

// withPhone runs a phone without lines while use does.
func (a *app) withPhone(ctx context.Context, cfg phone.Config, use func(context.Context, *phone.Phone) error) error {
	ctx, cancel := context.WithCancel(ctx)
	cfg.Log, cfg.Region = a.log, a.cfg.HomeRegion
	p := phone.New(cfg)
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	return use(ctx, p)
}

func (a *app) keysCommand() *cobra.Command {
	return &cobra.Command{
		Use: "keys", Short: "Print every action and its keys, as [keys] in the configuration takes them", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, k := range ui.DefaultKeys() {
				fmt.Fprintf(cmd.OutOrStdout(), "%-16s = %-24s # %s\n", k.Action, quoted(k.Keys), k.Help)
			}
			return nil
		},
	}
}

// quoted is a TOML list of strings.
func quoted(keys []string) string {
	text, _ := json.Marshal(keys)
	return string(text)
}
