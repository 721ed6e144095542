package rules

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"tring/phone"
)

// Memory is what the gatekeeper must not forget over a restart: who is held
// back, and whom it has written to. It is one small file, replaced in one step,
// that a running phone and a command share: it is read again when somebody else
// has changed it. It is safe for concurrent use.
type Memory struct {
	mu   sync.Mutex
	path string      // "" keeps it in memory only
	seen os.FileInfo // the file as it was read or written last, nil if there was none
	held map[string]Held
	sent []Sent
}

// Held is a caller who is held back.
type Held struct {
	Party phone.Party `json:"party"`
	Until time.Time   `json:"until"`
	Rule  string      `json:"rule"`
}

// Sent is an automatic text that went out.
type Sent struct {
	Who  string    `json:"who"` // Party.Key
	Text string    `json:"message"`
	At   time.Time `json:"at"`
}

type memoryFile struct {
	Held []Held `json:"held"`
	Sent []Sent `json:"sent"`
}

// keepSent is how long a text is remembered; once_per cannot be longer.
const keepSent = 31 * 24 * time.Hour

// ErrSpoilt says that the memory's file is not one that a Memory wrote.
var ErrSpoilt = errors.New("the file is damaged; move it away, and who was held back rings again")

// OpenMemory reads the file at path, which need not exist.
func OpenMemory(path string) (*Memory, error) {
	m := &Memory{path: path, held: map[string]Held{}}
	return m, m.refresh()
}

// refresh reads the file again if it is another than the one seen last.
func (m *Memory) refresh() error {
	if m.path == "" {
		return nil
	}
	info, err := os.Stat(m.path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && m.unchanged(info) {
		return nil
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(m.path)
	}
	var f memoryFile
	if err == nil && json.Unmarshal(data, &f) != nil {
		err = ErrSpoilt
	}
	if err != nil {
		return fmt.Errorf("the gatekeeper's memory %s cannot be read: %w", m.path, err)
	}
	m.held, m.sent, m.seen = map[string]Held{}, f.Sent, info
	for _, h := range f.Held {
		m.held[h.Party.Key()] = h
	}
	return nil
}

// unchanged reports whether the file is still the one seen last. Every change
// makes a new file.
func (m *Memory) unchanged(info os.FileInfo) bool {
	return m.seen != nil && os.SameFile(m.seen, info) && m.seen.ModTime().Equal(info.ModTime()) && m.seen.Size() == info.Size()
}

// look gives use the memory as it is now. When the file cannot be read, what
// was known last must do: a call waits for a decision.
func (m *Memory) look(use func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refresh()
	use()
}

// change changes the memory as it is now and keeps it, unless do says why not.
// The file is locked, for a command and the phone may change it at once.
func (m *Memory) change(do func() error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.path == "" {
		return do()
	}
	lock, err := os.OpenFile(m.path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close() // also gives the lock back
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("the gatekeeper's memory cannot be locked: %w", err)
	}
	if err := m.refresh(); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return m.save()
}

// Restrict holds a caller back until a time. Whose time is over is forgotten
// then.
func (m *Memory) Restrict(who phone.Party, until time.Time, rule string) error {
	if who.Key() == "" {
		return nil // somebody wholly anonymous cannot be recognised again
	}
	return m.change(func() error {
		now := time.Now()
		maps.DeleteFunc(m.held, func(_ string, h Held) bool { return !now.Before(h.Until) })
		m.held[who.Key()] = Held{who, until, rule}
		return nil
	})
}

// Release lets a caller through again and reports whether they were held back.
func (m *Memory) Release(who phone.Party) (released bool, err error) {
	err = m.change(func() error {
		for key, h := range m.held {
			if h.Party.Same(who) {
				delete(m.held, key)
				released = true
			}
		}
		return nil
	})
	return released, err
}

// Restricted is until when a caller is held back, zero if not.
func (m *Memory) Restricted(who phone.Party, now time.Time) (until time.Time) {
	m.look(func() {
		for _, h := range m.held {
			if h.Party.Same(who) && now.Before(h.Until) {
				until = h.Until
			}
		}
	})
	return until
}

// AllHeld lists who is held back now, soonest released first.
func (m *Memory) AllHeld(now time.Time) (all []Held) {
	m.look(func() {
		for _, h := range m.held {
			if now.Before(h.Until) {
				all = append(all, h)
			}
		}
	})
	slices.SortFunc(all, func(a, b Held) int { return a.Until.Compare(b.Until) })
	return all
}

// Wrote remembers that a person gets an automatic text, unless may speaks
// against it. Nothing else is remembered between the two, so that of texts that
// are due at once each counts those before it.
func (m *Memory) Wrote(who phone.Party, message string, at time.Time, may func() error) error {
	return m.change(func() error {
		if err := may(); err != nil {
			return err
		}
		m.sent = slices.DeleteFunc(m.sent, func(s Sent) bool { return at.Sub(s.At) > keepSent })
		m.sent = append(m.sent, Sent{who.Key(), message, at})
		return nil
	})
}

// wroteSince counts automatic texts after a time: to one person, and in all.
// The lock is held.
func (m *Memory) wroteSince(who phone.Party, since time.Time) (person, all int) {
	for _, s := range m.sent {
		if s.At.After(since) {
			all++
			if s.Who == who.Key() {
				person++
			}
		}
	}
	return person, all
}

// Forget removes a person. That they were written to counts for the day, but
// not who it was.
func (m *Memory) Forget(who phone.Party) error {
	return m.change(func() error {
		maps.DeleteFunc(m.held, func(_ string, h Held) bool { return h.Party.Same(who) })
		for i, s := range m.sent {
			if s.Who == who.Key() {
				m.sent[i] = Sent{Who: "forgotten", At: s.At}
			}
		}
		return nil
	})
}

// save replaces the file; a kill leaves the old or the new one whole.
func (m *Memory) save() error {
	f := memoryFile{Sent: m.sent, Held: slices.Collect(maps.Values(m.held))}
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	next := m.path + ".new"
	if err := os.WriteFile(next, data, 0o600); err != nil {
		return err
	}
	if err := os.Rename(next, m.path); err != nil {
		return err
	}
	m.seen, err = os.Stat(m.path)
	return err
}
