package whatsapp

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
)

// doorway is how the websockets of a session reach the network. whatsmeow waits
// twenty seconds for a server's first frame and holds its lock meanwhile,
// whatever becomes of its context or of the connection. So when a connection
// ends before anything came, the doorway says something in the server's place
// that is no handshake: whatsmeow gives up at once. It must be shut before the
// session's context ends, for that would make the websocket deaf.
type doorway struct {
	ctx     context.Context
	shut    context.CancelFunc // ends what is not answered yet; nothing opens any more
	through http.RoundTripper
	waiting atomic.Int32 // connections that are being made or have not been answered
}

// wordless is a frame of a websocket (RFC 6455, section 5.2: final, binary,
// three bytes) with an empty frame of WhatsApp's in it.
const wordless = "\x82\x03\x00\x00\x00"

func newDoorway(through http.RoundTripper) *doorway {
	d := &doorway{through: through}
	d.ctx, d.shut = context.WithCancel(context.Background())
	return d
}

// RoundTrip opens a websocket.
func (d *doorway) RoundTrip(r *http.Request) (*http.Response, error) {
	d.waiting.Add(1)
	ctx, cancel := context.WithCancel(r.Context())
	stop := context.AfterFunc(d.ctx, cancel)
	response, err := d.through.RoundTrip(r.WithContext(ctx))
	stop()
	if err == nil {
		if socket, upgraded := response.Body.(io.ReadWriteCloser); upgraded {
			response.Body = d.answer(socket, cancel)
			return response, nil
		}
	}
	d.waiting.Add(-1)
	if err != nil {
		cancel()
		return nil, err
	}
	context.AfterFunc(r.Context(), cancel) // whoever asked may still read why not
	return response, nil
}

// answer watches over a socket on which the server has said nothing yet.
func (d *doorway) answer(socket io.ReadWriteCloser, done context.CancelFunc) *unanswered {
	u := &unanswered{ReadWriteCloser: socket}
	leave := context.AfterFunc(d.ctx, func() { socket.Close() })
	u.settle = sync.OnceFunc(func() {
		leave()
		done()
		d.waiting.Add(-1)
	})
	return u
}

// busy reports whether whatsmeow waits for a server, with its lock held.
func (d *doorway) busy() bool { return d.waiting.Load() > 0 }

// unanswered is a websocket until the server has said something.
type unanswered struct {
	io.ReadWriteCloser
	settle   func() // leaves the socket to whatsmeow, once
	hungUp   atomic.Bool
	answered bool   // the reader's alone
	left     string // of wordless; the reader's alone
}

func (u *unanswered) Read(p []byte) (int, error) {
	if u.left != "" {
		return u.say(p), nil
	}
	n, err := u.ReadWriteCloser.Read(p)
	switch {
	case n > 0 && !u.answered:
		u.answered = true
		u.settle()
	case err != nil && !u.answered && !u.hungUp.Load():
		u.answered, u.left = true, wordless
		u.settle()
		return u.say(p), nil
	}
	return n, err
}

func (u *unanswered) say(p []byte) int {
	n := copy(p, u.left)
	u.left = u.left[n:]
	return n
}

// Close is whatsmeow's: it waits for no answer any more.
func (u *unanswered) Close() error {
	u.hungUp.Store(true)
	u.settle()
	return u.ReadWriteCloser.Close()
}
