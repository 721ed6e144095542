package phone

import (
	"context"
	"sync"
)

// maxBehind is how many events a watcher may lag before it gets a new picture
// instead; a screen that was stopped for an hour needs no film of it.
const maxBehind = 1024

// watchers are the readers of Watch. Pushing never waits for any of them.
type watchers struct {
	mu   sync.Mutex
	all  map[*watcher]bool
	over bool
}

type watcher struct {
	events []Event
	ready  chan struct{}
}

func newWatchers() *watchers { return &watchers{all: map[*watcher]bool{}} }

// add starts a watcher with a picture that no push can overtake.
func (ws *watchers) add(picture func() []Event) (*watcher, bool) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	w := &watcher{events: picture(), ready: make(chan struct{}, 1)}
	w.ready <- struct{}{}
	if ws.over {
		return w, false
	}
	ws.all[w] = true
	return w, true
}

func (ws *watchers) push(e Event, picture func() []Event) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for w := range ws.all {
		if len(w.events) >= maxBehind {
			w.events = picture()
		} else {
			w.events = append(w.events, e)
		}
		w.wake()
	}
}

func (w *watcher) wake() {
	select {
	case w.ready <- struct{}{}:
	default:
	}
}

// take empties a watcher and tells whether more can come.
func (ws *watchers) take(w *watcher) (events []Event, more bool) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	events, w.events = w.events, nil
	return events, !ws.over
}

func (ws *watchers) remove(w *watcher) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	delete(ws.all, w)
}

func (ws *watchers) close() {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	ws.over = true
	for w := range ws.all {
		w.wake()
	}
}

// Watch tells everything that happens, in order, starting with the present
// state (marked Replayed) and an EventSnapshot. It never blocks the phone: a
// watcher that falls far behind gets a new snapshot instead of what it missed.
// The channel closes when ctx or the phone ends.
func (p *Phone) Watch(ctx context.Context) <-chan Event {
	out := make(chan Event)
	w, alive := p.watching.add(p.picture)
	go func() {
		defer close(out)
		defer p.watching.remove(w)
		for more := alive; more || len(w.ready) > 0; {
			select {
			case <-w.ready:
			case <-ctx.Done():
				return
			}
			var events []Event
			events, more = p.watching.take(w)
			for _, e := range events {
				select {
				case out <- e:
				case <-ctx.Done():
					return
				}
			}
		}
	}()
	return out
}
