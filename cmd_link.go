package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/phone/control"
	"tring/ui"
)

func (a *app) linkCommand() *cobra.Command {
	var number, line string
	cmd := &cobra.Command{
		Use: "link", Short: "Link this computer to your WhatsApp account", Args: cobra.NoArgs,
		Long: "link shows a QR code to scan with your phone, or with --code an 8-character code to type there.\n" +
			"It links the running phone if there is one.\n" +
			"This is an unofficial client: WhatsApp may restrict an account that uses one.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			w := linkWizard{app: a, line: a.lineOr(line), out: cmd.OutOrStdout(), in: cmd.InOrStdin()}
			return a.withInstance(cmd.Context(), noPatience, func(ctx context.Context) error { return w.link(ctx, number) })
		},
	}
	cmd.Flags().StringVar(&number, "code", "", "your number: link by an 8-character code instead of QR")
	cmd.Flags().StringVar(&line, "line", "", "which line; the first if not given")
	return cmd
}

// lineOr is a line's name, the first that can be linked if none is given.
func (a *app) lineOr(name string) string {
	if name == "" {
		name = a.firstPersonal()
	}
	if name == "" {
		name = a.cfg.Lines[0].Name
	}
	return name
}

// firstPersonal is the name of the first personal line, "" if there is none.
func (a *app) firstPersonal() string {
	for _, l := range a.cfg.Lines {
		if l.Kind == string(phone.PersonalLine) {
			return l.Name
		}
	}
	return ""
}

// linkWizard leads a person through linking, line by line.
type linkWizard struct {
	app  *app
	line string
	out  io.Writer
	in   io.Reader
}

func (w linkWizard) link(ctx context.Context, number string) error {
	c, err := control.Connect(w.app.places.Socket())
	if err != nil {
		return err
	}
	defer c.Close()
	linked, err := c.Link(ctx, w.line, number, func(s control.Pairing) error { return w.show(ctx, s) })
	if err == nil {
		fmt.Fprintf(w.out, "Linked as %s.\n", linked.Number)
	}
	return err
}

// show tells the person what to do and, where it is needed, asks.
func (w linkWizard) show(ctx context.Context, s control.Pairing) error {
	left := ""
	if !s.Expires.IsZero() {
		left = fmt.Sprintf(" (%d s)", int(time.Until(s.Expires).Seconds()))
	}
	switch s.Kind {
	case phone.PairingScan.String():
		picture, err := ui.QRText(s.Text)
		if err != nil {
			return err
		}
		fmt.Fprintf(w.out, "%s\nOn your phone: Settings > Linked devices > Link a device. Code %d of %d%s.\n", picture, s.Index, s.Count, left)
	case phone.PairingCode.String():
		fmt.Fprintf(w.out, "On your phone: Linked devices > Link with phone number, and type %s%s.\n", s.Text, left)
	case phone.PairingPasskey.String():
		return w.passkey(ctx, s.Text, left)
	case phone.PairingConfirm.String():
		return w.confirm(ctx, s.Text, left)
	case phone.PairingWait.String():
		fmt.Fprintln(w.out, s.Text)
	}
	return nil
}

func (w linkWizard) passkey(ctx context.Context, request, left string) error {
	fmt.Fprintf(w.out, "This account asks for its passkey%s. Open https://web.whatsapp.com and give this request to\nnavigator.credentials.get in its console, then paste the answer here:\n%s\n", left, request)
	var answer json.RawMessage
	if err := json.NewDecoder(w.in).Decode(&answer); err != nil {
		return fmt.Errorf("the passkey's answer is not JSON: %w", err)
	}
	return w.app.remote(ctx, "link_passkey", control.With{Line: w.line, Text: string(answer)}, nil)
}

func (w linkWizard) confirm(ctx context.Context, code, left string) error {
	fmt.Fprintf(w.out, "Does your phone show %s%s? [y/n] ", code, left)
	var answer string
	fmt.Fscanln(w.in, &answer)
	same := answer == "y" || answer == "yes"
	return w.app.remote(ctx, "link_confirm", control.With{Line: w.line, On: &same}, nil)
}

func (a *app) unlinkCommand() *cobra.Command {
	var line string
	cmd := &cobra.Command{
		Use: "unlink", Short: "Unlink this computer from the account", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withRunning(cmd.Context(), func(ctx context.Context) error {
				return a.remote(ctx, "unlink", control.With{Line: a.lineOr(line)}, nil)
			})
		},
	}
	cmd.Flags().StringVar(&line, "line", "", "which line; the first if not given")
	return cmd
}

func (a *app) linesCommand() *cobra.Command {
	return &cobra.Command{
		Use: "lines", Short: "Show the lines of the configuration and their state", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var s control.Status
			err := a.remote(cmd.Context(), "status", control.With{}, &s)
			if errors.Is(err, control.ErrNotRunning) {
				for _, l := range a.cfg.Lines {
					fmt.Fprintf(cmd.OutOrStdout(), "%-12s %-10s not running\n", l.Name, l.Kind)
				}
				return nil
			}
			for _, l := range s.Lines {
				fmt.Fprintf(cmd.OutOrStdout(), "%-12s %-10s %-11s %-18s %s\n", l.Name, l.Kind, l.Status, l.Own.Number, l.Detail)
			}
			return err
		},
	}
}
