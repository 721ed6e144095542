package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"tring/phone"
)

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
			if len(entries) == 0 && !asJSON && !asCSV {
				sayEmpty(cmd.OutOrStdout(), emptyLog(q))
			}
			return printLog(cmd.OutOrStdout(), entries, asJSON, asCSV)
		},
	}
	f := cmd.Flags()
	f.StringVar(&since, "since", "", "calls after this: a duration ago (7d, 2h), a date or a time")
	f.StringVar(&until, "until", "", "calls before this")
	f.StringVar(&line, "line", "", "calls on one line")
	f.StringSliceVar(&outcomes, "outcome", nil, "how it went: answered, missed, declined, declined_by_rule, elsewhere, voicemail, cancelled, no_answer, busy, failed")
	f.IntVarP(&limit, "limit", "n", phone.DefaultLimit, "how many at most")
	f.BoolVar(&asJSON, "json", false, "one JSON object per line")
	f.BoolVar(&asCSV, "csv", false, "rows for a spreadsheet")
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

// emptyLog says why the log shows nothing.
func emptyLog(q phone.Query) string {
	if q.Text == "" && len(q.Outcomes) == 0 && q.Line == "" && q.Since.IsZero() && q.Until.IsZero() {
		return "No calls yet."
	}
	return "No call in the log fits; `tring log` shows all of them."
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
