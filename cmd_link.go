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
			"This is an unofficial client: WhatsApp may restrict an account that uses one.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			req := phone.PairingRequest{Method: phone.ByQR}
			if number != "" {
				req = phone.PairingRequest{Method: phone.ByCode, Number: number}
			}
			return a.serve(cmd.Context(), a.network(), func(ctx context.Context, s *station) error {
				return link(ctx, cmd.OutOrStdout(), cmd.InOrStdin(), s.phone, a.lineOr(line), req)
			})
		},
	}
	cmd.Flags().StringVar(&number, "code", "", "your number: link by an 8-character code instead of QR")
	cmd.Flags().StringVar(&line, "line", "", "which line; the first if not given")
	return cmd
}

// lineOr is a line's name, the first of the configuration if none is given.
func (a *app) lineOr(name string) string {
	if name == "" {
		return a.cfg.Lines[0].Name
	}
	return name
}

// link leads a person through linking, line by line.
func link(ctx context.Context, out io.Writer, in io.Reader, p *phone.Phone, line string, req phone.PairingRequest) error {
	events := p.Watch(ctx)
	started := false
	for e := range events {
		switch {
		case e.Info != nil && e.Line == line && e.Info.Status == phone.LineReady:
			fmt.Fprintf(out, "Linked as %s.\n", e.Info.Own.Number)
			return nil
		case e.Info != nil && e.Line == line && !started && linkable(e.Info.Status):
			started = true
			if err := p.Link(ctx, line, req); err != nil {
				return err
			}
		case e.Pairing != nil && e.Line == line:
			if err := showStep(ctx, out, in, p, line, *e.Pairing); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

func linkable(s phone.LineStatus) bool {
	return s == phone.LineUnlinked || s == phone.LineLoggedOut
}

// showStep tells the person what to do and, where it is needed, asks.
func showStep(ctx context.Context, out io.Writer, in io.Reader, p *phone.Phone, line string, s phone.PairingStep) error {
	left := ""
	if !s.Expires.IsZero() {
		left = fmt.Sprintf(" (%d s)", int(time.Until(s.Expires).Seconds()))
	}
	switch s.Kind {
	case phone.PairingScan:
		picture, err := ui.QRText(s.Text)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s\nOn your phone: Settings > Linked devices > Link a device. Code %d of %d%s.\n", picture, s.Index, s.Count, left)
	case phone.PairingCode:
		fmt.Fprintf(out, "On your phone: Linked devices > Link with phone number, and type %s%s.\n", s.Text, left)
	case phone.PairingPasskey:
		fmt.Fprintf(out, "This account asks for its passkey%s. Open https://web.whatsapp.com and give this request to\nnavigator.credentials.get in its console, then paste the answer here:\n%s\n", left, s.Text)
		var answer json.RawMessage
		if err := json.NewDecoder(in).Decode(&answer); err != nil {
			return fmt.Errorf("the passkey's answer is not JSON: %w", err)
		}
		return p.PairingPasskey(ctx, line, string(answer))
	case phone.PairingConfirm:
		fmt.Fprintf(out, "Does your phone show %s%s? [y/n] ", s.Text, left)
		var answer string
		fmt.Fscanln(in, &answer)
		return p.PairingConfirm(ctx, line, answer == "y" || answer == "yes")
	case phone.PairingWait:
		fmt.Fprintln(out, s.Text)
	case phone.PairingFailed:
		return s.Err
	}
	return nil
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
