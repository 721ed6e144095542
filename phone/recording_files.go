package phone

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"tring/audio"
)

// RecordingRules is how calls are recorded.
type RecordingRules struct {
	Ogg      bool   // Opus in Ogg instead of WAV
	NoNotice bool   // no beep tells the other side
	Floor    uint64 // bytes of the disk that stay free; 200 MB if zero
	// Free measures the disk of a folder, in bytes; nil asks the system.
	Free func(folder string) (uint64, error)
	Tape uint64        // bytes of recordings with which the machine takes no more calls; 1 GB if zero
	Keep time.Duration // older recordings are deleted at the start; 0 keeps them
}

func (r RecordingRules) config(codecs audio.Codecs) audio.RecordingConfig {
	c := audio.RecordingConfig{Floor: r.Floor, Free: r.Free}
	if r.Ogg {
		c.Codecs = codecs
	}
	return c
}

func (r RecordingRules) extension() string {
	if r.Ogg {
		return ".ogg"
	}
	return ".wav"
}

// recordingName is when the recording began, the call's id, and a masked number: a folder
// listing must not be a list of numbers. A call may be recorded several times.
func recordingName(c Call) string {
	return fmt.Sprintf("%s_%s_%s", time.Now().Format(recordingTime), c.ID, MaskNumber(c.Party.Number))
}

const recordingTime = "2006-01-02T15-04-05"

// ourRecording is what recordingName makes, so that clearing up deletes
// nothing else.
var ourRecording = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d_[cx]\d+_\S+\.(wav|ogg)$`)

// clearRecordings deletes our recordings that ended before a time.
func clearRecordings(folder string, before time.Time) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		info, statErr := e.Info()
		if statErr != nil || !info.Mode().IsRegular() || !ourRecording.MatchString(e.Name()) || !info.ModTime().Before(before) {
			continue
		}
		err = errors.Join(err, os.Remove(filepath.Join(folder, e.Name())))
	}
	return err
}

// defaultTape is about a day of voicemails in Opus, or an hour in WAV.
const defaultTape = 1 << 30

// errTape is why the machine does not answer: strangers must not fill a disk,
// nor push out what others have said.
var errTape = errors.New("the machine's tape is full; delete recordings, or raise its limit in the configuration")

// roomIn says whether the machine may fill the folder of recordings further.
func (r RecordingRules) roomIn(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil // there is nothing yet; the recording itself will say what is wrong
	}
	used, tape := uint64(0), cmp.Or(r.Tape, defaultTape)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && ourRecording.MatchString(e.Name()) {
			used += uint64(info.Size())
		}
	}
	if used >= tape {
		return fmt.Errorf("%w (%d MB are recorded)", errTape, used>>20)
	}
	return nil
}

// forgetRecordings deletes what was recorded of some calls.
func forgetRecordings(folder string, calls []string) (err error) {
	if folder == "" {
		return nil
	}
	for _, id := range calls {
		files, _ := filepath.Glob(filepath.Join(escapeGlob(folder), "*_"+id+"_*")) // only a bad pattern fails
		for _, file := range files {
			if ourRecording.MatchString(filepath.Base(file)) {
				err = errors.Join(err, os.Remove(file))
			}
		}
	}
	return err
}

// escapeGlob is a folder's name as a pattern that matches only it.
func escapeGlob(folder string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(folder)
}
