package leg

import (
	"net"
	"slices"
	"sync"
	"time"
)

// wire is the leg's socket. It sees every datagram before the peer connection
// does.
type wire struct {
	net.PacketConn

	mu           sync.Mutex
	guard        guard
	ledger       ledger
	network      Network
	opus, digits uint8
	late         sync.WaitGroup // delayed packets on their way
	closed       bool
}

// ReadFrom hands on what the relay takes notice of.
func (w *wire) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := w.PacketConn.ReadFrom(b)
		if err != nil || w.admit(b[:n], time.Now()) {
			return n, from, err
		}
	}
}

func (w *wire) admit(b []byte, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	k := kindOf(b)
	if (k == media || k == control) && w.network.lost() {
		return false
	}
	if k == media {
		w.ledger.note(b, w.opus, w.digits, now)
	}
	return w.guard.admit(b, now)
}

// WriteTo sends, with what goes wrong on the way.
func (w *wire) WriteTo(b []byte, to net.Addr) (int, error) {
	if k := kindOf(b); k != media {
		return w.PacketConn.WriteTo(b, to)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.network.lost() {
		return len(b), nil
	}
	for range w.network.copies() {
		if delay := w.network.delay(); delay > 0 && !w.closed {
			w.post(slices.Clone(b), to, delay)
		} else if _, err := w.PacketConn.WriteTo(b, to); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

// post sends a packet later. A packet that the closed socket refuses is lost,
// as packets are.
func (w *wire) post(b []byte, to net.Addr, delay time.Duration) {
	w.late.Add(1)
	time.AfterFunc(delay, func() {
		defer w.late.Done()
		_, _ = w.PacketConn.WriteTo(b, to)
	})
}

// Close closes the socket and waits for what was delayed.
func (w *wire) Close() error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	err := w.PacketConn.Close()
	w.late.Wait()
	return err
}
