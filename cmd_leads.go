package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"tring/phone"
)

func (a *app) leadsCommand() *cobra.Command {
	var since string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "leads", Short: "Show who called, was missed, and has been left alone since", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			from, err := parseSince(since, time.Now())
			if err != nil {
				return usageError{err}
			}
			return a.withArchive(cmd.Context(), func(ctx context.Context, log archive) error {
				leads, err := log.Leads(ctx, from)
				if err != nil {
					return err
				}
				return printLeads(cmd.OutOrStdout(), leads, asJSON)
			})
		},
	}
	cmd.Flags().StringVar(&since, "since", "30d", "how far back")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object per line")
	return cmd
}

func printLeads(w io.Writer, leads []phone.Lead, asJSON bool) error {
	if len(leads) == 0 && !asJSON {
		sayEmpty(w, "Nobody waits for a call from you.")
	}
	out := json.NewEncoder(w)
	for _, l := range leads {
		if asJSON {
			if err := out.Encode(l); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(w, "%-24s %-18s %d attempts, last %s on %s\n", l.Party.Display(), l.Party.Number,
			l.Attempts, l.Last.Local().Format("2006-01-02 15:04"), l.Line)
	}
	return nil
}

func (a *app) statsCommand() *cobra.Command {
	var since string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "stats", Short: "Sum the log up", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			start, err := parseSince(since, time.Now())
			if err != nil {
				return usageError{err}
			}
			return a.withArchive(cmd.Context(), func(ctx context.Context, from archive) error {
				s, err := from.Stats(ctx, start, time.Now())
				if err != nil {
					return err
				}
				if asJSON {
					return json.NewEncoder(cmd.OutOrStdout()).Encode(s)
				}
				printStats(cmd.OutOrStdout(), s)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&since, "since", "30d", "how far back")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object")
	return cmd
}

func printStats(w io.Writer, s phone.Stats) {
	if s.Calls == 0 {
		fmt.Fprintln(w, "0 calls")
		return
	}
	came := "none came in"
	if s.Incoming > 0 {
		came = fmt.Sprintf("%d came in, %d of them answered here (%.0f %%), %s until answered",
			s.Incoming, s.Answered, 100*s.PickUpRate, s.ToAnswer.Round(time.Second/10))
	}
	fmt.Fprintf(w, "%d calls, %s, %s talked\n", s.Calls, came, s.Talk.Round(time.Second))
	for _, o := range slices.Sorted(maps.Keys(s.ByOutcome)) {
		fmt.Fprintf(w, "  %-18s %d\n", o, s.ByOutcome[o])
	}
	for hour, h := range s.ByHour {
		if h.Incoming > 0 {
			fmt.Fprintf(w, "  %02d:00              %d in, %d answered\n", hour, h.Incoming, h.Answered)
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(s.ByRule)) {
		fmt.Fprintf(w, "  rule %-32s %d\n", ruleName(rule), s.ByRule[rule])
	}
}

func (a *app) forgetCommand() *cobra.Command {
	return &cobra.Command{
		Use: "forget WHO", Short: "Remove a person from log, contacts, events and recordings", Args: cobra.ExactArgs(1),
		Long: "forget removes a person, by number or name, from everything that tring keeps: log, events, contacts,\n" +
			"recordings, the gatekeeper's memory, and the people, events and voice messages of business lines.",
		RunE: func(cmd *cobra.Command, words []string) error {
			return a.withArchive(cmd.Context(), func(ctx context.Context, from archive) error {
				n, err := from.Forget(ctx, words[0])
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "Removed %d calls.\n", n)
				return nil
			})
		},
	}
}
