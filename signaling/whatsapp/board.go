package whatsapp

import (
	"log/slog"
	"time"

	"tring/phone"
	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/stanza"
)

// board is the line's switchboard. It owns the calls: everything that happens
// to them is work in its mailbox, done by one goroutine in order.
type board struct {
	config Config
	log    *slog.Logger
	tell   func(phone.LineEvent)
	work   *phone.Mailbox
	out    *outbox
	gone   chan struct{} // closed when the line has stopped

	// Only the board's goroutine touches what follows.
	wire     wire // nil while no session exists
	legs     map[string]*Leg
	registry *call.Registry
	awaited  map[string]awaited // our stanzas whose ack somebody waits for
	syncing  bool               // the server is delivering what was missed
}

// awaited is who waits for the ack of a stanza.
type awaited struct {
	leg            *Leg
	acked, refused call.On
	sent           time.Time
}

const maxAwaited = 1024

func newBoard(c Config, tell func(phone.LineEvent)) *board {
	b := &board{
		config: c, log: c.Log, tell: tell, work: phone.NewMailbox(), legs: map[string]*Leg{},
		registry: call.NewRegistry(c.Choices.StaleAfter), awaited: map[string]awaited{}, gone: make(chan struct{}),
	}
	b.out = newOutbox(c.Log)
	return b
}

// run does the board's work until close.
func (b *board) run() { b.work.Run() }

// connect gives the board a session to speak through.
func (b *board) connect(w wire) {
	b.work.Post(func() {
		b.wire = w
		b.out.open(w)
		b.everyLeg(call.SocketUp)
	})
}

// disconnect says that the socket is down; calls go on for a while.
func (b *board) disconnect() {
	b.work.Post(func() {
		b.out.hold()
		b.everyLeg(call.SocketDown)
	})
}

func (b *board) setSyncing(on bool) { b.work.Post(func() { b.syncing = on }) }

func (b *board) everyLeg(on call.On) {
	for _, l := range b.legs {
		l.handle(call.Input{On: on})
	}
}

// signal takes in a stanza of a peer, except offers.
func (b *board) signal(s *stanza.Signal) {
	b.work.Post(func() {
		now := time.Now()
		b.registry.Tune(s, now)
		if b.registry.Repeated(s, now) {
			return
		}
		l, ok := b.legs[s.Ref.ID]
		if !ok || !sameCall(l.call.Ref, s.Ref) {
			b.registry.Keep(s, now)
			return
		}
		l.handle(call.FromSignal(s, now))
	})
}

// sameCall compares references; the creator's device may be missing from what
// some clients echo.
func sameCall(a, b stanza.Ref) bool { return a.ID == b.ID && stanza.SameUser(a.Creator, b.Creator) }

// receipt takes in a peer's confirmation.
func (b *board) receipt(r stanza.Receipt) {
	b.work.Post(func() {
		if l, ok := b.legs[r.Ref.ID]; ok {
			l.handle(call.FromReceipt(r, time.Now()))
		}
	})
}

// ack takes in the server's answer to one of our stanzas.
func (b *board) ack(a stanza.Ack) {
	b.work.Post(func() {
		w, ok := b.awaited[a.Stanza]
		if !ok {
			return
		}
		delete(b.awaited, a.Stanza)
		on := w.acked
		if a.Code != 0 {
			on = w.refused
			b.log.Info("the server refused a call stanza", "call", maskID(w.leg.call.Ref.ID), "kind", string(a.Type), "code", a.Code)
		}
		if on != call.Nothing {
			w.leg.handle(call.Input{On: on, Ack: &a})
		}
	})
}

// send wraps a draft with a fresh id and hands it to the outbox.
func (b *board) send(l *Leg, s call.Send) {
	if b.wire == nil {
		return
	}
	id := b.wire.NewID()
	n := s.With(id)
	l.jot(sentKind+string(s.Kind()), "")
	if s.From {
		n.Attrs["from"] = b.wire.OwnID()
	}
	if s.Acked != call.Nothing || s.Refused != call.Nothing {
		b.await(id, awaited{leg: l, acked: s.Acked, refused: s.Refused, sent: time.Now()})
	}
	b.out.put(letter{node: n, worth: func() bool { return outlives(s.Kind()) || l.alive() }, done: l.offered(s.Kind())})
}

// outlives: what ends a call is sent also when the call is over; everything
// else would be confused with a living one.
func outlives(k stanza.Kind) bool {
	return k == stanza.Terminate || k == stanza.Reject || k == stanza.Duration
}

func (b *board) await(id string, w awaited) {
	if len(b.awaited) >= maxAwaited {
		for k, old := range b.awaited {
			if time.Since(old.sent) > time.Minute {
				delete(b.awaited, k)
			}
		}
	}
	b.awaited[id] = w
}

// add puts a leg on the board.
func (b *board) add(l *Leg) { b.legs[l.call.Ref.ID] = l }

// alive counts the calls that exist.
func (b *board) alive() int {
	n := 0
	for _, l := range b.legs {
		if l.call.Alive() {
			n++
		}
	}
	return n
}
