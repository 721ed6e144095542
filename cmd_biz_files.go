package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"tring/signaling/cloud"
	"tring/signaling/cloud/graph"
)

func bizVoicemail(on onLine) *cobra.Command {
	var c change
	var after time.Duration
	var declined bool
	cmd := &cobra.Command{
		Use: "voicemail FILE", Short: "Let Meta take messages of callers whom nobody answers", Args: cobra.ExactArgs(1),
		Long: "Uploads what callers hear first (OGG with Opus, shorter than a minute), and has Meta\n" +
			"record what they say then. The recording comes as a voice message; the running\n" +
			"phone tells of it, and `tring biz media ID FILE` fetches it.\n\n" +
			"Meta wants the call hours switched off meanwhile: tring biz settings set hours=off.\n" +
			"To end it: tring biz settings set voicemail=off",
		RunE: on(func(cmd *cobra.Command, l *cloud.Line, words []string) error {
			if after <= 0 || after > graph.MaxVoicemailWait*time.Second {
				return usageError{fmt.Errorf("--after is 1s to %ds", graph.MaxVoicemailWait)}
			}
			sound, err := readAtMost(words[0], graph.MaxMedia)
			if err != nil {
				return usageError{err}
			}
			v := graph.Voicemail{Status: "ENABLED", Triggers: []string{"TIMEOUT"}, Seconds: int(after / time.Second)}
			if declined {
				v.Triggers = append([]string{"REJECT"}, v.Triggers...)
			}
			if c.dry {
				return printPatch(cmd.OutOrStdout(), graph.Patch{Voicemail: &v})
			}
			id, err := l.Announce(cmd.Context(), words[0], sound)
			if err != nil {
				return err
			}
			if v.Announcement, err = strconv.ParseInt(id, 10, 64); err != nil {
				return fmt.Errorf("Meta gave the announcement an id that is no number: %.40q", id)
			}
			return c.make(cmd, l, graph.Patch{Voicemail: &v})
		}),
	}
	c.flags(cmd)
	cmd.Flags().DurationVar(&after, "after", 25*time.Second, "how long it rings before")
	cmd.Flags().BoolVar(&declined, "declined", false, "take messages of callers who are declined, too")
	return cmd
}

var errTooLarge = errors.New("the file is too large")

// readAtMost reads a file that has at most so many bytes.
func readAtMost(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("%s: %w", path, errTooLarge)
	}
	return data, err
}

func bizMedia(on onLine) *cobra.Command {
	return &cobra.Command{
		Use: "media ID FILE", Short: "Fetch a voice message or a recording that Meta keeps, by its id", Args: cobra.ExactArgs(2),
		RunE: on(func(cmd *cobra.Command, l *cloud.Line, words []string) error {
			m, err := l.Media(cmd.Context(), words[0])
			if err != nil {
				return err
			}
			f, err := os.OpenFile(words[1], os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
			if errors.Is(err, os.ErrExist) {
				return fmt.Errorf("%s is there already; nothing was written", words[1])
			}
			if err != nil {
				return err
			}
			if _, err = f.Write(m.Body); err == nil {
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s, %d bytes\n", words[1], m.Type, len(m.Body))
			}
			return errors.Join(err, f.Close())
		}),
	}
}
