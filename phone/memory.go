package phone

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Memory is a Store that forgets when the program ends. NewMemory makes one.
type Memory struct {
	mu     sync.Mutex
	calls  []LogEntry
	alive  map[string]time.Time
	events []Event
	seq    uint64
	people []Contact
}

var _ Store = (*Memory)(nil)

// NewMemory makes an empty store.
func NewMemory() *Memory { return &Memory{alive: map[string]time.Time{}} }

// CallID writes the number of a row as a call's id.
func CallID(row int64) string { return "c" + strconv.FormatInt(row, 10) }

// CallRow reads a call's id back; 0 is no call.
func CallRow(id string) int64 {
	if len(id) < 2 || id[0] != 'c' {
		return 0
	}
	n, err := strconv.ParseInt(id[1:], 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func (m *Memory) Begin(c *Call) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	c.ID = CallID(int64(len(m.calls) + 1))
	m.calls = append(m.calls, LogEntry{Call: *c})
	return nil
}

func (m *Memory) Save(c *Call, e *Event) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c != nil {
		entry := m.entry(c.ID)
		if entry == nil {
			return fmt.Errorf("%s: %w", c.ID, ErrNoCall)
		}
		entry.Call = *c
	}
	m.seq++
	e.Seq = m.seq
	m.events = append(m.events, *e)
	return nil
}

func (m *Memory) entry(id string) *LogEntry {
	row := CallRow(id)
	if row < 1 || row > int64(len(m.calls)) || m.calls[row-1].ID == "" {
		return nil
	}
	return &m.calls[row-1]
}

func (m *Memory) Known(line, networkID string) (Call, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.calls {
		if e.ID != "" && e.Line == line && e.NetworkID == networkID {
			return e.Call, true, nil
		}
	}
	return Call{}, false, nil
}

func (m *Memory) Unended() ([]Call, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var open []Call
	for _, e := range m.calls {
		if e.ID != "" && e.State != Terminated {
			e.Call.Ended = latest(m.alive[e.ID], e.Started, e.Alerted, e.Answered, e.Talking)
			open = append(open, e.Call)
		}
	}
	return open, nil
}

func latest(times ...time.Time) time.Time {
	return slices.MaxFunc(times, time.Time.Compare)
}

func (m *Memory) Alive(ids []string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range ids {
		m.alive[id] = at
	}
	return nil
}

func (m *Memory) Calls(ids []string) ([]LogEntry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []LogEntry
	for _, id := range ids {
		if e := m.entry(id); e != nil {
			found = append(found, *e)
		}
	}
	return found, nil
}

func (m *Memory) Digests(yield func(Digest) bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.calls {
		if e.ID != "" && e.State == Terminated && !yield(DigestOf(e)) {
			break
		}
	}
	return nil
}

func (m *Memory) Seen() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.calls {
		m.calls[i].Seen = m.calls[i].Seen || m.calls[i].Outcome == OutcomeMissed
	}
	return nil
}

func (m *Memory) Shown(id string) error { return m.mark(id, OutcomeMissed) }

func (m *Memory) Heard(id string) error { return m.mark(id, OutcomeVoicemail) }

func (m *Memory) mark(id string, which Outcome) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.entry(id); e != nil && e.Outcome == which {
		e.Seen = true
	}
	return nil
}

func (m *Memory) Prune(before time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.calls {
		if e := &m.calls[i]; e.State == Terminated && e.Started.Before(before) {
			*e = LogEntry{}
		}
	}
	m.events = slices.DeleteFunc(m.events, func(e Event) bool { return e.At.Before(before) })
	return nil
}

func (m *Memory) Annotate(id, note string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.entry(id)
	if e == nil {
		return fmt.Errorf("%s: %w", id, ErrNoCall)
	}
	e.Note = note
	return nil
}

func (m *Memory) Events(after uint64, since time.Time, limit int) ([]Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []Event
	for _, e := range m.events {
		if e.Seq > after && !e.At.Before(since) && len(found) < limit {
			found = append(found, e)
		}
	}
	return found, nil
}

func (m *Memory) LastEvent() (uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.seq, nil
}

func (m *Memory) People() ([]Contact, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.people), nil
}

func (m *Memory) SavePerson(c Contact) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.people = slices.DeleteFunc(m.people, func(o Contact) bool { return o.Same(c.Party) })
	m.people = append(m.people, c)
	return nil
}

func (m *Memory) Learn(who Party) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var changed []string
	for i := range m.calls {
		if e := &m.calls[i]; e.Party.Same(who) && e.Party.Merge(who) != e.Party {
			e.Party = e.Party.Merge(who)
			changed = append(changed, e.ID)
		}
	}
	for i := range m.people {
		if c := &m.people[i]; c.Same(who) {
			c.Party = c.Party.Merge(who)
		}
	}
	return changed, nil
}

func (m *Memory) Forget(who Party) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var gone []string
	for i := range m.calls {
		if e := &m.calls[i]; e.Party.Same(who) {
			gone = append(gone, e.ID)
			*e = LogEntry{}
		}
	}
	m.events = slices.DeleteFunc(m.events, func(e Event) bool {
		return e.Call != nil && e.Call.Party.Same(who) || e.Text != nil && e.Text.Party.Same(who)
	})
	m.people = slices.DeleteFunc(m.people, func(c Contact) bool { return c.Same(who) })
	return gone, nil
}

func (m *Memory) Scrub(context.Context) error { return nil }

func (m *Memory) Close() error { return nil }
