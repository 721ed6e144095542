package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/phone/control"
)

func (a *app) answerCommand() *cobra.Command {
	s := &script{app: a}
	cmd := &cobra.Command{
		Use: "answer", Short: "Answer calls without the screen", Args: cobra.NoArgs,
		Long: "answer takes the call that rings, or waits for one, and goes on to the next until Ctrl-C. A call\n" +
			"that a rule screens is taken once the caller has said who it is. It uses the running phone if\n" +
			"there is one.",
		Example: "  tring answer --once --for 10s\n  tring answer --play machine.ogg --record calls.ogg",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s.out = cmd.OutOrStdout()
			return a.withRunning(cmd.Context(), s.answerAll)
		},
	}
	s.flags(cmd)
	cmd.Flags().BoolVar(&s.once, "once", false, "end after one call")
	return cmd
}

// answerAll answers what rings, one call after the other.
func (s *script) answerAll(ctx context.Context) error {
	watch, err := s.app.watch(ctx)
	if err != nil {
		return err
	}
	for {
		c, err := s.ringing(ctx, watch)
		if err != nil {
			return err
		}
		if err := s.app.remote(ctx, "answer", control.With{Call: c.ID}, nil); err != nil {
			fmt.Fprintf(s.out, "%s was not answered: %v\n", c.ID, err)
			continue
		}
		if _, err := s.follow(ctx, watch, c.ID); err != nil {
			return err
		}
		if s.once {
			return nil
		}
	}
}

// ringing waits for a call that may be answered; one that rings already is
// taken at once.
func (s *script) ringing(ctx context.Context, watch <-chan phone.Event) (phone.Call, error) {
	var now control.Status
	if err := s.app.remote(ctx, "status", control.With{}, &now); err != nil {
		return phone.Call{}, err
	}
	for _, c := range now.Calls {
		if answerable(c) {
			return c, nil
		}
	}
	for {
		select {
		case <-ctx.Done():
			return phone.Call{}, quietExit(exitDone) // Ctrl-C is how waiting ends
		case e, ok := <-watch:
			if !ok {
				return phone.Call{}, phone.ErrClosed
			}
			if e.Call != nil && answerable(*e.Call) {
				return *e.Call, nil
			}
		}
	}
}

// answerable reports whether a call rings, or was screened and waits.
func answerable(c phone.Call) bool {
	return c.State == phone.Incoming && !c.Listening || c.Screened()
}
