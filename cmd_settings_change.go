package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"tring/signaling/cloud"
	"tring/signaling/cloud/graph"
)

// change is how a command changes the call settings at Meta: shown first, then
// asked for, then made.
type change struct{ dry, yes bool }

func (c *change) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&c.dry, "dry-run", false, "show what would be sent; change nothing")
	cmd.Flags().BoolVarP(&c.yes, "yes", "y", false, "do not ask")
}

// make shows what a patch changes at Meta and, if that is wanted, changes it.
func (c change) make(cmd *cobra.Command, l *cloud.Line, p graph.Patch) error {
	ctx, out := cmd.Context(), cmd.OutOrStdout()
	plan, err := l.PlanSettings(ctx, p)
	if err != nil {
		return err
	}
	if len(plan.Changes) == 0 {
		fmt.Fprintln(out, "Meta has these settings already; nothing changes.")
		return nil
	}
	for _, d := range plan.Changes {
		fmt.Fprintf(out, "%s\n  - %s\n  + %s\n", d.Name, orWord(d.From, "not set"), orWord(d.To, "not set"))
	}
	if plan.Warning != "" {
		fmt.Fprintln(out, plan.Warning)
	}
	if c.dry {
		return printPatch(out, p)
	}
	if !c.yes {
		if err := confirm(cmd.InOrStdin(), out, "Change this at Meta?"); err != nil {
			return err
		}
	}
	return save(ctx, out, l, plan)
}

func save(ctx context.Context, out io.Writer, l *cloud.Line, plan cloud.Plan) error {
	if _, err := l.SaveSettings(ctx, plan); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, "Saved. Meta goes by it at once; customers' apps may show it up to seven days later.")
	return err
}

// printPatch prints what would be sent.
func printPatch(out io.Writer, p graph.Patch) error {
	text, err := json.MarshalIndent(p, "", "  ")
	if err == nil {
		_, err = fmt.Fprintf(out, "Would be sent, and was not:\n%s\n", text)
	}
	return err
}
