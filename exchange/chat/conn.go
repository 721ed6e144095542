package chat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"

	"tring/exchange/chat/noise"
)

// The times of a connection.
const (
	handshakeTimeout = 20 * time.Second // whatsmeow waits as long
	idleTimeout      = 3 * time.Minute  // clients ping every 20 to 30 s
	farewell         = time.Second      // between stream:error and closing, see conn.end
	writeTimeout     = 10 * time.Second
)

// conn is one client's connection: the reading goroutine is that of the HTTP
// handler and handles stanzas in order; the writing one encrypts, so that the
// cipher's counter follows the order on the wire.
type conn struct {
	server  *Server
	ws      *websocket.Conn
	socket  net.Conn // ws as a stream of bytes
	frames  *noise.Reader
	session *noise.Session

	// Guarded by Server.mu.
	device       *device       // nil until logged in
	registration *registration // set while the client waits to be linked
	ending       bool          // stream:error or failure has been sent

	queue queue
}

// serve runs one connection from its handshake to its end.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // any origin: clients send the real network's
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		s.log.Info("a request was no websocket", "error", err)
		return
	}
	ws.SetReadLimit(noise.MaxFrame + 16)
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	c := &conn{server: s, ws: ws, socket: websocket.NetConn(ctx, ws, websocket.MessageBinary)}
	c.frames = noise.NewReader(c.socket)
	c.queue.wake = make(chan struct{}, 1)
	defer c.cut()
	c.over(c.run())
}

// over says why a connection ended. What no WhatsApp client would have sent is
// a refusal.
func (c *conn) over(err error) {
	switch {
	case errors.Is(err, noise.ErrFrame), errors.Is(err, noise.ErrHandshake), errors.Is(err, ErrStanza):
		c.server.refuseBytes(c, err)
	case errors.Is(err, io.EOF):
	default:
		c.server.log.Info("a connection ended", "error", err)
	}
}

func (c *conn) run() error {
	_ = c.socket.SetReadDeadline(time.Now().Add(handshakeTimeout))
	if err := c.handshake(); err != nil {
		return err
	}
	var writer sync.WaitGroup
	writer.Go(c.write)
	defer writer.Wait()
	defer c.queue.close()
	defer c.leave()
	if err := c.enter(); err != nil {
		return err
	}
	return c.read()
}

// handshake secures the connection.
func (c *conn) handshake() error {
	header, err := c.frames.Header()
	if err != nil {
		return err
	}
	hello, err := c.frames.Frame()
	if err != nil {
		return err
	}
	h, reply, err := c.server.noise.Begin(header, hello)
	if err != nil {
		return err
	}
	if _, err = c.socket.Write(noise.AppendFrame(nil, reply)); err != nil {
		return err
	}
	session, done := h.Session()
	if !done {
		finish, err := c.frames.Frame()
		if err != nil {
			return err
		}
		if err = h.Finish(finish); err != nil {
			return err
		}
	}
	c.session = session
	return nil
}

// read handles stanzas until the connection ends.
func (c *conn) read() error {
	for {
		c.stayAlive()
		frame, err := c.frames.Frame()
		if err != nil {
			return err
		}
		plain, err := c.session.In.Open(frame, nil)
		if err != nil {
			return fmt.Errorf("%w: it does not decrypt", noise.ErrFrame)
		}
		n, err := decode(plain)
		if err != nil {
			return err
		}
		c.server.handle(c, n)
	}
}

// write sends what is queued until the queue is closed.
func (c *conn) write() {
	defer c.cut()
	for {
		batch, open := c.queue.take()
		for _, n := range batch {
			if !c.writeStanza(n) {
				return
			}
		}
		if !open {
			return
		}
	}
}

func (c *conn) writeStanza(n node) bool {
	plain, err := encode(n)
	if err != nil {
		c.server.log.Warn("a stanza cannot be written", "tag", n.Tag, "error", err)
		return true
	}
	sealed := c.session.Out.Seal(nil, plain, nil)
	_ = c.socket.SetWriteDeadline(time.Now().Add(writeTimeout))
	_, err = c.socket.Write(noise.AppendFrame(make([]byte, 0, len(sealed)+3), sealed))
	return err == nil
}

// push queues a stanza.
func (c *conn) push(n node) {
	c.server.trace("→", c, &n)
	if !c.queue.put(n) {
		c.server.log.Warn("a client does not read; its connection is closed")
		go c.cut()
	}
}

// end says goodbye with stream:error or failure. The client must hang up
// first: whatsmeow drops its queue, and the goodbye with it, when the socket
// goes before it has handled everything.
func (c *conn) end(goodbye node) {
	if c.ending {
		return
	}
	c.ending = true
	c.push(goodbye)
	_ = c.socket.SetReadDeadline(time.Now().Add(farewell))
}

// cut closes the socket without a word. It may wait for the connection's
// goroutines, so it is not called with the lock held.
func (c *conn) cut() { _ = c.ws.CloseNow() }

// stayAlive gives the client its time again, unless it is being dismissed.
func (c *conn) stayAlive() {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if !c.ending {
		_ = c.socket.SetReadDeadline(time.Now().Add(idleTimeout))
	}
}
