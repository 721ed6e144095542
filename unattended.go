package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"tring/phone"
)

// unattendedPerDay is how many calls that a person should confirm scripts may
// place within 24 hours without one.
const unattendedPerDay = 5

var errUnattended = errors.New("nobody sits at a terminal: that needs outgoing.unattended = true in the configuration of the running phone")

// unattended is the yes of a program to a call that a person should confirm.
func (a *app) unattended(now time.Time) error {
	if !a.cfg.Outgoing.Unattended {
		return errUnattended
	}
	return a.countUnattended(now)
}

// countUnattended notes one more such call, or refuses it. The file is locked,
// so that scripts side by side do not count past each other.
func (a *app) countUnattended(now time.Time) error {
	file, err := os.OpenFile(filepath.Join(a.places.Data, "unattended.json"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("unattended calls cannot be counted: %w", err)
	}
	defer file.Close()
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("unattended calls cannot be counted: %w", err)
	}
	var placed []time.Time
	json.NewDecoder(file).Decode(&placed) // an empty or broken file counts anew
	placed = lately(placed, now, 24*time.Hour)
	if len(placed) >= unattendedPerDay {
		return fmt.Errorf("%d calls without a person were placed in 24 hours, which is the limit: %w", len(placed), phone.RateLimited)
	}
	text, err := json.Marshal(append(placed, now))
	if err != nil {
		return err
	}
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err = file.WriteAt(text, 0)
	return err
}

// lately keeps the times that are at most so long ago.
func lately(times []time.Time, now time.Time, long time.Duration) (recent []time.Time) {
	for _, t := range times {
		if now.Sub(t) < long {
			recent = append(recent, t)
		}
	}
	return recent
}
