package whatsapp

import "sync"

// mailbox is an unbounded queue of work for one goroutine. Posting never
// waits, so that nothing that must answer quickly ever stands in line behind
// something slow.
type mailbox struct {
	mu     sync.Mutex
	work   []func()
	wake   chan struct{}
	closed bool
}

func newMailbox() *mailbox { return &mailbox{wake: make(chan struct{}, 1)} }

// post adds work; false when the mailbox is closed.
func (m *mailbox) post(f func()) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	m.work = append(m.work, f)
	select {
	case m.wake <- struct{}{}:
	default:
	}
	return true
}

// run does the work in order until close; what was posted before close is
// still done.
func (m *mailbox) run() {
	for range m.wake {
		for _, f := range m.take() {
			f()
		}
	}
	for _, f := range m.take() {
		f()
	}
}

func (m *mailbox) take() []func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	w := m.work
	m.work = nil
	return w
}

func (m *mailbox) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		m.closed = true
		close(m.wake)
	}
}
