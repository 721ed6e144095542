package webhook

import (
	"container/list"
	"time"
)

// How long and how many events are remembered. Meta says that it may send an
// event again for days; what is older than a day does not ring anyway.
const (
	RememberFor = 24 * time.Hour
	rememberMax = 20000
)

// Memory knows which events came already. It is pure: the caller brings the
// time and the lock.
type Memory struct {
	order *list.List // of remembered, oldest first
	keys  map[string]*list.Element
}

type remembered struct {
	key string
	at  time.Time
}

// NewMemory is empty.
func NewMemory() *Memory {
	return &Memory{order: list.New(), keys: map[string]*list.Element{}}
}

// Seen remembers a key and reports whether it was known.
func (m *Memory) Seen(key string, now time.Time) bool {
	if key == "" {
		return false
	}
	m.forget(now)
	if m.Has(key) {
		return true
	}
	m.keys[key] = m.order.PushBack(remembered{key, now})
	return false
}

// Has reports whether a key is known.
func (m *Memory) Has(key string) bool { return m.keys[key] != nil }

func (m *Memory) forget(now time.Time) {
	for e := m.order.Front(); e != nil; e = m.order.Front() {
		r := e.Value.(remembered)
		if m.order.Len() < rememberMax && now.Sub(r.at) < RememberFor {
			return
		}
		m.order.Remove(e)
		delete(m.keys, r.key)
	}
}
