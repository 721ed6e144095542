package hooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// cursor is the last event that a webhook has done with.
type cursor struct {
	Seq uint64    `json:"seq"`
	At  time.Time `json:"at"`
}

// since is when to start reading: at the cursor, or now for a new webhook.
func (c cursor) since(now time.Time) time.Time {
	if c.At.IsZero() {
		return now
	}
	return c.At
}

func readCursor(path string) (c cursor, err error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil {
		return cursor{}, fmt.Errorf("the progress file %s cannot be read: %w", path, err)
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
