package rules

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
	"time"

	"tring/phone"
)

// Memory is what the gatekeeper must not forget over a restart: who is held
// back, and whom it has written to. It is one small file, replaced in one step.
type Memory struct {
	mu   sync.Mutex
	path string // "" keeps it in memory only
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

// OpenMemory reads the file at path, which need not exist.
func OpenMemory(path string) (*Memory, error) {
	m := &Memory{path: path, held: map[string]Held{}}
	if path == "" {
		return m, nil
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	var f memoryFile
	if err == nil {
		err = json.Unmarshal(data, &f)
	}
	if err != nil {
		return m, fmt.Errorf("the gatekeeper's memory %s cannot be read: %w", path, err)
	}
	for _, h := range f.Held {
		m.held[h.Party.Key()] = h
	}
	m.sent = f.Sent
	return m, nil
}

// Restrict holds a caller back until a time.
func (m *Memory) Restrict(who phone.Party, until time.Time, rule string) error {
	if who.Key() == "" {
		return nil // somebody wholly anonymous cannot be recognised again
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.held[who.Key()] = Held{who, until, rule}
	return m.save()
}

// Release lets a caller through again and reports whether they were held back.
func (m *Memory) Release(who phone.Party) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	released := false
	for key, h := range m.held {
		if h.Party.Same(who) {
			delete(m.held, key)
			released = true
		}
	}
	return released, m.save()
}

// Restricted is until when a caller is held back, zero if not.
func (m *Memory) Restricted(who phone.Party, now time.Time) time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, h := range m.held {
		if h.Party.Same(who) && now.Before(h.Until) {
			return h.Until
		}
	}
	return time.Time{}
}

// AllHeld lists who is held back now, soonest released first.
func (m *Memory) AllHeld(now time.Time) []Held {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []Held
	for _, h := range m.held {
		if now.Before(h.Until) {
			all = append(all, h)
		}
	}
	slices.SortFunc(all, func(a, b Held) int { return a.Until.Compare(b.Until) })
	return all
}

// Wrote remembers that a person got an automatic text.
func (m *Memory) Wrote(who phone.Party, message string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = slices.DeleteFunc(m.sent, func(s Sent) bool { return at.Sub(s.At) > keepSent })
	m.sent = append(m.sent, Sent{who.Key(), message, at})
	return m.save()
}

// wroteSince counts automatic texts after a time: to one person, and in all.
func (m *Memory) wroteSince(who phone.Party, since time.Time) (person, all int) {
	m.mu.Lock()
	defer m.mu.Unlock()
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

// save replaces the file; a kill leaves the old or the new one whole.
func (m *Memory) save() error {
	if m.path == "" {
		return nil
	}
	f := memoryFile{Sent: m.sent}
	for _, h := range m.held {
		f.Held = append(f.Held, h)
	}
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	next := m.path + ".new"
	if err := os.WriteFile(next, data, 0o600); err != nil {
		return err
	}
	return os.Rename(next, m.path)
}
