package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"tring/audio"
	"tring/phone"
	"tring/phone/calllog"
	"tring/phone/control"
)

func (a *app) voicemailCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "voicemail", Short: "List and hear what callers left on the machine", Args: cobra.NoArgs,
		Long: "A rule with do = \"voicemail\" lets the machine answer. `*` marks what nobody has heard yet.",
	}
	cmd.AddCommand(a.voicemailListCommand(), a.voicemailPlayCommand(), a.voicemailStopCommand())
	return cmd
}

func (a *app) voicemailListCommand() *cobra.Command {
	var asJSON, unheard bool
	var limit int
	cmd := &cobra.Command{
		Use: "list", Short: "List voicemails, newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			left, err := a.voicemails(cmd.Context(), limit, unheard)
			if err != nil {
				return err
			}
			if asJSON {
				return printLog(cmd.OutOrStdout(), left, true, false)
			}
			if len(left) == 0 {
				sayEmpty(cmd.OutOrStdout(), noVoicemail(unheard))
			}
			for _, e := range left {
				fmt.Fprintln(cmd.OutOrStdout(), voicemailLine(e))
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.BoolVar(&asJSON, "json", false, "one JSON object per line, as `tring log --json`")
	f.BoolVar(&unheard, "unheard", false, "only what nobody has heard")
	f.IntVarP(&limit, "limit", "n", phone.DefaultLimit, "how many at most")
	return cmd
}

func noVoicemail(unheard bool) string {
	if unheard {
		return "No voicemail that nobody has heard."
	}
	return "No voicemail. A rule with do = \"voicemail\" lets the machine answer."
}

// voicemails are the calls that the machine took and recorded, newest first.
func (a *app) voicemails(ctx context.Context, limit int, unheard bool) ([]phone.LogEntry, error) {
	all, err := a.logEntries(ctx, phone.Query{Outcomes: []phone.Outcome{phone.OutcomeVoicemail}, Limit: limit})
	var left []phone.LogEntry
	for _, e := range all {
		if e.Recording != "" && !(unheard && e.Seen) {
			left = append(left, e)
		}
	}
	return left, err
}

func voicemailLine(e phone.LogEntry) string {
	mark, length := "*", "gone"
	if e.Seen {
		mark = " "
	}
	if d, err := audio.Length(e.Recording); err == nil {
		length = d.Round(time.Second).String()
	}
	return fmt.Sprintf("%s %-6s %s  %-24s %-18s %s", mark, e.ID, e.Started.Local().Format("2006-01-02 15:04"),
		e.Party.Display(), e.Party.Number, length)
}

func (a *app) voicemailPlayCommand() *cobra.Command {
	return &cobra.Command{
		Use: "play [CALL]", Short: "Hear a voicemail, or the recording of any other call", Args: cobra.MaximumNArgs(1),
		Long: "play plays through the speaker of calls and ends with the recording; Ctrl-C stops it. Without CALL\n" +
			"it is the oldest voicemail that nobody has heard. It is refused during a call, and a call stops it.",
		RunE: func(cmd *cobra.Command, words []string) error {
			id, err := a.voicemailToPlay(cmd.Context(), words)
			if err != nil {
				return err
			}
			return a.hear(cmd.Context(), cmd.OutOrStdout(), id)
		},
	}
}

var errNoVoicemail = errors.New("no voicemail waits; `tring voicemail list` shows the old ones")

func (a *app) voicemailToPlay(ctx context.Context, words []string) (string, error) {
	if len(words) == 1 {
		return words[0], nil
	}
	waiting, err := a.voicemails(ctx, phone.DefaultLimit, true)
	if err == nil && len(waiting) == 0 {
		err = errNoVoicemail
	}
	if err != nil {
		return "", err
	}
	return waiting[len(waiting)-1].ID, nil
}

// hear plays a recording on the running phone, or here when none runs, and
// returns when it is over.
func (a *app) hear(ctx context.Context, out io.Writer, id string) error {
	sounds := func(now phone.Playback) { fmt.Fprintf(out, "%s plays, %s.\n", id, now.Length.Round(time.Second)) }
	c, err := control.Connect(a.places.Socket())
	if errors.Is(err, control.ErrNotRunning) {
		return a.hearAlone(ctx, id, sounds)
	}
	if err != nil {
		return err
	}
	defer c.Close()
	return heard(c.Listen(ctx, id, sounds))
}

// heard is the exit of listening.
func heard(how string, err error) error {
	switch {
	case err != nil:
		return err
	case how == "interrupted":
		return errors.New("a call needed the speaker; the recording stays new")
	case how == "failed":
		return errors.New("the recording stopped before its end; the log says why")
	}
	return nil
}

// hearAlone plays with the log and the sound card of this process.
func (a *app) hearAlone(ctx context.Context, id string, sounds func(phone.Playback)) error {
	store, err := calllog.Open(a.places.CallLog())
	if err != nil {
		return err
	}
	defer store.Close()
	card := a.openSound()
	defer card.Close()
	cfg := phone.Config{Store: store, Sound: card.sound(), Choice: card.choose(a.cfg), Volume: a.cfg.Sound.Volume}
	switch {
	case a.cfg.Sound.Silent:
		cfg.Sound = card.silentSound(func() audio.Device { return newSilence() })
	case !card.present():
		return errNoSound
	}
	return a.withPhone(context.WithoutCancel(ctx), cfg, func(_ context.Context, p *phone.Phone) error {
		return heard(p.PlayToEnd(ctx, id, sounds))
	})
}

func (a *app) voicemailStopCommand() *cobra.Command {
	return a.verb("stop", "Stop what plays", "listen_stop", noArgs)
}
