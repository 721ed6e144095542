package control

import (
	"encoding/json"
	"net"
	"sync"
	"time"
)

const (
	// maxClients bounds connections.
	maxClients = 64
	// maxStreams bounds what answers one client more than once: events, linking.
	maxStreams = 4
	// maxUnderway is how many requests of one client are carried out at once;
	// more wait in the socket.
	maxUnderway = 8
	// patience is how long a client may leave its end unread.
	patience = 10 * time.Second
)

// client is one connection; its answers are written whole, one at a time.
type client struct {
	conn net.Conn

	writing sync.Mutex
	out     *json.Encoder

	mu       sync.Mutex
	underway int // requests and streams
	streams  int
	idle     time.Time // since when nothing is under way
}

func newClient(conn net.Conn) *client {
	return &client{conn: conn, out: json.NewEncoder(conn), idle: time.Now()}
}

// send writes one line, or fails when the client does not read.
func (c *client) send(v any) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.conn.SetWriteDeadline(time.Now().Add(patience))
	return c.out.Encode(v)
}

// begin notes that a request is under way; false when it would be one stream
// too many.
func (c *client) begin(stream bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if stream {
		if c.streams == maxStreams {
			return false
		}
		c.streams++
	}
	c.underway++
	return true
}

func (c *client) end(stream bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if stream {
		c.streams--
	}
	c.underway--
	c.idle = time.Now()
}

// idleSince is when a client was last busy; false while it is.
func (c *client) idleSince() (time.Time, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.idle, c.underway == 0
}

// guests are the clients. When there is no room, the one that has asked for
// nothing for longest gives way: forgotten connections must not keep a person
// from hanging up.
type guests struct {
	mu  sync.Mutex
	all map[*client]bool
}

var errBusy = &Error{"crowded", "too many programs are connected; close one"}

// admit takes a client in, and tells whom it displaced, if anybody. It is
// false when everybody is busy.
func (g *guests) admit(c *client) (displaced *client, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all == nil {
		g.all = map[*client]bool{}
	}
	if len(g.all) >= maxClients {
		if displaced = g.idlest(); displaced == nil {
			return nil, false
		}
		delete(g.all, displaced)
	}
	g.all[c] = true
	return displaced, true
}

func (g *guests) idlest() (found *client) {
	var longest time.Time
	for c := range g.all {
		since, idle := c.idleSince()
		if idle && (found == nil || since.Before(longest)) {
			found, longest = c, since
		}
	}
	return found
}

func (g *guests) leave(c *client) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.all, c)
}
