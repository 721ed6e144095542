package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"

	"tring/phone"
)

// The exit codes of every command; scripts rely on them.
const (
	exitDone      = 0
	exitFailed    = 1
	exitUsage     = 2 // wrong usage or configuration
	exitNoAnswer  = 3 // the other side did not answer, was busy or declined
	exitNotLinked = 4
	exitNoSound   = 5
)

var errNoSound = errors.New("no sound device was found; choose one with --set sound.output=NAME, or run with --set sound.silent=true")

// usageError is an error of whoever typed the command.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// quietExit ends the program with a code when everything has been said.
type quietExit int

func (q quietExit) Error() string { return fmt.Sprintf("exit %d", int(q)) }

var exitCodes = map[phone.Cause]int{
	phone.NoAnswer: exitNoAnswer, phone.Busy: exitNoAnswer, phone.Declined: exitNoAnswer,
	phone.AnsweredElsewhere: exitNoAnswer, phone.DeclinedElsewhere: exitNoAnswer,
	phone.Unreachable: exitNoAnswer, phone.Cancelled: exitNoAnswer,
}

func exitCode(err error) int {
	var quiet quietExit
	var usage usageError
	var config ConfigError
	var cause phone.Cause
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &quiet):
		return int(quiet)
	case errors.As(err, &usage), errors.As(err, &config), isCobraUsage(err):
		return exitUsage
	case errors.Is(err, phone.ErrNotLinked):
		return exitNotLinked
	case errors.Is(err, errNoSound), errors.Is(err, phone.ErrNoSound):
		return exitNoSound
	case errors.As(err, &cause) && exitCodes[cause] != 0:
		return exitCodes[cause]
	}
	return exitFailed
}

// isCobraUsage recognises what cobra says of wrong words; it has no error
// types for them.
func isCobraUsage(err error) bool {
	for _, start := range []string{"unknown command", "unknown flag", "unknown shorthand", "flag needs", "invalid argument", "accepts ", "requires ", "required flag"} {
		if strings.HasPrefix(err.Error(), start) {
			return true
		}
	}
	return false
}

// keepErrors has every command put its error aside, and do nothing more. Before fang hands an error
// to printError it asks the terminal for its colours, and a terminal that does
// not know the question costs seconds.
func keepErrors(cmd *cobra.Command, to *error) *cobra.Command {
	for _, step := range []*func(*cobra.Command, []string) error{(*func(*cobra.Command, []string) error)(&cmd.Args), &cmd.PersistentPreRunE, &cmd.RunE} {
		if do := *step; do != nil {
			*step = func(cmd *cobra.Command, words []string) error {
				if *to == nil {
					*to = do(cmd, words)
				}
				return nil
			}
		}
	}
	for _, sub := range cmd.Commands() {
		keepErrors(sub, to)
	}
	return cmd
}

// printError says what went wrong in one plain line, unless all was said.
func printError(w io.Writer, _ fang.Styles, err error) {
	var quiet quietExit
	if errors.As(err, &quiet) {
		return
	}
	if supervised {
		w = os.Stdout // standard error is the log file; the screen has been left by now
	}
	fmt.Fprintln(w, "tring:", strings.TrimSpace(phone.CleanText(err.Error(), 2000)))
}
