package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/phone/rules"
)

func (a *app) rulesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "rules", Short: "The gatekeeper: check, explain and try rules",
		Long: "Rules decide what happens with a call before anything rings. They stand in\n" +
			"rules.toml beside the configuration; saving the file puts it in force at once.",
	}
	cmd.AddCommand(a.rulesLint(), a.rulesExplain(), a.rulesTest(), a.rulesReplay(), a.rulesWeek(),
		a.rulesStats(), a.rulesPreset(), a.rulesRestricted(), a.rulesRelease())
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
			out := cmd.OutOrStdout()
			for _, w := range book.Warnings {
				fmt.Fprintln(out, "warning:", w)
			}
			fmt.Fprintf(out, "%d rules, %d warnings\n", len(book.Rules), len(book.Warnings))
			return nil
		},
	}
}

func (a *app) rulesExplain() *cobra.Command {
	var g rules.Given
	cmd := &cobra.Command{
		Use: "explain", Short: "Say what would happen to a call, and why; nothing is done", Args: cobra.NoArgs,
		Example: `  tring rules explain --from "+44 20 7946 0000" --name "Ann Reed" --at "2026-12-25 10:00"`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			book, err := a.book(nil)
			if err != nil {
				return err
			}
			facts, err := g.Facts(book, time.Now())
			if err != nil {
				return usageError{err}
			}
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
	f.IntVar(&g.Nth, "nth", 1, "the how-manieth call of this person, a minute apart")
	f.StringSliceVar(&g.Tags, "tag", nil, "a tag of the caller")
	f.IntVar(&g.Agents, "agents", 0, "how many agents are free")
	return cmd
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

func (a *app) rulesReplay() *cobra.Command {
	var since, me string
	cmd := &cobra.Command{
		Use: "replay [FILE]", Short: "Run rules over the log and print only what would be different", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			book, err := a.book(words)
			if err != nil {
				return err
			}
			calls, err := a.callsSince(cmd.Context(), since)
			if err != nil {
				return err
			}
			differences := book.Replay(calls, phone.Presence(me))
			printReplay(cmd.OutOrStdout(), differences, len(calls))
			return nil
		},
	}
	cmd.Flags().StringVar(&since, "since", "30d", "how far back")
	cmd.Flags().StringVar(&me, "me", "available", "how you wanted to be treated, which the log does not know")
	return cmd
}

func printReplay(out io.Writer, differences []rules.Difference, calls int) {
	for _, d := range differences {
		fmt.Fprintf(out, "%s  %-24s %s -> %s  (%s)\n", d.Call.Started.Local().Format("Mon 2 Jan 15:04"),
			d.Call.Party.Display(), d.Was, d.Now.Rule.Do, ruleName(d.Now.Rule.Name))
	}
	fmt.Fprintf(out, "%d of %d calls would go another way.\n", len(differences), calls)
}

func ruleName(name string) string {
	if name == "" {
		return "no rule"
	}
	return name
}

// callsSince are the logged calls of a stretch of time, oldest first.
func (a *app) callsSince(ctx context.Context, since string) ([]phone.Call, error) {
	from, err := parseSince(since, time.Now())
	if err != nil {
		return nil, usageError{err}
	}
	entries, err := a.logEntries(ctx, phone.Query{Since: from, Limit: 100_000})
	if err != nil {
		return nil, err
	}
	calls := make([]phone.Call, len(entries))
	for i, e := range entries {
		calls[len(entries)-1-i] = e.Call
	}
	return calls, nil
}

func (a *app) rulesWeek() *cobra.Command {
	var at string
	cmd := &cobra.Command{
		Use: "week", Short: "Draw the hours of the rules file", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			book, err := a.book(nil)
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

func (a *app) rulesStats() *cobra.Command {
	var since string
	cmd := &cobra.Command{
		Use: "stats", Short: "Show how often each rule decided", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			book, err := a.book(nil)
			if err != nil {
				return err
			}
			calls, err := a.callsSince(cmd.Context(), since)
			if err != nil {
				return err
			}
			for _, h := range book.Hits(calls) {
				last := "never"
				if h.Hits > 0 {
					last = h.Last.Local().Format("2006-01-02 15:04")
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%6d  %-44s %s\n", h.Hits, ruleName(h.Rule), last)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&since, "since", "30d", "how far back")
	return cmd
}

func (a *app) rulesPreset() *cobra.Command {
	return &cobra.Command{
		Use: "preset [NAME]", Short: "Put a ready-made rules file in place: " + strings.Join(rules.Presets(), ", "),
		Args: cobra.MaximumNArgs(1), ValidArgs: rules.Presets(),
		RunE: func(cmd *cobra.Command, words []string) error {
			if len(words) == 0 {
				fmt.Fprintln(cmd.OutOrStdout(), strings.Join(rules.Presets(), "\n"))
				return nil
			}
			text, err := rules.Preset(words[0])
			if err != nil {
				return usageError{err}
			}
			return a.placePreset(cmd.OutOrStdout(), text)
		},
	}
}

// placePreset never overwrites: a rules file is somebody's work.
func (a *app) placePreset(out io.Writer, text []byte) error {
	path := a.rulesFile()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already; move it away first", path)
	}
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(text); err != nil {
		return err
	}
	fmt.Fprintln(out, "Wrote", path)
	return file.Sync()
}

func (a *app) memory() (*rules.Memory, error) { return rules.OpenMemory(a.places.Gatekeeper()) }

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

func (a *app) whyCommand() *cobra.Command {
	return &cobra.Command{
		Use: "why [CALL]", Short: "Say why a call did or did not ring", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			entries, err := a.logEntries(cmd.Context(), phone.Query{Direction: phone.Inbound, Limit: 500})
			if err != nil {
				return err
			}
			for _, e := range entries {
				if len(words) == 0 || e.ID == words[0] {
					printWhy(cmd.OutOrStdout(), e)
					return nil
				}
			}
			return phone.ErrNoCall
		},
	}
}

func printWhy(out io.Writer, e phone.LogEntry) {
	fmt.Fprintf(out, "%s  %s  %s on %s: %s\n", e.ID, e.Started.Local().Format("2006-01-02 15:04:05"),
		e.Party.Display(), e.Line, e.Outcome)
	rules.PrintTrace(out, e.Trace)
	fmt.Fprintf(out, "%s, by %s\n", strings.ToUpper(string(e.Action)), ruleName(e.Rule))
}
