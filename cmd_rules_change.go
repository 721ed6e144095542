package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/phone/rules"
)

func (a *app) memory() (*rules.Memory, error) { return rules.OpenMemory(a.places.Gatekeeper()) }

// rulesSwitch is `tring rules on` and `off`. A running phone sees the change.
func (a *app) rulesSwitch(word string, on bool) *cobra.Command {
	return &cobra.Command{
		Use: word + " RULE", Short: "Switch a rule " + word + ", by its name", Args: cobra.ExactArgs(1),
		ValidArgsFunction: a.completeRules,
		RunE: func(_ *cobra.Command, words []string) error {
			keeper, err := a.gatekeeper(nil)
			if err != nil {
				return err
			}
			return keeper.Switch(words[0], on)
		},
	}
}

func (a *app) completeRules(_ *cobra.Command, words []string, _ string) (names []string, _ cobra.ShellCompDirective) {
	if book, err := a.book(nil); err == nil && len(words) == 0 {
		for _, r := range book.Rules {
			names = append(names, r.Name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func (a *app) rulesSilence() *cobra.Command {
	return &cobra.Command{
		Use: "silence CALL", Short: "Make a rule from a call in the log: its caller is silenced", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			entry, err := a.incomingCall(cmd.Context(), words)
			if err != nil {
				return err
			}
			keeper, err := a.gatekeeper(nil)
			if err == nil {
				err = keeper.SilenceCaller(entry.Party)
			}
			return err
		},
	}
}

func (a *app) rulesRestricted() *cobra.Command {
	return &cobra.Command{
		Use: "restricted", Short: "List who is held back, by which rule and until when", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, err := a.memory()
			if err != nil {
				return err
			}
			held := m.AllHeld(time.Now())
			for _, h := range held {
				fmt.Fprintf(cmd.OutOrStdout(), "%-24s %-18s until %s  %s\n", h.Party.Display(), h.Party.Number,
					h.Until.Local().Format("2006-01-02 15:04"), h.Rule)
			}
			if len(held) == 0 {
				fmt.Fprintln(cmd.OutOrStdout(), "Nobody is held back.")
			}
			return nil
		},
	}
}

func (a *app) rulesRelease() *cobra.Command {
	return &cobra.Command{
		Use: "release NUMBER", Short: "Let a caller through again", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			m, err := a.memory()
			if err != nil {
				return err
			}
			reading := phone.ReadNumber(words[0], a.cfg.HomeRegion, time.Now())
			released, err := m.Release(phone.Party{Number: reading.E164})
			if err == nil && !released {
				err = fmt.Errorf("%s is not held back", words[0])
			}
			return err
		},
	}
}
