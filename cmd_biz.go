package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/signaling/cloud"
	"tring/ui"
)

// onLine makes a command of something that is done with the business line.
type onLine func(do func(*cobra.Command, *cloud.Line, []string) error) func(*cobra.Command, []string) error

func (a *app) bizCommand() *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use: "biz", Short: "The business line: settings, permissions, messages, links",
		Long: "What a business number needs besides calling. WHO is a number, a customer's name\n" +
			"or their user id. Within 24 hours after they wrote, called or took a call,\n" +
			"texts are free; otherwise Meta takes approved templates only (--template).",
	}
	cmd.PersistentFlags().StringVar(&name, "line", "", "which business line; the first if not given")
	on := func(do func(*cobra.Command, *cloud.Line, []string) error) func(*cobra.Command, []string) error {
		return func(cmd *cobra.Command, words []string) (err error) {
			line, err := a.firstBusiness(name)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, line.Close()) }()
			return do(cmd, line, words)
		}
	}
	cmd.AddCommand(
		&cobra.Command{
			Use: "checkup", Short: "Ask Meta about everything that calling needs", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return a.bizCheckup(cmd, name) },
		},
		a.bizSettings(on), bizPermission(on), bizAgain(on), bizAsk(on), bizText(on), bizButton(on), bizLink(on), bizVoicemail(on), bizMedia(on),
	)
	return cmd
}

var errNoBusiness = errors.New("there is no business line in the configuration; run `tring line add business`")

func (a *app) firstBusiness(name string) (*cloud.Line, error) {
	l, err := a.businessConfig(name)
	if err != nil {
		return nil, err
	}
	return a.businessLine(l)
}

// businessConfig is the business line with a name, or the first.
func (a *app) businessConfig(name string) (LineConfig, error) {
	for _, l := range a.cfg.Lines {
		if l.Kind == string(phone.BusinessLine) && (name == "" || l.Name == name) {
			return l, nil
		}
	}
	if name != "" {
		return LineConfig{}, usageError{fmt.Errorf("there is no business line %q in the configuration", name)}
	}
	return LineConfig{}, usageError{errNoBusiness}
}

func (a *app) bizCheckup(cmd *cobra.Command, name string) error {
	l, err := a.businessConfig(name)
	if err != nil {
		return err
	}
	found, err := a.lookAtBusiness(cmd.Context(), l)
	if err == nil && !printCheckup(cmd.OutOrStdout(), found) {
		err = quietExit(exitFailed)
	}
	return err
}

func bizLink(on onLine) *cobra.Command {
	var picture bool
	cmd := &cobra.Command{
		Use: "link [PAYLOAD]", Short: "Print a link that calls the number; the payload comes with the call", Args: cobra.MaximumNArgs(1),
		Example: "  tring biz link summer-sale --qr",
		RunE: on(func(cmd *cobra.Command, l *cloud.Line, words []string) error {
			payload := ""
			if len(words) > 0 {
				payload = words[0]
			}
			link, err := l.CallLink(cmd.Context(), payload)
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), link)
			if !picture {
				return nil
			}
			code, err := ui.QRText(link)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), code)
			return err
		}),
	}
	cmd.Flags().BoolVar(&picture, "qr", false, "also draw it as a QR code")
	return cmd
}
