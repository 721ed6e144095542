package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"tring/phone"
	"tring/phone/calllog"
	"tring/phone/control"
)

// archive is what the log commands need: of the running phone, or of the files
// when none runs.
type archive interface {
	Log(ctx context.Context, q phone.Query) ([]phone.LogEntry, error)
	Leads(ctx context.Context, since time.Time) ([]phone.Lead, error)
	Stats(ctx context.Context, since, until time.Time) (phone.Stats, error)
	Forget(ctx context.Context, who string) (int, error)
	Contacts(ctx context.Context) ([]phone.Contact, error)
	EditContacts(ctx context.Context, people []phone.Contact) error
}

var (
	_ archive = (*phone.Phone)(nil)
	_ archive = distant{}
)

// distant is the archive of a running phone, over its socket.
type distant struct{ *control.Client }

func (d distant) Log(ctx context.Context, q phone.Query) (entries []phone.LogEntry, err error) {
	query := &control.Query{Text: q.Text, Direction: string(q.Direction), Who: q.Who, Line: q.Line, Since: q.Since, Until: q.Until, Limit: q.Limit}
	for _, o := range q.Outcomes {
		query.Outcomes = append(query.Outcomes, string(o))
	}
	err = d.Do(ctx, "log", control.With{Query: query}, &entries)
	return entries, err
}

func (d distant) Leads(ctx context.Context, since time.Time) (leads []phone.Lead, err error) {
	err = d.Do(ctx, "leads", control.With{Since: since}, &leads)
	return leads, err
}

func (d distant) Stats(ctx context.Context, since, until time.Time) (s phone.Stats, err error) {
	err = d.Do(ctx, "stats", control.With{Since: since, Until: until}, &s)
	return s, err
}

func (d distant) Forget(ctx context.Context, who string) (int, error) {
	var gone struct{ Calls int }
	err := d.Do(ctx, "forget", control.With{Who: who}, &gone)
	return gone.Calls, err
}

func (d distant) Contacts(ctx context.Context) (list []phone.Contact, err error) {
	err = d.Do(ctx, "contacts", control.With{}, &list)
	return list, err
}

func (d distant) EditContacts(ctx context.Context, people []phone.Contact) error {
	return d.Do(ctx, "contact", control.With{Contacts: people}, nil)
}

// withArchive gives use the running phone's archive, or opens the files.
func (a *app) withArchive(ctx context.Context, use func(context.Context, archive) error) error {
	c, err := control.Connect(a.places.Socket())
	if err == nil {
		defer c.Close()
		return use(ctx, distant{c})
	}
	if !errors.Is(err, control.ErrNotRunning) {
		return err
	}
	store, err := calllog.Open(a.places.CallLog())
	if err != nil {
		return err
	}
	defer store.Close()
	ctx, cancel := context.WithCancel(ctx)
	p := phone.New(phone.Config{Store: store, Region: a.cfg.HomeRegion, Recordings: a.recordings(), Log: a.log})
	ended := make(chan error, 1)
	news := p.Watch(ctx)
	go func() { ended <- p.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	for e := range news {
		if e.Kind == phone.EventContacts {
			break // names and own labels have been read
		}
	}
	return use(ctx, p)
}

func (a *app) logEntries(ctx context.Context, q phone.Query) (entries []phone.LogEntry, err error) {
	err = a.withArchive(ctx, func(ctx context.Context, from archive) error {
		entries, err = from.Log(ctx, q)
		return err
	})
	return entries, err
}

func (a *app) logCommand() *cobra.Command {
	var since, until, line string
	var outcomes []string
	var limit int
	var asJSON, asCSV bool
	cmd := &cobra.Command{
		Use: "log [WORDS]", Short: "Show past calls, newest first", Args: cobra.ArbitraryArgs,
		Example: "  tring log --since 7d\n  tring log mum --outcome missed --json",
		RunE: func(cmd *cobra.Command, words []string) error {
			q, err := logQuery(words, since, until, outcomes)
			if err != nil {
				return usageError{err}
			}
			q.Line, q.Limit = line, limit
			entries, err := a.logEntries(cmd.Context(), q)
			if err != nil {
				return err
			}
			return printLog(cmd.OutOrStdout(), entries, asJSON, asCSV)
		},
	}
	f := cmd.Flags()
	f.StringVar(&since, "since", "", "calls after this: a duration ago (7d, 2h), a date or a time")
	f.StringVar(&until, "until", "", "calls before this")
	f.StringVar(&line, "line", "", "calls on one line")
	f.StringSliceVar(&outcomes, "outcome", nil, "answered, missed, declined, declined_by_rule, elsewhere, voicemail, cancelled, no_answer, busy, failed")
	f.IntVarP(&limit, "limit", "n", phone.DefaultLimit, "how many at most")
	f.BoolVar(&asJSON, "json", false, "one JSON object per line")
	f.BoolVar(&asCSV, "csv", false, "comma-separated values")
	cmd.MarkFlagsMutuallyExclusive("json", "csv")
	return cmd
}

func logQuery(words []string, since, until string, outcomes []string) (q phone.Query, err error) {
	for _, w := range words {
		q.Text += w + " "
	}
	if q.Since, err = parseSince(since, time.Now()); err != nil {
		return q, err
	}
	if q.Until, err = parseSince(until, time.Now()); err != nil {
		return q, err
	}
	for _, o := range outcomes {
		q.Outcomes = append(q.Outcomes, phone.Outcome(o))
	}
	return q, nil
}

func printLog(w io.Writer, entries []phone.LogEntry, asJSON, asCSV bool) error {
	switch {
	case asJSON:
		out := json.NewEncoder(w)
		for _, e := range entries {
			if err := out.Encode(e); err != nil {
				return err
			}
		}
		return nil
	case asCSV:
		return printCSV(w, entries)
	}
	for _, e := range entries {
		fmt.Fprintf(w, "%-6s %s  %-3s %-16s %-24s %-18s %s\n", e.ID, e.Started.Local().Format("2006-01-02 15:04"),
			e.Direction, e.Outcome, e.Party.Display(), e.Party.Number, talked(e.Call))
	}
	return nil
}

// talked is a call's duration for people, or nothing when nobody talked.
func talked(c phone.Call) string {
	if d := c.Duration(c.Ended); d > 0 {
		return d.Round(time.Second).String()
	}
	return ""
}

// printCSV writes fields that a spreadsheet cannot mistake for formulas.
func printCSV(w io.Writer, entries []phone.LogEntry) error {
	out := csv.NewWriter(w)
	out.Write([]string{"id", "started", "line", "direction", "outcome", "cause", "name", "number", "seconds", "mos", "rule", "note"})
	for _, e := range entries {
		out.Write([]string{
			e.ID, e.Started.Format(time.RFC3339), e.Line, string(e.Direction), string(e.Outcome),
			e.Cause.String(), plainField(e.Party.Display()), e.Party.Number,
			strconv.Itoa(int(e.Duration(e.Ended).Seconds())), strconv.FormatFloat(e.Quality.MOS, 'f', 2, 64),
			plainField(e.Rule), plainField(e.Note),
		})
	}
	out.Flush()
	return out.Error()
}

// plainField puts a quote before what a spreadsheet would run as a formula.
func plainField(s string) string {
	if s == "" || !slices.Contains([]byte("=+-@\t\r"), s[0]) {
		return s
	}
	return "'" + s
}

func (a *app) leadsCommand() *cobra.Command {
	var since string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "leads", Short: "Show who called, was missed, and has been left alone since", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			from, err := parseSince(since, time.Now())
			if err != nil {
				return usageError{err}
			}
			return a.withArchive(cmd.Context(), func(ctx context.Context, log archive) error {
				leads, err := log.Leads(ctx, from)
				if err != nil {
					return err
				}
				return printLeads(cmd.OutOrStdout(), leads, asJSON)
			})
		},
	}
	cmd.Flags().StringVar(&since, "since", "30d", "how far back")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object per line")
	return cmd
}

func printLeads(w io.Writer, leads []phone.Lead, asJSON bool) error {
	out := json.NewEncoder(w)
	for _, l := range leads {
		if asJSON {
			if err := out.Encode(l); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(w, "%-24s %-18s %d attempts, last %s on %s\n", l.Party.Display(), l.Party.Number,
			l.Attempts, l.Last.Local().Format("2006-01-02 15:04"), l.Line)
	}
	return nil
}

func (a *app) statsCommand() *cobra.Command {
	var since string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "stats", Short: "Sum the log up", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			start, err := parseSince(since, time.Now())
			if err != nil {
				return usageError{err}
			}
			return a.withArchive(cmd.Context(), func(ctx context.Context, from archive) error {
				s, err := from.Stats(ctx, start, time.Now())
				if err != nil {
					return err
				}
				if asJSON {
					return json.NewEncoder(cmd.OutOrStdout()).Encode(s)
				}
				printStats(cmd.OutOrStdout(), s)
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&since, "since", "30d", "how far back")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object")
	return cmd
}

func printStats(w io.Writer, s phone.Stats) {
	fmt.Fprintf(w, "%d calls, %d came in, %d of them answered here (%.0f %%), %s until answered, %s talked\n",
		s.Calls, s.Incoming, s.Answered, 100*s.PickUpRate, s.ToAnswer.Round(time.Second/10), s.Talk.Round(time.Second))
	for _, o := range slices.Sorted(maps.Keys(s.ByOutcome)) {
		fmt.Fprintf(w, "  %-18s %d\n", o, s.ByOutcome[o])
	}
	for hour, h := range s.ByHour {
		if h.Incoming > 0 {
			fmt.Fprintf(w, "  %02d:00              %d in, %d answered\n", hour, h.Incoming, h.Answered)
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(s.ByRule)) {
		fmt.Fprintf(w, "  rule %-32s %d\n", ruleName(rule), s.ByRule[rule])
	}
}

func (a *app) forgetCommand() *cobra.Command {
	return &cobra.Command{
		Use: "forget WHO", Short: "Remove a person from log, contacts, events and recordings", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, words []string) error {
			return a.withArchive(cmd.Context(), func(ctx context.Context, from archive) error {
				n, err := from.Forget(ctx, words[0])
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "Removed %d calls.\n", n)
				return nil
			})
		},
	}
}
