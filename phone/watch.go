package phone

import (
	"context"
	"sync"
	"time"
)

// board is what everybody may read at any time: a picture of the phone that
// is replaced whole, before the event that tells of the change.
type board struct {
	lines    []LineInfo
	calls    []Call
	sounds   map[string]*callSound
	presence Presence
	missed   int
	gain     float64
	volume   float64
}

// publish replaces the board.
func (p *Phone) publish() {
	b := &board{presence: p.presence, missed: p.missed, gain: p.desk.gain, volume: p.desk.volume, sounds: map[string]*callSound{}}
	for _, t := range p.lines {
		b.lines = append(b.lines, t.info)
	}
	for _, c := range p.calls {
		b.calls = append(b.calls, c.Call)
		b.sounds[c.ID] = c.sound
	}
	p.board.Store(b)
}

// Lines are all lines in the order of the configuration.
func (p *Phone) Lines() []LineInfo { return p.board.Load().lines }

// Calls are the living calls, oldest first.
func (p *Phone) Calls() []Call { return p.board.Load().calls }

// Call is a living call.
func (p *Phone) Call(id string) (Call, bool) {
	for _, c := range p.Calls() {
		if c.ID == id {
			return c, true
		}
	}
	return Call{}, false
}

// Presence is how we want to be treated right now.
func (p *Phone) Presence() Presence { return p.board.Load().presence }

// Missed counts the missed calls that nobody has looked at.
func (p *Phone) Missed() int { return p.board.Load().missed }

// tell writes a call and an event about it to the store, and tells watchers.
func (p *Phone) tell(c *live, kind EventKind, what string) {
	snapshot := c.Call
	p.emitCall(&snapshot, Event{Kind: kind, Line: c.Line, Call: &snapshot, What: what})
}

// emit tells an event that is about no call.
func (p *Phone) emit(e Event) { p.emitCall(nil, e) }

func (p *Phone) emitCall(c *Call, e Event) {
	if e.At.IsZero() {
		e.At = time.Now()
	}
	if e.Kind.stored() {
		if err := p.store.Save(c, &e); err != nil {
			p.log.Error("the log could not be written", "err", err)
		}
	}
	if c != nil {
		p.counted(*c)
	}
	p.publish()
	p.watching.push(e, p.picture)
}

// stored reports whether events of this kind are kept for replay.
func (k EventKind) stored() bool {
	switch k {
	case EventPairing, EventNotice, EventSnapshot, EventContacts, EventDevices:
		return false
	}
	return true
}

// notice tells people a sentence.
func (p *Phone) notice(line, sentence string) {
	p.emit(Event{Kind: EventNotice, Line: line, What: sentence})
}

// picture is the present state as events.
func (p *Phone) picture() []Event {
	b, now := p.board.Load(), time.Now()
	var es []Event
	for i := range b.lines {
		es = append(es, Event{Kind: EventLine, Line: b.lines[i].Name, Info: &b.lines[i]})
	}
	for i := range b.calls {
		es = append(es, Event{Kind: EventState, Line: b.calls[i].Line, Call: &b.calls[i]})
	}
	es = append(es, Event{Kind: EventPresence, What: string(b.presence)}, Event{Kind: EventSnapshot})
	for i := range es {
		es[i].At, es[i].Replayed = now, true
	}
	return es
}

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
