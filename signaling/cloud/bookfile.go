package cloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

func openBook(dir string, log *slog.Logger) (*book, error) {
	b := &book{path: filepath.Join(dir, "people.json"), log: log, changed: map[*Customer]bool{}}
	return b, b.absorb()
}

// absorb takes in what stands in the file, if it is not what we know already.
// Our own changes since then stay. The lock is held.
func (b *book) absorb() error {
	info, err := os.Stat(b.path)
	if errors.Is(err, os.ErrNotExist) || err == nil && b.known(info) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the people of the line cannot be read: %w", err)
	}
	text, err := os.ReadFile(b.path)
	if err != nil {
		return fmt.Errorf("the people of the line cannot be read: %w", err)
	}
	var people []*Customer
	if err := json.Unmarshal(text, &people); err != nil {
		return fmt.Errorf("%s is damaged; move it away to begin anew: %w", b.path, err)
	}
	people = slices.DeleteFunc(people, func(c *Customer) bool { return c == nil || b.replaces(c) || b.forgot(c) })
	for _, c := range b.people {
		if b.changed[c] {
			people = append(people, c)
		}
	}
	b.people, b.seen = people, info
	return nil
}

// known reports whether a file is the one seen last: every save makes a new one.
func (b *book) known(info os.FileInfo) bool {
	return b.seen != nil && os.SameFile(b.seen, info) && b.seen.ModTime().Equal(info.ModTime()) && b.seen.Size() == info.Size()
}

// replaces reports whether a change of ours is newer than an entry of the file.
func (b *book) replaces(c *Customer) bool {
	for ours := range b.changed {
		if ours.party().Same(c.party()) {
			return true
		}
	}
	return false
}

// refresh absorbs what another process wrote. When that cannot be read, what
// was known last must do. The lock is held.
func (b *book) refresh() {
	if err := b.absorb(); err != nil {
		b.log.Warn("the people of the line are not up to date", "error", err)
	}
}

// saveAfter is how long changes gather before they are written, saveAgain how
// long to wait when they could not be.
const (
	saveAfter = time.Second
	saveAgain = 30 * time.Second
)

// saveSoon has a changed entry written. The lock is held.
func (b *book) saveSoon(c *Customer) {
	b.changed[c] = true
	if b.saver == nil {
		b.saver = time.AfterFunc(saveAfter, b.saveDue)
	}
}

// saveDue saves the book, or tries again later.
func (b *book) saveDue() {
	err := b.save()
	if err == nil {
		return
	}
	b.log.Error("the people of the line could not be saved; that is tried again", "error", err)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.saver != nil {
		b.saver.Reset(saveAgain)
	}
}

// save writes the book, whole or not at all.
func (b *book) save() error {
	b.saving.Lock()
	defer b.saving.Unlock()
	if !b.unsaved() {
		return nil
	}
	unlock, err := b.lock()
	if err != nil {
		return err
	}
	defer unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.write(); err != nil {
		return err
	}
	clear(b.changed)
	b.gone = nil
	if b.saver != nil {
		b.saver.Stop()
		b.saver = nil
	}
	return nil
}

// unsaved reports whether something is not in the file yet.
func (b *book) unsaved() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.changed) > 0 || len(b.gone) > 0
}

// write replaces the file. The lock is held.
func (b *book) write() error {
	if err := b.absorb(); err != nil {
		return err
	}
	text, err := json.MarshalIndent(b.people, "", "  ")
	if err != nil {
		return err
	}
	tmp := b.path + ".new"
	if err := os.WriteFile(tmp, text, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, b.path)
}

// lock keeps other processes from saving at the same time.
func (b *book) lock() (unlock func(), err error) {
	f, err := os.OpenFile(b.path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("the people of the line cannot be locked: %w", err), f.Close())
	}
	return func() { _ = f.Close() }, nil // also gives the lock back
}
