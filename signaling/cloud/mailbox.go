package cloud

import "sync"

// mailbox is an unbounded queue of work for one goroutine. Posting never
// waits, so that a webhook is answered whatever the desk is busy with.
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

// run does the work in order until close.
func (m *mailbox) run() {
	for range m.wake {
		m.sweep()
	}
	m.sweep()
}

func (m *mailbox) sweep() {
	m.mu.Lock()
	work := m.work
	m.work = nil
	m.mu.Unlock()
	for _, f := range work {
		f()
	}
}

func (m *mailbox) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		m.closed = true
		close(m.wake)
	}
}
