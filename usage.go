package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// tellUsage has a command and all below it answer wrong words with the right
// ones. A command that only groups others shows its help.
func tellUsage(cmd *cobra.Command) {
	fits := cmd.Args
	if !cmd.Runnable() {
		fits = cobra.NoArgs
		cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	}
	if fits != nil {
		cmd.Args = func(cmd *cobra.Command, words []string) error {
			if fits(cmd, words) == nil {
				return nil
			}
			return usageError{wrongWords(cmd, words)}
		}
	}
	for _, below := range cmd.Commands() {
		tellUsage(below)
	}
}

// wrongWords says what may be written instead.
func wrongWords(cmd *cobra.Command, words []string) error {
	if !cmd.HasSubCommands() {
		return rightWords(cmd, errWords)
	}
	cmd.SuggestionsMinimumDistance = 2 // letters
	meant := ""
	if similar := cmd.SuggestionsFor(words[0]); len(similar) > 0 {
		meant = "; did you mean " + strings.Join(similar, " or ") + "?"
	}
	return fmt.Errorf("unknown command %q for %s%s `%s --help` lists them", words[0], cmd.CommandPath(), orWord(meant, ";"), cmd.CommandPath())
}

// rightWords adds to an error how a command is written.
func rightWords(cmd *cobra.Command, err error) error {
	return fmt.Errorf("%w; write: %s%s", err, strings.TrimSuffix(cmd.CommandPath(), cmd.Name()), cmd.Use)
}

// wrongFlag says where the flags of a command are listed.
func wrongFlag(cmd *cobra.Command, err error) error {
	return usageError{fmt.Errorf("%w; `%s --help` lists the flags", err, cmd.CommandPath())}
}
