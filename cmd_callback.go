package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"tring/phone"
)

// callbackCommand calls whom nobody here has talked to.
func (a *app) callbackCommand() *cobra.Command {
	s := &script{app: a}
	cmd := &cobra.Command{
		Use: "callback [CALL]", Short: "Call back whoever called last and was missed, or the caller of a call in the log",
		Long: "callback calls whoever was missed last, or with CALL, an id from `tring log`, the caller of that call.\n" +
			"It asks first where `tring call` would.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			s.out = cmd.OutOrStdout()
			return a.withRunning(cmd.Context(), func(ctx context.Context) error {
				missed, err := a.toCallBack(ctx, words)
				if err != nil {
					return err
				}
				s.line = missed.Line
				return s.place(ctx, missed.Party.Key())
			})
		},
	}
	s.flags(cmd)
	cmd.Flags().BoolVar(&s.yes, "yes", false, "do not ask before calling strangers, at night or again and again")
	return cmd
}

var errNobodyMissed = errors.New("nobody has been missed")

// toCallBack is the call with an id, or with none the last that was missed or
// left to the machine.
func (a *app) toCallBack(ctx context.Context, words []string) (phone.LogEntry, error) {
	if len(words) > 0 {
		return a.incomingCall(ctx, words)
	}
	missed, err := a.logEntries(ctx, phone.Query{Outcomes: []phone.Outcome{phone.OutcomeMissed, phone.OutcomeVoicemail}, Limit: 1})
	if err != nil {
		return phone.LogEntry{}, err
	}
	if len(missed) == 0 {
		return phone.LogEntry{}, errNobodyMissed
	}
	return missed[0], nil
}
