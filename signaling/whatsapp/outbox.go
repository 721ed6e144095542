package whatsapp

import (
	"context"
	"log/slog"
	"sync"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"

	"tring/phone"
)

// outbox sends stanzas in order. While the socket is down it keeps them: the
// calls go on over the relays, and what they have to say is said when the
// socket is back.
type outbox struct {
	log *slog.Logger

	mu     sync.Mutex
	wire   wire // nil while the socket is down
	queue  []letter
	wake   chan struct{}
	closed bool
}

// letter is a stanza that waits.
type letter struct {
	node  waBinary.Node
	worth func() bool   // whether it is still to be sent
	done  chan struct{} // closed when it was sent, or thrown away; may be nil
	at    time.Time
}

// letterLife is how long a stanza may wait for the socket; what is older is
// about calls that nobody is in any more.
const letterLife = time.Minute

const sendTimeout = 10 * time.Second

func newOutbox(log *slog.Logger) *outbox {
	o := &outbox{log: log, wake: make(chan struct{}, 1)}
	go o.run()
	return o
}

func (o *outbox) put(l letter) {
	o.mu.Lock()
	defer o.mu.Unlock()
	l.at = time.Now()
	o.queue = append(o.queue, l)
	o.nudge()
}

// nudge wakes the sender; the lock is held.
func (o *outbox) nudge() {
	if o.closed {
		return
	}
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// open says that the socket is up.
func (o *outbox) open(w wire) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.wire = w
	o.nudge()
}

// hold says that the socket is down.
func (o *outbox) hold() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.wire = nil
}

// clear throws away what waits, and takes the socket as down.
func (o *outbox) clear() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, l := range o.queue {
		l.close()
	}
	o.wire, o.queue = nil, nil
}

func (o *outbox) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closed {
		o.closed = true
		close(o.wake)
	}
}

func (o *outbox) run() {
	for range o.wake {
		for o.sendNext() {
		}
	}
}

// sendNext sends one stanza; false when there is nothing to do for now.
func (o *outbox) sendNext() bool {
	l, w, ok := o.next()
	if !ok {
		return false
	}
	if !l.worth() || time.Since(l.at) > letterLife {
		l.close()
		return true
	}
	ctx, cancel := context.WithTimeout(context.Background(), sendTimeout)
	defer cancel()
	if err := w.Send(ctx, l.node); err != nil {
		o.log.Info("a call stanza waits for the network", "error", phone.MaskText(err.Error()))
		o.putBack(l)
		return false
	}
	l.close()
	return true
}

func (l letter) close() {
	if l.done != nil {
		close(l.done)
	}
}

func (o *outbox) next() (letter, wire, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.queue) == 0 || o.wire == nil {
		return letter{}, nil, false
	}
	l := o.queue[0]
	o.queue = o.queue[1:]
	return l, o.wire, true
}

// putBack keeps a stanza that could not be sent. The socket counts as down
// until the session says that it is up again.
func (o *outbox) putBack(l letter) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.queue = append([]letter{l}, o.queue...)
	o.wire = nil
}
