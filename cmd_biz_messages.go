package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/signaling/cloud"
	"tring/signaling/cloud/graph"
)

// template is an approved message, as flags.
type template struct {
	name, language string
	texts          []string
}

func (t *template) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&t.name, "template", "", "send this approved template instead; works at any time")
	f.StringVar(&t.language, "language", "en", "the template's language")
	f.StringArrayVar(&t.texts, "fill", nil, "what fills the template's body, in order; may be repeated")
}

// message is the template that is meant, nil for free words, and those words.
func (t *template) message(words []string) (*graph.Template, string, error) {
	text := strings.Join(words, " ")
	switch {
	case t.name != "" && text != "":
		return nil, "", usageError{errors.New("a template has its own words; fill them with --fill")}
	case t.name != "":
		return &graph.Template{Name: t.name, Language: t.language, Texts: t.texts}, "", nil
	case text == "":
		return nil, "", usageError{errors.New("write what to say after WHO, or name a --template")}
	}
	return nil, text, nil
}

// withCustomer finds the customer that the first word names.
func withCustomer(do func(context.Context, io.Writer, *cloud.Line, phone.Party, []string) error) func(*cobra.Command, *cloud.Line, []string) error {
	return func(cmd *cobra.Command, l *cloud.Line, words []string) error {
		who, err := l.Resolve(cmd.Context(), words[0])
		if err != nil {
			return err
		}
		return do(cmd.Context(), cmd.OutOrStdout(), l, who, words[1:])
	}
}

func bizPermission(on onLine) *cobra.Command {
	return &cobra.Command{
		Use: "permission WHO", Short: "Show whether a customer may be called, and what is left of Meta's limits", Args: cobra.ExactArgs(1),
		RunE: on(withCustomer(func(ctx context.Context, out io.Writer, l *cloud.Line, who phone.Party, _ []string) error {
			p, err := l.Permission(ctx, who)
			if err != nil {
				return err
			}
			s, err := l.Standing(ctx, who)
			if err != nil {
				return err
			}
			printPermission(out, who, p, s, time.Now())
			return nil
		})),
	}
}

func printPermission(out io.Writer, who phone.Party, p phone.Permission, s cloud.Standing, now time.Time) {
	fmt.Fprintf(out, "%s: %s\n", who.Display(), p.Sentence(now))
	for _, a := range []struct {
		what string
		graph.Allowance
	}{{"calls", s.Call}, {"requests for permission", s.Ask}} {
		for _, limit := range a.Limits {
			fmt.Fprintf(out, "  %d of %d %s used in %s\n", limit.Used, limit.Max, a.what, period(limit.Period))
		}
	}
	if n := s.Customer.Unanswered; n > 0 {
		fmt.Fprintf(out, "  %d calls in a row were not answered\n", n)
	}
	if p.NotAsked != "" {
		fmt.Fprintln(out, "  cannot be asked now:", p.NotAsked)
	}
	if !p.TextsUntil.IsZero() {
		fmt.Fprintln(out, "  free texts until", p.TextsUntil.Local().Format("2 Jan 15:04"))
	}
}

// period is one of Meta's spans for people; one that is new is shown as it is.
func period(text string) string {
	switch strings.ToUpper(text) {
	case "PT24H", "24H":
		return "24 hours"
	case "P7D", "7D":
		return "7 days"
	}
	return text
}

func bizAgain(on onLine) *cobra.Command {
	return &cobra.Command{
		Use: "again WHO", Short: "Allow calls to a customer again who did not answer the last ones", Args: cobra.ExactArgs(1),
		Long: "After two calls in a row that a customer did not take, tring places no more: WhatsApp\n" +
			"asks them whether they want any, and after four takes the permission away. This\n" +
			"forgets those calls here, because you know that they wait for you.",
		RunE: on(withCustomer(func(_ context.Context, out io.Writer, l *cloud.Line, who phone.Party, _ []string) error {
			l.AllowAgain(who)
			_, err := fmt.Fprintln(out, who.Display(), "may be called again.")
			return err
		})),
	}
}

// sending is one way to send a message: approved, or free words if that is nil.
type sending func(ctx context.Context, l *cloud.Line, who phone.Party, approved *graph.Template, text string) error

// messageCommand makes cmd write to the customer whom its first word names, and
// say so in the form of done.
func messageCommand(on onLine, cmd *cobra.Command, done string, send sending) *cobra.Command {
	var t template
	t.flags(cmd)
	cmd.Args = cobra.MinimumNArgs(1)
	cmd.RunE = on(withCustomer(func(ctx context.Context, out io.Writer, l *cloud.Line, who phone.Party, words []string) error {
		approved, text, err := t.message(words)
		if err == nil {
			err = send(ctx, l, who, approved, text)
		}
		if err == nil {
			_, err = fmt.Fprintf(out, done, who.Display())
		}
		return err
	}))
	return cmd
}

func bizAsk(on onLine) *cobra.Command {
	return messageCommand(on, &cobra.Command{
		Use: "ask WHO [TEXT]", Short: "Ask a customer for permission to call them",
		Example: "  tring biz ask Ana \"May we call you about order 4411?\"\n  tring biz ask Ana --template may_we_call --language en --fill \"order 4411\"",
	}, "%s was asked; the answer comes to the running phone.\n", func(ctx context.Context, l *cloud.Line, who phone.Party, approved *graph.Template, text string) error {
		return l.Ask(ctx, who, text, approved)
	})
}

func bizText(on onLine) *cobra.Command {
	return messageCommand(on, &cobra.Command{
		Use: "text WHO [TEXT]", Short: "Write to a customer",
		Example: "  tring biz text Ana \"Sorry, we missed your call.\"",
	}, "Sent to %s.\n", func(ctx context.Context, l *cloud.Line, who phone.Party, approved *graph.Template, text string) error {
		if approved != nil {
			return l.SendTemplate(ctx, who, *approved, 0, nil)
		}
		return l.SendText(ctx, who, text)
	})
}

func bizButton(on onLine) *cobra.Command {
	var b graph.Button
	var index int
	var lasts time.Duration
	cmd := messageCommand(on, &cobra.Command{
		Use: "button WHO [TEXT]", Short: "Send a customer a button that calls the number",
		Example: "  tring biz button Ana \"Tap to talk to us now.\" --label \"Call us\" --payload ticket-4411 --lasts 2h",
	}, "Sent to %s.\n", func(ctx context.Context, l *cloud.Line, who phone.Party, approved *graph.Template, text string) error {
		b.Text, b.Minutes = text, int(lasts/time.Minute)
		if approved != nil {
			return l.SendTemplate(ctx, who, *approved, index, &b)
		}
		return l.SendButton(ctx, who, b)
	})
	f := cmd.Flags()
	f.StringVar(&b.Label, "label", "", "the words on the button, at most 20 characters; WhatsApp's own if not given")
	f.StringVar(&b.Payload, "payload", "", "comes back with the call and is shown while it rings")
	f.DurationVar(&lasts, "lasts", 0, "how long the button works, up to 720h; a week if not given")
	f.IntVar(&index, "index", 0, "which of the template's buttons it is, counted from 0")
	return cmd
}
