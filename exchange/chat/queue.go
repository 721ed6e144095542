package chat

import "sync"

// maxQueued bounds what one connection may have waiting, in stanzas.
const maxQueued = 10_000

// queue is a mailbox that never makes the sender wait; it refuses after
// maxQueued stanzas.
type queue struct {
	mu     sync.Mutex
	items  []node
	closed bool
	wake   chan struct{}
}

func (q *queue) put(n node) bool {
	q.mu.Lock()
	full := len(q.items) >= maxQueued
	if !full {
		q.items = append(q.items, n)
	}
	q.mu.Unlock()
	q.nudge()
	return !full
}

func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.nudge()
}

func (q *queue) nudge() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take waits for stanzas; open is false when nothing will follow these.
func (q *queue) take() (batch []node, open bool) {
	for {
		q.mu.Lock()
		batch, q.items, open = q.items, nil, !q.closed
		q.mu.Unlock()
		if len(batch) > 0 || !open {
			return batch, open
		}
		<-q.wake
	}
}
