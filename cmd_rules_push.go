package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tring/phone/rules"
	"tring/signaling/cloud/graph"
)

// rulesPush is `tring rules push`: the hours of the rules file are the call
// hours at Meta, so that callers out of hours are offered a chat instead of
// being declined, which Meta counts against the number.
func (a *app) rulesPush() *cobra.Command {
	var line string
	var c change
	cmd := &cobra.Command{
		Use: "push [HOURS]", Short: "Give a business line's hours to Meta", Args: cobra.MaximumNArgs(1),
		Long: "push makes an [hours] table of the rules file the call hours of a business line\n" +
			"at Meta: outside of them the customers' app offers a chat instead of a call,\n" +
			"and no call is declined. It shows what will differ and asks first.\n\n" +
			"Meta knows two spans a day and whole closed days, at most twenty of them: the\n" +
			"next ones are sent each time, so push again now and then. What Meta cannot\n" +
			"be told, the rules still decide.",
		Example: "  tring rules push --dry-run\n  tring rules push office --line shop",
		RunE: func(cmd *cobra.Command, words []string) error {
			book, err := a.book(nil)
			if err != nil {
				return err
			}
			h, err := hoursOf(book, words)
			if err != nil {
				return usageError{err}
			}
			if h.Zone == time.Local {
				return usageError{errors.New("Meta wants a time zone by name: write a line such as timezone = \"Europe/Madrid\" at the top of the rules file")}
			}
			l, err := a.firstBusiness(line)
			if err != nil {
				return err
			}
			defer l.Close()
			hours, untold := metaHours(h, time.Now())
			tell(cmd.OutOrStdout(), hours, untold)
			return sayWhere(c.make(cmd, l, graph.Patch{Hours: &hours}), h.Name)
		},
	}
	cmd.Flags().StringVar(&line, "line", "", "which business line; the first if not given")
	c.flags(cmd)
	return cmd
}

// hoursOf finds the hours that are meant: the only ones, or those named.
func hoursOf(book *rules.Book, words []string) (*rules.Hours, error) {
	all := book.Hours()
	names := slices.Sorted(maps.Keys(all))
	switch {
	case len(names) == 0:
		return nil, errors.New("the rules file has no [hours]; see docs/rules.md")
	case len(words) == 0 && len(names) > 1:
		return nil, fmt.Errorf("say which hours customers may call in: %s", strings.Join(names, ", "))
	case len(words) == 0:
		return all[names[0]], nil
	case all[words[0]] == nil:
		return nil, fmt.Errorf("the rules file has no hours %q; it has %s", words[0], strings.Join(names, ", "))
	}
	return all[words[0]], nil
}

// horizon is how many days ahead closed dates are looked for.
const horizon = 366

// metaHours writes hours as Meta has them, and says what it cannot be told.
func metaHours(h *rules.Hours, now time.Time) (hours graph.Hours, untold []string) {
	spans := make([]graph.OpenSpan, len(h.Weekly))
	for i, s := range h.Weekly {
		spans[i] = graph.OpenSpan{Day: s.Day, Start: s.Start, End: s.End}
	}
	hours = graph.WeekOf(h.Zone.String(), spans)
	left := 0
	for _, e := range h.Exceptions(now, horizon) {
		switch {
		case len(e.Open) > 0:
			untold = append(untold, e.String()+": Meta keeps the hours of the week")
		case len(hours.Holidays) == graph.MaxHolidays:
			left++
		default:
			hours.Closed(e.Day)
		}
	}
	if left > 0 {
		untold = append(untold, fmt.Sprintf("%d more closed days within a year; push again when the first ones are over", left))
	}
	return hours, untold
}

func tell(out io.Writer, hours graph.Hours, untold []string) {
	if n := len(hours.Holidays); n > 0 {
		fmt.Fprintf(out, "%d closed days, the first on %s\n", n, hours.Holidays[0].Date)
	}
	for _, u := range untold {
		fmt.Fprintln(out, "cannot be told to Meta:", u)
	}
}

// sayWhere adds where hours are mended that Meta would refuse.
func sayWhere(err error, name string) error {
	for _, refused := range graph.HoursErrors {
		if errors.Is(err, refused) {
			return fmt.Errorf("%w; mend [hours.%s] in the rules file; nothing was sent", err, name)
		}
	}
	return err
}
