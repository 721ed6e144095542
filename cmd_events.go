package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/phone/control"
)

// listener is what `tring events` was asked for.
type listener struct {
	app       *app
	since     time.Time
	after     uint64 // the last event told
	reconnect bool
	tell      func(phone.Event) bool
}

func (a *app) eventsCommand() *cobra.Command {
	var asJSON bool
	var since string
	l := listener{app: a}
	cmd := &cobra.Command{
		Use: "events", Short: "Tell everything that happens, as it happens", Args: cobra.NoArgs,
		Long: "Tells every event of the running phone until you press Ctrl-C.\n" +
			"With --since or --after it first tells what happened meanwhile, without a gap;\n" +
			"with --reconnect it waits for the phone and goes on where it was.",
		Example: "  tring events --json --since 2h\n  tring events --json --after 1041 --reconnect",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if l.since, err = parseSince(since, time.Now()); err != nil {
				return usageError{err}
			}
			if l.since.IsZero() {
				l.since = time.Now()
			}
			l.tell = eventPrinter(cmd.OutOrStdout(), asJSON)
			return l.listen(cmd.Context())
		},
	}
	f := cmd.Flags()
	f.BoolVar(&asJSON, "json", false, "one JSON object per line")
	f.StringVar(&since, "since", "", "start then: a duration ago (2h), a date or a time (2026-01-31T15:04:05Z)")
	f.Uint64Var(&l.after, "after", 0, "start after the event with this seq")
	f.BoolVar(&l.reconnect, "reconnect", false, "wait for the phone when it is not running")
	cmd.MarkFlagsMutuallyExclusive("since", "after")
	return cmd
}

// listenAgain is how long to wait for a phone that is not running.
const listenAgain = 500 * time.Millisecond

// listen tells events until ctx ends; with reconnect also those of the next
// instance, after the last one told.
func (l *listener) listen(ctx context.Context) error {
	for {
		err := l.once(ctx)
		gone := errors.Is(err, control.ErrNotRunning) || errors.Is(err, control.ErrEnded)
		if !l.reconnect || !gone {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(listenAgain):
		}
	}
}

func (l *listener) once(ctx context.Context) error {
	c, err := control.Connect(l.app.places.Socket())
	if err != nil {
		return err
	}
	defer c.Close()
	return c.Events(ctx, l.since, l.after, func(e phone.Event) bool {
		l.after = max(l.after, e.Seq)
		return l.tell(e)
	})
}

func eventPrinter(w io.Writer, asJSON bool) func(phone.Event) bool {
	out := json.NewEncoder(w)
	return func(e phone.Event) bool {
		if asJSON {
			return out.Encode(e) == nil
		}
		return tellEvent(w, e) == nil
	}
}

// tellEvent prints an event for people, but for what is of use to programs only.
func tellEvent(w io.Writer, e phone.Event) error {
	if e.What == "network_id" {
		return nil
	}
	_, err := fmt.Fprintln(w, eventLine(e))
	return err
}

// eventLine is one event for people.
func eventLine(e phone.Event) string {
	at := e.At.Local().Format("15:04:05")
	switch {
	case e.Call != nil && e.Kind == phone.EventEnded:
		return fmt.Sprintf("%s %s %s ended: %s", at, e.Call.ID, e.Call.Party.Display(), e.Call.Ending())
	case e.Call != nil:
		return strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s", at, e.Call.ID, e.Call.Party.Display(), e.Call.State, e.What))
	case e.Info != nil:
		return strings.TrimSpace(fmt.Sprintf("%s line %s: %s %s", at, e.Info.Name, e.Info.Status, e.Info.Detail))
	case e.Playback != nil:
		return fmt.Sprintf("%s recording of %s %s, %s of %s", at, e.Playback.Call, e.What,
			e.Playback.Position.Truncate(time.Second), e.Playback.Length.Round(time.Second))
	case e.Text != nil && e.Text.Sent:
		return fmt.Sprintf("%s text to %s: %s", at, e.Text.Party.Display(), e.Text.Body)
	case e.Text != nil:
		return fmt.Sprintf("%s text from %s: %s", at, e.Text.Party.Display(), e.Text.Body)
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", at, e.Kind, e.What))
}

// parseSince reads a moment in the past: "90m" ago, "7d" ago, a date, a time.
func parseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		text = days + "h"
		if d, err := time.ParseDuration(text); err == nil {
			return now.Add(-24 * d), nil
		}
	}
	if d, err := time.ParseDuration(text); err == nil {
		return now.Add(-d), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is neither a duration such as 2h or 7d nor a date such as 2026-01-31", text)
}
