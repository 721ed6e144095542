package cloud

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tring/phone"
	"tring/signaling/cloud/webhook"
)

// Forget removes a person from a line's people, from its event store, and what
// they said from the folder of sounds.
func (l *Line) Forget(who phone.Party) error {
	l.forgetPermission(who)
	l.mu.Lock()
	spool := l.spool
	if spool == nil {
		defer l.mu.Unlock() // it must not begin to run meanwhile
		return forgetStored(l.config.Dir, l.config.Sounds, l.book, who)
	}
	l.mu.Unlock()
	return forget(spool, l.config.Sounds, l.book, who)
}

// Forget is Line.Forget for the folder of a line that no process runs.
func Forget(dir, sounds string, who phone.Party, log *slog.Logger) error {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	b, err := openBook(dir, log)
	if err != nil {
		return err
	}
	return forgetStored(dir, sounds, b, who)
}

func forgetStored(dir, sounds string, b *book, who phone.Party) error {
	spool, _, _, err := webhook.OpenSpool(dir)
	if err != nil {
		return err
	}
	return errors.Join(forget(spool, sounds, b, who), spool.Close())
}

// forget removes a person by every id that the line knows of them.
func forget(spool *webhook.Spool, sounds string, b *book, who phone.Party) error {
	who = who.Merge(b.look(who).party())
	gone, waiting, err := spool.Remove(func(body []byte) bool { return mentions(body, who) })
	if waiting > 0 {
		err = errors.Join(err, fmt.Errorf("%d events of theirs wait to be dealt with; forget them again later", waiting))
	}
	for _, r := range gone {
		err = errors.Join(err, removeSounds(sounds, r.Body, who))
	}
	return errors.Join(err, b.forget(who))
}

// mentions reports whether a body names a person. It may find a number within
// a longer one: that costs an event that was dealt with.
func mentions(body []byte, who phone.Party) bool {
	for _, id := range []string{strings.TrimPrefix(who.Number, "+"), who.UserID} {
		if id != "" && bytes.Contains(body, []byte(id)) {
			return true
		}
	}
	return false
}

// removeSounds deletes what was fetched of a person because of a body.
func removeSounds(folder string, body []byte, who phone.Party) (err error) {
	items, _ := webhook.Parse(body) // what is not understood has fetched nothing
	for _, i := range items {
		id := ""
		switch e := i.Event.(type) {
		case webhook.Text:
			if partyOf(e.From).Same(who) {
				id = e.Media
			}
		case webhook.Recording:
			if partyOf(e.From).Same(who) {
				id = e.Media
			}
		}
		err = errors.Join(err, removeSound(folder, tailOf(id)))
	}
	return err
}

// removeSound deletes the files of an id's end.
func removeSound(folder, tail string) error {
	if tail == "" {
		return nil
	}
	files, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, f := range files {
		if strings.Contains(f.Name(), " "+tail+".") {
			err = errors.Join(err, os.Remove(filepath.Join(folder, f.Name())))
		}
	}
	return err
}

// forget removes a person, in the file at once.
func (b *book) forget(who phone.Party) error {
	b.mu.Lock()
	b.refresh()
	b.people = slices.DeleteFunc(b.people, func(c *Customer) bool {
		same := c.party().Same(who)
		if same {
			delete(b.changed, c)
		}
		return same
	})
	b.gone = append(b.gone, who)
	b.mu.Unlock()
	return b.save()
}

// forgot reports whether an entry of the file is of somebody who was forgotten
// since it was read. The lock is held.
func (b *book) forgot(c *Customer) bool {
	return slices.ContainsFunc(b.gone, c.party().Same)
}
