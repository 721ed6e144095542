package hooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"tring/phone"
)

// cursor is the last event that a webhook has done with.
type cursor struct {
	Seq uint64    `json:"seq"`
	At  time.Time `json:"at"`
}

// done reports whether an event was done with before. A sequence that starts
// anew, with a new log, is told by its times.
func (c cursor) done(e phone.Event) bool { return e.Seq <= c.Seq && !e.At.After(c.At) }

// readCursor reads how far a webhook has come; a new one starts now.
func readCursor(path string, now cursor) (c cursor, err error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return now, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil {
		return now, fmt.Errorf("the progress file %s cannot be read: %w", path, err)
	}
	return c, nil
}

// write replaces the file in one step, so that a kill leaves the old or the
// new cursor.
func (c cursor) write(path string) error {
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	next := path + ".new"
	if err := os.WriteFile(next, data, 0o600); err != nil {
		return err
	}
	return os.Rename(next, path)
}
