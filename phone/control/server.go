package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"tring/phone"
)

const (
	// maxClients bounds connections; one more is told so and closed.
	maxClients = 64
	// patience is how long a client may leave its end unread.
	patience = 10 * time.Second
	// carryOut is how long a request may take.
	carryOut = 90 * time.Second
)

// Server answers requests on a Unix socket.
type Server struct {
	Phone   *phone.Phone
	Profile string
	Log     *slog.Logger

	mu      sync.Mutex
	clients int
}

// Listen opens the socket for its owner alone. A socket that a dead instance
// left behind is replaced; whoever calls must hold the profile's lock.
func Listen(path string) (net.Listener, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("the control socket cannot be opened: %w", err)
	}
	return l, os.Chmod(path, 0o600)
}

// Serve answers clients until ctx ends; then it closes the listener and every
// connection, and returns when the last request has been answered.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	var all sync.WaitGroup
	defer all.Wait()
	for {
		conn, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("the control socket failed: %w", err)
		}
		if !s.enter() {
			refuse(conn)
			continue
		}
		all.Go(func() {
			defer s.leave()
			s.serve(ctx, conn)
		})
	}
}

func (s *Server) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.clients == maxClients {
		return false
	}
	s.clients++
	return true
}

func (s *Server) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients--
}

func refuse(conn net.Conn) {
	conn.SetWriteDeadline(time.Now().Add(time.Second))
	json.NewEncoder(conn).Encode(Response{Error: &Error{"busy", "too many programs are connected; close one"}})
	conn.Close()
}

// serve reads requests of one client until it leaves.
func (s *Server) serve(ctx context.Context, conn net.Conn) {
	ctx, cancel := context.WithCancel(ctx)
	c := &client{conn: conn, out: json.NewEncoder(conn)}
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	defer conn.Close()

	if c.send(Greeting{Version, os.Getpid(), s.Profile}) != nil {
		return
	}
	lines := bufio.NewScanner(conn)
	lines.Buffer(make([]byte, 0, 4096), MaxLine)
	slots := make(chan struct{}, 8) // requests of one client under way at once
	for lines.Scan() {
		req, err := parse(lines.Bytes())
		if err != nil {
			c.send(Response{ID: req.ID, Error: describe(err)})
			continue
		}
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			if s.answer(ctx, c, req) != nil {
				conn.Close() // it does not read, or is gone
			}
		})
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		c.send(Response{Error: &Error{"too_long", fmt.Sprintf("a request may have %d bytes", MaxLine)}})
	}
}

// parse reads one request line.
func parse(line []byte) (Request, error) {
	var req Request
	if err := json.Unmarshal(line, &req); err != nil {
		return req, &Error{"malformed", "this line is not a request: " + err.Error()}
	}
	if _, ok := verbs[req.Do]; !ok && req.Do != "events" {
		return req, &Error{"unknown", fmt.Sprintf("there is no request %.40q", req.Do)}
	}
	return req, nil
}

func (s *Server) answer(ctx context.Context, c *client, req Request) error {
	var with With
	if len(req.With) > 0 {
		if err := json.Unmarshal(req.With, &with); err != nil {
			return c.send(Response{ID: req.ID, Error: &Error{"malformed", "\"with\" cannot be read: " + err.Error()}})
		}
	}
	if req.Do == "events" {
		return s.follow(ctx, c, req.ID, with.Since)
	}
	ctx, cancel := context.WithTimeout(ctx, carryOut)
	defer cancel()
	result, err := verbs[req.Do](ctx, s.Phone, with)
	if err != nil {
		return c.send(Response{ID: req.ID, Error: describe(err)})
	}
	return c.send(Response{ID: req.ID, Result: result})
}

// follow sends every event since a time, then what happens.
func (s *Server) follow(ctx context.Context, c *client, id int64, since time.Time) error {
	if since.IsZero() {
		since = time.Now()
	}
	for e := range s.Phone.Follow(ctx, since) {
		if err := c.send(Response{ID: id, Event: &e}); err != nil {
			return err
		}
	}
	return nil
}

// client is one connection; its answers are written whole, one at a time.
type client struct {
	mu   sync.Mutex
	conn net.Conn
	out  *json.Encoder
}

func (c *client) send(v any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn.SetWriteDeadline(time.Now().Add(patience))
	return c.out.Encode(v)
}
