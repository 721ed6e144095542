package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/phone/control"
)

// commands are all subcommands.
func (a *app) commands() []*cobra.Command {
	all := a.remoteCommands()
	return append(all, a.callCommand(), a.callbackCommand(), a.answerCommand(), a.runCommand(),
		a.linkCommand(), a.unlinkCommand(), a.lineCommand(), a.linesCommand(), a.bizCommand(), a.contactsCommand(),
		a.devicesCommand(), a.echoTestCommand(), a.doctorCommand(), a.keysCommand(),
		a.eventsCommand(), a.demoCommand(), a.exchangeCommand(),
		a.rulesCommand(), a.whyCommand(), a.verifyCommand(), a.logCommand(), a.voicemailCommand(), a.leadsCommand(), a.statsCommand(), a.forgetCommand())
}

// remote asks the running instance for one thing.
func (a *app) remote(ctx context.Context, do string, with control.With, result any) error {
	c, err := control.Connect(a.places.Socket())
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Do(ctx, do, with, result)
}

// remoteCommands are the verbs that only make sense with a running instance.
func (a *app) remoteCommands() []*cobra.Command {
	return []*cobra.Command{
		a.verb("hangup [CALL]", "End a call in whatever state it is", "hangup", callArg),
		a.verb("hold [CALL]", "Put a call aside; they hear a tone now and then", "hold", callArg),
		a.verb("resume [CALL]", "Take a held call back", "resume", callArg),
		a.verb("swap", "Hold the call in progress and resume the held one", "swap", noArgs),
		a.verb("silence [CALL]", "Stop the ring here; your phone rings on", "silence", callArg),
		a.verb("dtmf DIGITS [CALL]", "Press keypad digits in a call", "dtmf", digitsArg),
		a.verb("mute [on|off|toggle]", "Switch the microphone of the call", "mute", switchArg),
		a.verb("record [on|off|toggle]", "Record the call; both sides hear a notice", "record", switchArg),
		a.verb("note CALL TEXT", "Write a note to a call", "note", noteArg),
		a.verb("text WHO TEXT", "Write a text message", "text", textArg),
		a.verb("block WHO", "Put a person on the block list", "block", whoArg(true)),
		a.verb("unblock WHO", "Take a person off the block list", "block", whoArg(false)),
		a.verb("presence available|away|busy|dnd", "Say how you want to be treated", "presence", presenceArg),
		a.rejectCommand(), a.statusCommand(),
	}
}

// args turns a command's words into what the request carries.
type args func([]string) (control.With, error)

func (a *app) verb(use, short, do string, read args) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Long: short + verbNote(use),
		RunE: func(cmd *cobra.Command, words []string) error {
			with, err := read(words)
			if err != nil {
				return usageError{rightWords(cmd, err)}
			}
			err = a.remote(cmd.Context(), do, with, nil)
			if errors.Is(err, phone.ErrNoCall) && with.Call == "" {
				return errNoCallNow
			}
			return err
		},
	}
}

// verbNote explains the words of a verb that do not explain themselves.
func verbNote(use string) string {
	switch {
	case strings.Contains(use, "[CALL]"):
		return ".\n\nCALL is an id such as c17, from `tring status`. Without it the call in front is meant, or\nthe one that rings."
	case strings.Contains(use, "toggle"):
		return ".\n\nWithout a word it is switched to the other state."
	}
	return ""
}

var errNoCallNow = errors.New("there is no call for that; `tring status` shows the calls that go on")

var errWords = errors.New("these words do not fit")

func noArgs(w []string) (control.With, error) {
	if len(w) > 0 {
		return control.With{}, errWords
	}
	return control.With{}, nil
}

func callArg(w []string) (control.With, error) {
	if len(w) > 1 {
		return control.With{}, errWords
	}
	return control.With{Call: strings.Join(w, "")}, nil
}

func lineArg(w []string) (control.With, error) {
	if len(w) > 1 {
		return control.With{}, errWords
	}
	return control.With{Line: strings.Join(w, "")}, nil
}

func digitsArg(w []string) (control.With, error) {
	if len(w) == 0 || len(w) > 2 || strings.Trim(w[0], "0123456789*#ABCDabcd") != "" {
		return control.With{}, errWords
	}
	return control.With{Digits: w[0], Call: strings.Join(w[1:], "")}, nil
}

func switchArg(w []string) (control.With, error) {
	on := map[string]*bool{"on": new(true), "off": new(false), "toggle": nil, "": nil}
	is, known := on[strings.Join(w, " ")]
	if !known {
		return control.With{}, errWords
	}
	return control.With{On: is}, nil
}

func noteArg(w []string) (control.With, error) {
	if len(w) < 2 {
		return control.With{}, errWords
	}
	return control.With{Call: w[0], Text: strings.Join(w[1:], " ")}, nil
}

func textArg(w []string) (control.With, error) {
	if len(w) < 2 {
		return control.With{}, errWords
	}
	return control.With{Who: w[0], Text: strings.Join(w[1:], " ")}, nil
}

func whoArg(on bool) args {
	return func(w []string) (control.With, error) {
		if len(w) == 0 {
			return control.With{}, errWords
		}
		return control.With{Who: strings.Join(w, " "), On: &on}, nil
	}
}

func presenceArg(w []string) (control.With, error) {
	if len(w) != 1 || !slices.Contains(control.Presences, phone.Presence(w[0])) {
		return control.With{}, errWords
	}
	return control.With{To: w[0]}, nil
}

func (a *app) rejectCommand() *cobra.Command {
	var say string
	cmd := a.verb("reject [CALL] [--say TEXT]", "Decline a ringing call on all your devices, or refuse one that was screened", "reject",
		func(w []string) (control.With, error) {
			with, err := callArg(w)
			with.Say = say
			return with, err
		})
	cmd.Flags().StringVar(&say, "say", "", "a text message for the caller, sent once the end is confirmed")
	return cmd
}

func (a *app) statusCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "status", Short: "Show lines and calls of the running phone", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var s control.Status
			if err := a.remote(cmd.Context(), "status", control.With{}, &s); err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(s)
			}
			printStatus(cmd.OutOrStdout(), s)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object")
	return cmd
}

func printStatus(w io.Writer, s control.Status) {
	for _, l := range s.Lines {
		fmt.Fprintln(w, strings.Join(slices.DeleteFunc([]string{"line " + l.Name + ":", l.Status.String(), cmp.Or(l.Own.PushName, l.Own.Business), l.Own.Number, l.Detail},
			func(s string) bool { return s == "" }), " "))
	}
	for _, c := range s.Calls {
		fmt.Fprintf(w, "call %s: %s %s %s %s\n", c.ID, c.Direction, c.Party.Display(), c.State,
			c.Duration(time.Now()).Truncate(time.Second))
	}
	if s.Playing != nil {
		fmt.Fprintf(w, "plays %s: %s of %s\n", s.Playing.Call, s.Playing.Position.Truncate(time.Second), s.Playing.Length.Round(time.Second))
	}
	fmt.Fprintf(w, "%s, %d missed, %d voicemails to hear\n", s.Presence, s.Missed, s.Unheard)
}
