package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/phone/rules"
)

func (a *app) rulesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "rules", Short: "The gatekeeper: check, explain and try rules",
		Long: "Rules decide what happens with a call before anything rings. They stand in\n" +
			"rules.toml beside the configuration; saving the file puts it in force at once.\n" +
			"A FILE that is named is tried without being in force.",
		Example: "  tring rules preset quiet-nights\n  tring rules explain --from \"+44 20 7946 0000\" --me dnd\n  tring rules replay edited.toml",
	}
	cmd.AddCommand(a.rulesLint(), a.rulesExplain(), a.rulesTest(), a.rulesReplay(), a.rulesWeek(),
		a.rulesStats(), a.rulesPreset(), a.rulesSwitch("on", true), a.rulesSwitch("off", false), a.rulesSilence(),
		a.rulesRestricted(), a.rulesRelease(), a.rulesPush())
	return cmd
}

// book loads the rules file in force, or the one that is named.
func (a *app) book(words []string) (*rules.Book, error) {
	path := a.rulesFile()
	if len(words) > 0 {
		path = words[0]
		if _, err := os.Stat(path); err != nil {
			return nil, err
		}
	}
	book, err := rules.Load(path)
	if err != nil {
		return nil, ConfigError{path, err.Error()}
	}
	return book, nil
}

func (a *app) rulesLint() *cobra.Command {
	return &cobra.Command{
		Use: "lint [FILE]", Short: "Check a rules file", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			book, err := a.book(words)
			if err != nil {
				return err
			}
			pickup, err := a.pickupWarnings(cmd.Context(), book)
			if err != nil {
				return err
			}
			out, warnings := cmd.OutOrStdout(), append(book.Warnings, pickup...)
			for _, w := range warnings {
				fmt.Fprintln(out, "warning:", w)
			}
			fmt.Fprintf(out, "%d rules, %d warnings\n", len(book.Rules), len(warnings))
			return nil
		},
	}
}

// pickupWarnings tries a book on last month's calls.
func (a *app) pickupWarnings(ctx context.Context, book *rules.Book) ([]rules.Warning, error) {
	calls, err := a.callsSince(ctx, "30d")
	if err != nil {
		return nil, err
	}
	return book.PickupWarnings(calls, rules.Assume{Me: phone.Available}), nil
}

func (a *app) rulesExplain() *cobra.Command {
	var g rules.Given
	cmd := &cobra.Command{
		Use: "explain [FILE]", Short: "Say what would happen to a call, and why; nothing is done", Args: cobra.MaximumNArgs(1),
		Example: `  tring rules explain --from "+44 20 7946 0000" --name "Ann Reed" --at "2026-12-25 10:00"`,
		RunE: func(cmd *cobra.Command, words []string) error {
			book, err := a.book(words)
			if err != nil {
				return err
			}
			facts, err := g.Facts(book, time.Now())
			if err != nil {
				return usageError{err}
			}
			facts.Network = a.kindOf(facts.Account)
			book.Explain(cmd.OutOrStdout(), facts)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&g.From, "from", "", "the caller's number; without it the number is hidden")
	f.StringVar(&g.Name, "name", "", "the caller's name")
	f.BoolVar(&g.Contact, "contact", false, "the caller is in your contacts")
	f.StringVar(&g.Account, "account", "", "the line that is called")
	f.StringVar(&g.Kind, "kind", "voice", "voice, video or group")
	f.StringVar(&g.Payload, "payload", "", "what a business button or link carried")
	f.StringVar(&g.Me, "me", "available", "available, busy, dnd, away or in-call")
	f.StringVar(&g.At, "at", "", `when, e.g. "2026-12-25 10:00"`)
	f.IntVar(&g.Nth, "nth", 1, "which call of this person it is, when they call once a minute")
	f.StringSliceVar(&g.Tags, "tag", nil, "a tag of the caller")
	return cmd
}

// kindOf is the kind of a line of the configuration; a word that is none is
// taken for a kind.
func (a *app) kindOf(line string) phone.LineKind {
	for _, l := range a.cfg.Lines {
		if l.Name == line {
			return phone.LineKind(l.Kind)
		}
	}
	return phone.LineKind(line)
}

func (a *app) rulesTest() *cobra.Command {
	return &cobra.Command{
		Use: "test CASES [RULES]", Short: "Run a table of cases against the rules", Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, words []string) error {
			book, err := a.book(words[1:])
			if err != nil {
				return err
			}
			text, err := os.ReadFile(words[0])
			if err != nil {
				return usageError{err}
			}
			cases, err := rules.ParseCases(text)
			if err != nil {
				return ConfigError{words[0], err.Error()}
			}
			return runCases(cmd.OutOrStdout(), book, cases)
		},
	}
}

func runCases(out io.Writer, book *rules.Book, cases []rules.Case) error {
	failed := 0
	for _, c := range cases {
		why, err := book.Check(c, time.Now())
		if err != nil {
			why = err.Error()
		}
		if why != "" {
			failed++
			fmt.Fprintf(out, "FAIL  %s: %s\n", c.Name, why)
			continue
		}
		fmt.Fprintf(out, "ok    %s\n", c.Name)
	}
	fmt.Fprintf(out, "%d cases, %d failed\n", len(cases), failed)
	if failed > 0 {
		return quietExit(exitFailed)
	}
	return nil
}

func (a *app) rulesWeek() *cobra.Command {
	var at string
	cmd := &cobra.Command{
		Use: "week [FILE]", Short: "Draw the hours of the rules file", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			book, err := a.book(words)
			if err != nil {
				return err
			}
			day := time.Now()
			if at != "" {
				if day, err = time.ParseInLocation(time.DateOnly, at, book.Zone()); err != nil {
					return usageError{fmt.Errorf("cannot read the date %q (want 2026-12-24)", at)}
				}
			}
			if len(book.Hours()) == 0 {
				fmt.Fprintln(cmd.OutOrStdout(), "The rules file has no [hours].")
			}
			book.PrintWeek(cmd.OutOrStdout(), day)
			return nil
		},
	}
	cmd.Flags().StringVar(&at, "at", "", "the first day, e.g. 2026-12-24")
	return cmd
}
