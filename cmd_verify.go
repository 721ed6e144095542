package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/phone/control"
)

// verification is a call back that somebody was asked for.
type verification struct {
	app    *app
	out    io.Writer
	number string // E.164
	within time.Duration
	say    string // for them afterwards, "" for nothing
}

func (a *app) verifyCommand() *cobra.Command {
	v := verification{app: a}
	cmd := &cobra.Command{
		Use: "verify NUMBER", Short: "Wait for a call from a number, decline it and say that it came", Args: cobra.ExactArgs(1),
		Long: "verify is for somebody who claims a number: have them call you. The call is declined\n" +
			"at once, with a thank-you, and counts once. It proves that whoever called holds the\n" +
			"WhatsApp account of that number now; a stolen account passes as well.",
		Example: "  tring verify +44 7700 900123 --within 2m && ./let-them-in",
		RunE: func(cmd *cobra.Command, words []string) error {
			reading := phone.ReadNumber(words[0], a.cfg.HomeRegion, time.Now())
			if reading.E164 == "" {
				return usageError{fmt.Errorf("%.40q is not a telephone number", words[0])}
			}
			v.number, v.out = reading.E164, cmd.OutOrStdout()
			return a.withRunning(cmd.Context(), v.wait)
		},
	}
	f := cmd.Flags()
	f.DurationVar(&v.within, "within", 2*time.Minute, "how long to wait")
	f.StringVar(&v.say, "say", "Thank you, your call came in.", "a text for them afterwards; empty: none")
	return cmd
}

var errNotVerified = errors.New("they did not call in time")

// wait is nil when the call came.
func (v verification) wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, v.within, errNotVerified)
	defer cancel()
	events, err := v.app.watch(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(v.out, "Waiting %v for a call from %s.\n", v.within, v.number)
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case e, ok := <-events:
			if !ok {
				return phone.ErrClosed
			}
			if v.isIt(e) {
				return v.thank(*e.Call)
			}
		}
	}
}

// isIt reports whether an event tells of the call that is waited for.
func (v verification) isIt(e phone.Event) bool {
	return e.Kind == phone.EventOffer && !e.Replayed && e.Call.Direction == phone.Inbound && e.Call.Party.Number == v.number
}

// thank declines the call. That they called is proved even if that fails, or a
// rule has declined it before.
func (v verification) thank(c phone.Call) error {
	fmt.Fprintf(v.out, "%s called at %s (%s).\n", v.number, c.Started.Local().Format("15:04:05"), c.ID)
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	if err := v.app.remote(ctx, "reject", control.With{Call: c.ID, Say: v.say}, nil); err != nil {
		fmt.Fprintf(v.out, "The call could not be declined: %v\n", err)
	}
	return nil
}
