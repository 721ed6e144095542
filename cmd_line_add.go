package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/signaling/cloud"
	"tring/signaling/cloud/graph"
)

func (a *app) lineCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "line", Short: "Add a line, or start one that stopped"}
	add := &cobra.Command{Use: "add", Short: "Add a line"}
	add.AddCommand(&cobra.Command{
		Use: "business [NAME]", Short: "Add a WhatsApp Business number (Cloud API)",
		Long: "business says what a number needs, asks for its ids and secrets, looks at everything at Meta, and\n" +
			"writes the line into the configuration if you want that. Secrets go to the system's keyring, or\n" +
			"to files that only you can read. NAME is how the line is called here; business if not given.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			name := "business"
			if len(words) > 0 {
				name = words[0]
			}
			ask := asker{bufio.NewReader(cmd.InOrStdin()), cmd.OutOrStdout()}
			return a.addBusiness(cmd.Context(), ask, name)
		},
	})
	start := a.verb("start [LINE]", "Run a line again that stopped: opened elsewhere, banned, outdated", "start", lineArg)
	cmd.AddCommand(add, start)
	return cmd
}

// beforeBusiness is what is said before anything is asked: what is needed, and
// where it does not work. It is Meta's rules as of June 2026.
const beforeBusiness = `A business line is a number on WhatsApp's Cloud API. It needs
  - an app at developers.facebook.com with the WhatsApp product, in Live mode, that takes
    the webhook fields calls, messages, account_settings_update and account_update;
  - a number registered there, not in the WhatsApp Business app;
  - a messaging limit of 2,000 people a day (verified businesses have it), and a payment
    method; test numbers need neither;
  - a public https address that leads to this computer, such as a tunnel's.

Customers can call from everywhere but Cuba, Iran, North Korea, Syria and the sanctioned
regions of Ukraine. Numbers of the US, Canada, Egypt, Vietnam and Nigeria cannot call
customers. Sound is decrypted at Meta. Calls must not be passed on to the telephone network.
`

// addBusiness asks for what a business line needs, keeps the secrets, checks
// everything at Meta, and writes the line into the configuration if that is
// wanted.
func (a *app) addBusiness(ctx context.Context, ask asker, name string) error {
	fmt.Fprint(ask.out, beforeBusiness, "\n")
	l := LineConfig{Name: name, Kind: string(phone.BusinessLine)}
	l.PhoneNumberID = ask.text("Phone number ID (in the app: WhatsApp > API setup)")
	l.AccountID = ask.text("WhatsApp Business Account ID (same page)")
	l.PublicURL = ask.address("Public address of the webhook, with " + cloud.DefaultPath + " at its end; empty to set it up in the app yourself")
	l.API = ask.address("Graph API; empty for Meta's")
	verify, err := a.askSecrets(ask, name)
	if err != nil {
		return err
	}
	line, err := a.businessLine(l)
	if err != nil {
		return err
	}
	defer line.Close()
	if l.PublicURL == "" {
		sayCallback(ask.out, verify)
	}
	fmt.Fprintln(ask.out)
	well := printCheckup(ask.out, line.Checkup(ctx))
	if err := offerCalling(ctx, ask, line); err != nil {
		return err
	}
	if !well {
		fmt.Fprintf(ask.out, "Mend what failed and run `tring biz checkup --line %s`; the secrets are kept.\n", name)
	}
	return a.offerConfig(ask, l)
}

// askSecrets asks for the secrets and keeps them; the verify token is made up.
func (a *app) askSecrets(ask asker, line string) (verify string, err error) {
	for _, s := range []struct{ name, question string }{
		{secretToken, "Access token of a system user, with " + strings.Join(graph.Scopes, " and ")},
		{secretApp, "App secret (App settings > Basic)"},
	} {
		value := ask.secret(s.question)
		if value == "" {
			return "", usageError{fmt.Errorf("the %s is needed", s.name)}
		}
		where, err := a.keepSecret(line, s.name, value)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(ask.out, "The %s is kept in %s.\n", s.name, where)
	}
	verify = rand.Text()
	_, err = a.keepSecret(line, secretVerify, verify)
	return verify, err
}

// sayCallback says what to enter in the app, where tring does not do it.
func sayCallback(out io.Writer, verify string) {
	fmt.Fprintf(out, "\nIn the app, under WhatsApp > Configuration, enter while tring runs:\n  callback URL   https://YOUR-ADDRESS%s, leading to %s\n  verify token   %s\nand subscribe to calls, messages, account_settings_update and account_update.\n",
		cloud.DefaultPath, cloud.DefaultListen, verify)
}

// offerCalling switches calling on if it is off and that is wanted. A caller
// then allows calls for a week, as the callback setting says.
func offerCalling(ctx context.Context, ask asker, l *cloud.Line) error {
	s, err := l.Settings(ctx)
	if err != nil || s.Status == "ENABLED" {
		return nil // the checkup has said what is wrong
	}
	if !ask.yes("Calling is off for this number. Switch it on, and let customers who call be called back?") {
		return nil
	}
	on := "ENABLED"
	plan, err := l.PlanSettings(ctx, graph.Patch{Status: &on, Callback: &on})
	if err == nil {
		err = save(ctx, ask.out, l, plan)
	}
	return err
}

// printCheckup reports whether everything was well.
func printCheckup(out io.Writer, found []phone.Finding) bool {
	well := true
	for _, f := range found {
		result, note := "ok  ", f.Note
		if f.Wrong != "" {
			result, note, well = "fail", f.Wrong, false
		}
		fmt.Fprintln(out, strings.TrimSpace(result+"  "+f.What+" "+note))
	}
	return well
}

// offerConfig shows what belongs into the configuration, and writes it there
// if it is wanted and no such line stands there.
func (a *app) offerConfig(ask asker, l LineConfig) error {
	file, text := a.places.ConfigFile(), lineTable(l)
	for _, have := range a.cfg.Lines {
		if have.Name == l.Name {
			fmt.Fprintf(ask.out, "\nA line %q stands in %s already. It should say:\n%s", l.Name, file, text)
			return nil
		}
	}
	fmt.Fprintf(ask.out, "\nThis belongs into %s:\n%s\n", file, text)
	if !ask.yes("Add it there?") {
		return nil
	}
	if err := a.appendLine(file, text); err != nil {
		return err
	}
	fmt.Fprintln(ask.out, "Added. Run tring; then `tring biz link --qr` makes a link that calls you, and `tring rules push` gives Meta your hours.")
	return nil
}

// appendLine adds a line to the configuration. Lines in the file replace the
// default one, so that goes first where there is none.
func (a *app) appendLine(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fmt.Errorf("the configuration cannot be written: %w", err)
	}
	before, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("the configuration cannot be read: %w", err)
	}
	if !bytes.Contains(before, []byte("[[line]]")) {
		for _, have := range a.cfg.Lines {
			text = lineTable(have) + "\n" + text
		}
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("the configuration cannot be written: %w", err)
	}
	_, err = f.WriteString("\n" + text)
	return errors.Join(err, f.Close())
}

// lineTable is a line as the configuration has it.
func lineTable(l LineConfig) string {
	var b strings.Builder
	fmt.Fprintf(&b, "[[line]]\nname = %q\nkind = %q\n", l.Name, l.Kind)
	for _, s := range []struct{ key, value string }{
		{"phone_number_id", l.PhoneNumberID}, {"account_id", l.AccountID}, {"public_url", l.PublicURL}, {"api", l.API},
	} {
		if s.value != "" {
			fmt.Fprintf(&b, "%s = %q\n", s.key, s.value)
		}
	}
	return b.String()
}
