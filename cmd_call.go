package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/phone/control"
)

func (a *app) callCommand() *cobra.Command {
	s := &script{app: a}
	cmd := &cobra.Command{
		Use: "call WHO", Short: "Call somebody without the screen", Args: cobra.ExactArgs(1),
		Long: "call places one call: to a number in any form, a contact's name, or a tel: or wa.me link.\n" +
			"It uses the running phone if there is one, and ends when the call does. Ctrl-C hangs up.",
		Example: "  tring call \"+44 7700 900123\" --for 10s\n  tring call Mum --play hello.ogg --record call.ogg",
		RunE: func(cmd *cobra.Command, words []string) error {
			s.out = cmd.OutOrStdout()
			if err := s.askFirst(words[0]); err != nil {
				return err
			}
			return a.withRunning(cmd.Context(), func(ctx context.Context) error { return s.place(ctx, words[0]) })
		},
	}
	s.flags(cmd)
	cmd.Flags().StringVar(&s.line, "line", "", "the line to call from")
	cmd.Flags().BoolVar(&s.first, "ask", false, "ask before calling, whoever it is: for links that somebody clicked")
	cmd.Flags().BoolVar(&s.yes, "yes", false, "do not ask before calling strangers, at night or again and again")
	cmd.MarkFlagsMutuallyExclusive("yes", "ask")
	return cmd
}

func (a *app) runCommand() *cobra.Command {
	var headless bool
	cmd := &cobra.Command{
		Use: "run", Short: "Run the softphone; --headless leaves the screen out", Args: cobra.NoArgs,
		Long: "run --headless keeps the phone running for other commands, hooks and webhooks until SIGTERM.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !headless {
				return a.softphone(cmd.Context())
			}
			return a.serve(cmd.Context(), a.network(), func(ctx context.Context, _ *station) error {
				<-ctx.Done()
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&headless, "headless", false, "no screen")
	return cmd
}

// watch tells every event from now on; the channel closes when ctx or the
// phone ends.
func (a *app) watch(ctx context.Context) (<-chan phone.Event, error) {
	c, err := control.Connect(a.places.Socket())
	if err != nil {
		return nil, err
	}
	events := make(chan phone.Event, 64)
	go func() {
		defer close(events)
		defer c.Close()
		// A call is followed to its end even when ctx has ended: hanging up
		// takes a moment.
		c.Events(context.WithoutCancel(ctx), time.Now(), 0, func(e phone.Event) bool {
			events <- e
			return true
		})
	}()
	return events, nil
}
