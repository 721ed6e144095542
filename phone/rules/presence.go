package rules

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"tring/phone"
)

// Sources are files of other programs that say how you want to be treated.
// Empty names are not used.
type Sources struct {
	StatusFile string // one word: available, away, busy or dnd
	Calendar   string // an iCalendar file: busy while something is on
}

// maxStatus bounds what is read of a status file, in bytes.
const maxStatus = 256

// lookAgain is how long an answer is believed; it also catches a clock that
// jumped while the computer slept.
const lookAgain = time.Minute

// Presence is what the files say now, and until when at most. The status file
// wins with any word, for it is the person's own; a file that is missing or
// empty says nothing.
func (s Sources) Presence(now time.Time) (is phone.Presence, until time.Time, err error) {
	until = now.Add(lookAgain)
	word, err := readStatus(s.StatusFile)
	if err != nil || word != "" {
		return word, until, err
	}
	is = phone.Available
	if s.Calendar == "" {
		return is, until, nil
	}
	file, err := os.Open(s.Calendar)
	if errors.Is(err, fs.ErrNotExist) {
		return is, until, nil
	}
	if err != nil {
		return is, until, err
	}
	defer file.Close()
	calendar, err := ParseCalendar(file)
	if err != nil {
		return is, until, fmt.Errorf("%s: %w", s.Calendar, err)
	}
	busy, changes := calendar.Busy(now)
	if busy {
		is = phone.BusyNow
	}
	if len(calendar.Skipped) > 0 {
		err = fmt.Errorf("%s: %d events are not used: %s", s.Calendar, len(calendar.Skipped), calendar.Skipped[0])
	}
	return is, earlier(until, changes), err
}

// readStatus reads the first word of a status file.
func readStatus(path string) (phone.Presence, error) {
	if path == "" {
		return "", nil
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer file.Close()
	text := make([]byte, maxStatus)
	n, _ := file.Read(text) // an empty file says nothing
	words := strings.Fields(strings.ToLower(string(text[:n])))
	if len(words) == 0 {
		return "", nil
	}
	allowed := []phone.Presence{phone.Available, phone.Away, phone.BusyNow, phone.DND}
	if is := phone.Presence(words[0]); slices.Contains(allowed, is) {
		return is, nil
	}
	return "", fmt.Errorf("%s says %q (want available, away, busy or dnd)", path, phone.CleanLine(words[0], 20))
}

// Follow tells set whenever the files say something new, until ctx ends. What
// a person sets by hand meanwhile stays until then. The first answer is told
// only if it is not available: that is how a phone starts anyway.
func (s Sources) Follow(ctx context.Context, log *slog.Logger, set func(context.Context, phone.Presence) error) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return err
	}
	defer w.Close()
	s.watch(w)
	f := follower{sources: s, log: log, set: set, last: phone.Available}
	for {
		timer := time.NewTimer(f.step(ctx))
		select {
		case e := <-w.Events:
			if !s.concerns(e.Name) {
				break
			}
			select { // programs write in several steps
			case <-time.After(settle):
			case <-ctx.Done():
			}
		case err := <-w.Errors:
			log.Warn("status files are only looked at once a minute", "err", err)
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil
		}
		timer.Stop()
	}
}

func (s Sources) watch(w *fsnotify.Watcher) {
	for _, name := range []string{s.StatusFile, s.Calendar} {
		if name != "" {
			w.Add(filepath.Dir(name)) // without a watch the files are looked at once a minute
		}
	}
}

func (s Sources) concerns(name string) bool {
	name = filepath.Clean(name)
	return s.StatusFile != "" && name == filepath.Clean(s.StatusFile) || s.Calendar != "" && name == filepath.Clean(s.Calendar)
}

// follower remembers what was told last.
type follower struct {
	sources Sources
	log     *slog.Logger
	set     func(context.Context, phone.Presence) error
	last    phone.Presence
	problem string
}

// step looks at the files, tells what is new, and says when to look again.
func (f *follower) step(ctx context.Context) time.Duration {
	now := time.Now()
	is, until, err := f.sources.Presence(now)
	f.complain(err)
	if is != "" && is != f.last {
		if err := f.set(ctx, is); err != nil {
			f.complain(err)
			return until.Sub(now)
		}
		f.last = is
	}
	return until.Sub(now)
}

// complain logs a problem once, not every minute.
func (f *follower) complain(err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	if text != f.problem && text != "" {
		f.log.Warn("how you want to be treated cannot be read", "err", err)
	}
	f.problem = text
}
