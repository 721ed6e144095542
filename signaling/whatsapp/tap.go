package whatsapp

import (
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
	waLog "go.mau.fi/whatsmeow/util/log"

	"tring/phone"
)

// tap is the logger that a whatsmeow client is given. whatsmeow tells its
// "Recv" logger of every stanza before anything else happens to it; that is
// the one public way to see the outer attributes of calls, their acks and
// receipts. Everything else that whatsmeow logs is masked and handed on.
type tap struct {
	log     *slog.Logger
	module  string
	receive func(*waBinary.Node) // nil except for "Recv"
}

// tapped is the shared state of a client's loggers.
type tapped struct {
	seen  atomic.Bool // the hook works: something came through
	ack   func(*waBinary.Node)
	mu    sync.Mutex
	calls map[callKey][]*waBinary.Node
	held  int
}

// callKey finds a <call> again from what its event tells.
type callKey struct{ tag, id, from string }

const maxHeld = 512

func newTap(log *slog.Logger, ack func(*waBinary.Node)) (*tapped, waLog.Logger) {
	t := &tapped{ack: ack, calls: map[callKey][]*waBinary.Node{}}
	return t, &tap{log: log, receive: t.receive}
}

func (l *tap) Sub(module string) waLog.Logger {
	sub := &tap{log: l.log, module: module}
	if module == "Recv" || l.module == "" {
		sub.receive = l.receive
	}
	return sub
}

// Debugf is where stanzas come by. Its text is never written: it holds keys
// and QR codes.
func (l *tap) Debugf(_ string, args ...any) {
	if l.module != "Recv" || l.receive == nil || len(args) != 1 {
		return
	}
	if n, ok := args[0].(*waBinary.Node); ok {
		l.receive(n)
	}
}

func (l *tap) Infof(string, ...any)           {}
func (l *tap) Warnf(msg string, args ...any)  { l.log.Info("whatsmeow: " + plainLog(msg, args)) }
func (l *tap) Errorf(msg string, args ...any) { l.log.Warn("whatsmeow: " + plainLog(msg, args)) }

// plainLog formats a line of whatsmeow's log without its contents: errors,
// numbers and durations stay, masked; texts and stanzas do not.
func plainLog(msg string, args []any) string {
	safe := make([]any, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case error:
			safe[i] = phone.MaskText(v.Error())
		case int, int64, uint32, uint64, bool, time.Duration:
			safe[i] = v
		default:
			safe[i] = "…"
		}
	}
	return phone.MaskText(fmt.Sprintf(msg, safe...))
}

// receive runs on the socket's reading goroutine: it only files pointers.
func (t *tapped) receive(n *waBinary.Node) {
	t.seen.Store(true)
	switch n.Tag {
	case "call":
		t.hold(n)
	case "ack", "receipt":
		t.ack(n)
	case "success":
		t.forget()
	}
}

// forget drops what an older connection left: its stanzas come again on this
// one, and must not be mistaken for it.
func (t *tapped) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.calls)
	t.held = 0
}

func (t *tapped) hold(n *waBinary.Node) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held >= maxHeld {
		clear(t.calls)
		t.held = 0
	}
	key := keyOf(n)
	t.calls[key] = append(t.calls[key], n)
	t.held++
}

// take hands out the outer stanza of an event, oldest first.
func (t *tapped) take(key callKey) *waBinary.Node {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := t.calls[key]
	if len(list) == 0 {
		return nil
	}
	n := list[0]
	if t.calls[key] = list[1:]; len(list) == 1 {
		delete(t.calls, key)
	}
	t.held--
	return n
}

// keyOf reads the key of a stanza as whatsmeow's events will tell it.
func keyOf(n *waBinary.Node) callKey {
	key := callKey{from: jidText(n.Attrs["from"])}
	if c := n.GetChildren(); len(c) == 1 {
		key.tag = c[0].Tag
		key.id, _ = c[0].Attrs["call-id"].(string)
	}
	return key
}

func jidText(v any) string {
	j, _ := v.(types.JID)
	return j.String()
}
