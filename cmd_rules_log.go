package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/phone/rules"
)

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
			assume, err := a.assume(cmd.Context(), phone.Presence(me))
			if err != nil {
				return err
			}
			printReplay(cmd.OutOrStdout(), book.Replay(calls, assume), calls)
			return nil
		},
	}
	cmd.Flags().StringVar(&since, "since", "30d", "how far back")
	cmd.Flags().StringVar(&me, "me", "available", "how you wanted to be treated during calls of which the log does not say")
	return cmd
}

// assume is what the log does not know: tags are those of today.
func (a *app) assume(ctx context.Context, me phone.Presence) (rules.Assume, error) {
	assume := rules.Assume{Me: me}
	err := a.withArchive(ctx, func(ctx context.Context, from archive) (err error) {
		assume.People, err = from.Contacts(ctx)
		return err
	})
	return assume, err
}

func printReplay(out io.Writer, differences []rules.Difference, calls []phone.Call) {
	came := 0
	for _, c := range calls {
		if c.Direction == phone.Inbound {
			came++
		}
	}
	for _, d := range differences {
		fmt.Fprintf(out, "%s  %-24s %s -> %s  (%s)\n", d.Call.Started.Local().Format("Mon 2 Jan 15:04"),
			d.Call.Party.Display(), d.Was, d.Now, ruleName(d.Rule))
	}
	fmt.Fprintf(out, "%d of %d calls would go another way.\n", len(differences), came)
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
				fmt.Fprintf(cmd.OutOrStdout(), "%6d  %-44s %s\n", h.Hits, hitsName(h), lastText(h.Last))
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&since, "since", "30d", "how far back")
	return cmd
}

func hitsName(h rules.RuleHits) string {
	switch {
	case h.Rule == "":
		return "(no rule: the default)"
	case h.Foreign:
		return h.Rule + " (not in the file)"
	}
	return h.Rule
}

func lastText(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Local().Format("2006-01-02 15:04")
}

func (a *app) whyCommand() *cobra.Command {
	return &cobra.Command{
		Use: "why [CALL]", Short: "Say why a call did or did not ring",
		Long: "why tells what each rule said of a call and what was done. Without CALL, an id from `tring log`,\n" +
			"it is the last call that came in.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			e, err := a.incomingCall(cmd.Context(), words)
			if err == nil {
				rules.Why(cmd.OutOrStdout(), e)
			}
			return err
		},
	}
}

// maxLookBack is how many calls back one can ask about by id.
const maxLookBack = 10_000

// incomingCall is the call with an id, or with none the last one that came in.
func (a *app) incomingCall(ctx context.Context, words []string) (phone.LogEntry, error) {
	which := phone.Query{Direction: phone.Inbound, Limit: 1}
	if len(words) > 0 {
		which = phone.Query{Limit: maxLookBack}
	}
	entries, err := a.logEntries(ctx, which)
	if err != nil {
		return phone.LogEntry{}, err
	}
	for _, e := range entries {
		if len(words) > 0 && e.ID != words[0] {
			continue
		}
		if e.Direction == phone.Outbound {
			return e, fmt.Errorf("%s was your own call; rules are only asked about calls that come in", e.ID)
		}
		return e, nil
	}
	if len(words) > 0 {
		return phone.LogEntry{}, fmt.Errorf("%s: %w; `tring log` has their ids", words[0], phone.ErrNoCall)
	}
	return phone.LogEntry{}, errNoneCame
}

var errNoneCame = errors.New("no call has come in yet; once one has, this says what the rules did with it")
