package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"tring/phone"
	"tring/signaling/cloud"
)

func (a *app) lineCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "line", Short: "Add a line"}
	add := &cobra.Command{Use: "add", Short: "Add a line"}
	add.AddCommand(&cobra.Command{
		Use: "business [NAME]", Short: "Add a WhatsApp Business number (Cloud API)", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			name := "business"
			if len(words) > 0 {
				name = words[0]
			}
			return a.addBusiness(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout(), name)
		},
	})
	cmd.AddCommand(add)
	return cmd
}

// addBusiness asks for what a business line needs, checks it at Meta, keeps the
// secrets and prints what belongs into the configuration.
func (a *app) addBusiness(ctx context.Context, in io.Reader, out io.Writer, name string) error {
	fmt.Fprintln(out, "A business line needs an app at developers.facebook.com with the WhatsApp product.")
	ask := asker{bufio.NewReader(in), out}
	l := LineConfig{Name: name, Kind: string(phone.BusinessLine)}
	l.PhoneNumberID = ask.text("Phone number ID (WhatsApp > API setup)")
	l.AccountID = ask.text("WhatsApp Business Account ID")
	l.PublicURL = ask.text("Public address of the webhook (your tunnel), empty to set it up yourself")
	l.API = ask.text("Graph API, empty for Meta's")
	for _, s := range []struct{ name, question string }{
		{secretToken, "Access token with whatsapp_business_messaging and whatsapp_business_management"},
		{secretApp, "App secret (App settings > Basic)"},
	} {
		value := ask.secret(s.question)
		if value == "" {
			return usageError{fmt.Errorf("the %s is needed", s.name)}
		}
		where, err := a.keepSecret(name, s.name, value)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "The %s is kept in %s.\n", s.name, where)
	}
	if _, err := a.keepSecret(name, secretVerify, rand.Text()); err != nil {
		return err
	}
	if err := a.checkBusiness(ctx, out, l); err != nil {
		return err
	}
	printLine(out, l, a.places.ConfigFile())
	return nil
}

// checkBusiness asks Meta about everything that calling needs.
func (a *app) checkBusiness(ctx context.Context, out io.Writer, l LineConfig) error {
	line, err := a.businessLine(l)
	if err != nil {
		return err
	}
	if !printCheckup(ctx, out, line) {
		fmt.Fprintln(out, "Mend what failed and run `tring biz checkup` again; the secrets are kept.")
	}
	return nil
}

// printCheckup reports whether everything was well.
func printCheckup(ctx context.Context, out io.Writer, l *cloud.Line) bool {
	well := true
	for _, f := range l.Checkup(ctx) {
		result, note := "ok  ", f.Note
		if f.Wrong != "" {
			result, note, well = "fail", f.Wrong, false
		}
		fmt.Fprintf(out, "%s  %s %s\n", result, f.What, note)
	}
	return well
}

func printLine(out io.Writer, l LineConfig, file string) {
	fmt.Fprintf(out, "\nAdd this to %s:\n\n[[line]]\nname = %q\nkind = \"business\"\nphone_number_id = %q\n", file, l.Name, l.PhoneNumberID)
	for key, value := range map[string]string{"account_id": l.AccountID, "public_url": l.PublicURL, "api": l.API} {
		if value != "" {
			fmt.Fprintf(out, "%s = %q\n", key, value)
		}
	}
}

// asker asks questions, one a line; secrets are not shown in a terminal.
type asker struct {
	in  *bufio.Reader
	out io.Writer
}

func (q asker) text(question string) string {
	fmt.Fprintf(q.out, "%s: ", question)
	line, _ := q.in.ReadString('\n')
	return strings.TrimSpace(line)
}

func (q asker) secret(question string) string {
	if !interactive() {
		return q.text(question)
	}
	fmt.Fprintf(q.out, "%s (not shown): ", question)
	value, _ := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Fprintln(q.out)
	return strings.TrimSpace(string(value))
}
