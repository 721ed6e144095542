package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tring/signaling/cloud"
	"tring/signaling/cloud/graph"
)

// callSetting is one that a person can set by NAME=VALUE.
type callSetting struct {
	name, values, meaning string
	set                   func(*graph.Patch, string) error
}

// settables are all settings that can be set, in the order of the help.
var settables = []callSetting{
	{"status", "on|off", "whether the number takes and places calls", word(map[string]string{"on": "ENABLED", "off": "DISABLED"}, func(p *graph.Patch, v *string) { p.Status = v })},
	{"icon", "show|hide", "the call button in the chat and the profile", word(map[string]string{"show": "DEFAULT", "hide": "DISABLE_ALL"}, func(p *graph.Patch, v *string) { p.Icon = v })},
	{"countries", "all|ES,FR", "where customers' numbers must be from to see the button", list("all", func(p *graph.Patch, v *[]string) { p.Countries = v })},
	{"callback", "on|off", "whether a customer's call lets you call them for a week", word(map[string]string{"on": "ENABLED", "off": "DISABLED"}, func(p *graph.Patch, v *string) { p.Callback = v })},
	{"hours", "on|off", "whether the call hours hold; tring rules push sets them", nil},
	{"codecs", "none|PCMA,PCMU", "codecs besides Opus, for a SIP bridge", list("none", func(p *graph.Patch, v *[]string) { p.Codecs = v })},
	{"sip", "off|on", "on switches all calls of tring off", word(map[string]string{"on": "ENABLED", "off": "DISABLED"}, func(p *graph.Patch, v *string) { p.SIP = v })},
	{"voicemail", "off", "tring biz voicemail switches it on", word(map[string]string{"off": "DISABLED"}, func(p *graph.Patch, v *string) { p.Voicemail = &graph.Voicemail{Status: *v} })},
}

// word sets one of Meta's words by one of ours.
func word(words map[string]string, into func(*graph.Patch, *string)) func(*graph.Patch, string) error {
	return func(p *graph.Patch, value string) error {
		theirs, ok := words[strings.ToLower(value)]
		if !ok {
			return fmt.Errorf("%q is not one of its values", value)
		}
		into(p, &theirs)
		return nil
	}
}

// list sets a list; one word stands for the empty one.
func list(empty string, into func(*graph.Patch, *[]string)) func(*graph.Patch, string) error {
	return func(p *graph.Patch, value string) error {
		items := []string{}
		if !strings.EqualFold(value, empty) {
			items = strings.Split(strings.ToUpper(value), ",")
		}
		if slices.ContainsFunc(items, func(s string) bool { return strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || s == "" }) {
			return fmt.Errorf("%q is no list such as ES,FR", value)
		}
		into(p, &items)
		return nil
	}
}

// patchOf reads NAME=VALUE words.
func patchOf(ctx context.Context, l *cloud.Line, words []string) (p graph.Patch, err error) {
	for _, w := range words {
		name, value, _ := strings.Cut(w, "=")
		i := slices.IndexFunc(settables, func(s callSetting) bool { return s.name == strings.ToLower(name) })
		switch {
		case i < 0:
			return p, usageError{fmt.Errorf("there is no setting %q; see `tring biz settings set --help`", name)}
		case settables[i].set == nil:
			err = switchHours(ctx, l, &p, value)
		default:
			err = settables[i].set(&p, value)
		}
		if err != nil {
			return p, usageError{fmt.Errorf("%s: %w (want %s)", name, err, settables[i].values)}
		}
	}
	return p, nil
}

// switchHours switches the hours that Meta has: they are replaced as a whole.
func switchHours(ctx context.Context, l *cloud.Line, p *graph.Patch, value string) error {
	if value != "on" && value != "off" {
		return fmt.Errorf("%q is not one of its values", value)
	}
	now, err := l.Settings(ctx)
	if err != nil {
		return err
	}
	if now.Hours == nil {
		return errors.New("Meta knows no hours yet; use `tring rules push`")
	}
	h := now.Hours.Switched(value == "on")
	p.Hours = &h
	return nil
}

func (a *app) bizSettings(on onLine) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "settings", Short: "Show the number's call settings", Args: cobra.NoArgs,
		RunE: on(func(cmd *cobra.Command, l *cloud.Line, _ []string) error {
			s, err := l.Settings(cmd.Context())
			if err != nil {
				return err
			}
			return printSettings(cmd.OutOrStdout(), s, asJSON)
		}),
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object")
	cmd.AddCommand(bizSet(on))
	return cmd
}

func bizSet(on onLine) *cobra.Command {
	var c change
	var long strings.Builder
	long.WriteString("Changes settings at Meta: shows what will differ and asks first.\n\n")
	for _, s := range settables {
		fmt.Fprintf(&long, "  %-28s %s\n", s.name+"="+s.values, s.meaning)
	}
	cmd := &cobra.Command{
		Use: "set NAME=VALUE...", Short: "Change the number's call settings", Long: long.String(), Args: cobra.MinimumNArgs(1),
		Example: "  tring biz settings set status=on callback=on\n  tring biz settings set countries=ES,FR --dry-run",
		RunE: on(func(cmd *cobra.Command, l *cloud.Line, words []string) error {
			p, err := patchOf(cmd.Context(), l, words)
			if err != nil {
				return err
			}
			return c.make(cmd, l, p)
		}),
	}
	c.flags(cmd)
	return cmd
}

func printSettings(out io.Writer, s graph.Settings, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(s)
	}
	for _, w := range s.Words() {
		fmt.Fprintf(out, "%-28s %s\n", w.Name, orWord(w.To, "not set"))
	}
	for _, r := range s.Restricted {
		fmt.Fprintf(out, "%-28s %s\n", "restricted by Meta", r)
	}
	return nil
}
