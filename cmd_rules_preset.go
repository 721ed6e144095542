package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tring/phone/rules"
)

func (a *app) rulesPreset() *cobra.Command {
	return &cobra.Command{
		Use: "preset [NAME]", Short: "Put a ready-made rules file in place: " + strings.Join(rules.Presets(), ", "),
		Args: cobra.MaximumNArgs(1), ValidArgs: rules.Presets(),
		RunE: func(cmd *cobra.Command, words []string) error {
			if len(words) == 0 {
				fmt.Fprintln(cmd.OutOrStdout(), strings.Join(rules.Presets(), "\n"))
				return nil
			}
			text, err := rules.Preset(words[0])
			if err != nil {
				return usageError{err}
			}
			return a.placePreset(cmd.OutOrStdout(), text)
		},
	}
}

// placePreset never overwrites: a rules file is somebody's work.
func (a *app) placePreset(out io.Writer, text []byte) error {
	path := a.rulesFile()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already; move it away first", path)
	}
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(text); err != nil {
		return err
	}
	fmt.Fprintln(out, "Wrote", path)
	return file.Sync()
}
