package phone

import "sync"

// queue hands values from any goroutine to one reader, in order, without ever
// making the writer wait: the contract of a line's tell.
type queue[T any] struct {
	mu     sync.Mutex
	items  []T
	ready  chan struct{} // holds one token while items may be waiting; closed with the queue
	closed bool
}

func newQueue[T any]() *queue[T] { return &queue[T]{ready: make(chan struct{}, 1)} }

// push adds a value; false when the queue is closed.
func (q *queue[T]) push(v T) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.items = append(q.items, v)
	select {
	case q.ready <- struct{}{}:
	default:
	}
	return true
}

// take empties the queue. The reader waits on ready first.
func (q *queue[T]) take() []T {
	q.mu.Lock()
	defer q.mu.Unlock()
	items := q.items
	q.items = nil
	return items
}

// close lets the reader come to an end; what was pushed before can still be
// taken.
func (q *queue[T]) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.closed = true
		close(q.ready)
	}
}
