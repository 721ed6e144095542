package control

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"

	"tring/phone"
)

// carryOut is how long a request may take.
const carryOut = 90 * time.Second

// Server answers requests on a Unix socket.
type Server struct {
	Phone   *phone.Phone
	Profile string
	Log     *slog.Logger

	guests guests
}

// Listen opens the socket for its owner alone. A socket that a dead instance
// left behind is replaced; whoever calls must hold the profile's lock.
func Listen(path string) (net.Listener, error) {
	if err := possible(path); err != nil {
		return nil, err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("the control socket cannot be opened: %w", err)
	}
	return l, os.Chmod(path, 0o600)
}

// farewell is how long requests under way may still take when the server ends:
// the phone's own end, which decides them, takes seconds.
const farewell = 4 * time.Second

// Serve answers clients until ctx ends; then it closes the listener, reads
// nothing more, answers what is under way, for a moment at most, and returns.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	var all sync.WaitGroup
	defer all.Wait()
	for {
		conn, err := s.accept(ctx, l)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the control socket failed: %w", err)
		}
		c := newClient(conn)
		displaced, ok := s.guests.admit(c)
		switch {
		case !ok:
			all.Go(c.dismiss)
			continue
		case displaced != nil:
			all.Go(displaced.dismiss)
		}
		all.Go(func() {
			defer s.guests.leave(c)
			s.serve(ctx, c)
		})
	}
}

// acceptAgain is how long the socket rests after it could not take a client.
const acceptAgain = 200 * time.Millisecond

// accept waits for the next client. That one cannot be taken, as when the
// program has too many files open, passes; only a closed socket is the end.
func (s *Server) accept(ctx context.Context, l net.Listener) (net.Conn, error) {
	for failed := false; ; failed = true {
		conn, err := l.Accept()
		if err == nil || ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
			return conn, err
		}
		if !failed {
			s.Log.Error("the control socket takes nobody for now", "err", err)
		}
		select {
		case <-time.After(acceptAgain):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// dismiss tells a client that there is no room for it.
func (c *client) dismiss() {
	c.send(Response{Error: errBusy})
	c.conn.Close()
}

// serve reads requests of one client until it leaves or ctx ends. What is under
// way then is finished; only event streams end.
func (s *Server) serve(ctx context.Context, c *client) {
	defer c.conn.Close()
	late, give := context.WithCancel(context.WithoutCancel(ctx))
	defer give()
	defer context.AfterFunc(ctx, func() {
		c.conn.SetReadDeadline(time.Now())
		time.AfterFunc(farewell, func() { give(); c.conn.Close() })
	})()
	streaming, stopStreams := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer stopStreams()

	if c.send(Greeting{Version, os.Getpid(), s.Profile}) != nil {
		return
	}
	slots := make(chan struct{}, maxUnderway)
	c.complain(c.requests(func(req Request, with With) error {
		stream := verbs[req.Do].stream
		if !c.begin(stream != nil) {
			return errStreams
		}
		if stream != nil {
			running.Go(func() { stream(s, streaming, c, req.ID, with) })
			return nil
		}
		slots <- struct{}{}
		running.Go(func() {
			s.answer(late, c, req, with)
			<-slots
		})
		return nil
	}))
}

// requests reads lines until the client leaves; what is wrong with one, or
// what do says of it, is answered at once.
func (c *client) requests(do func(Request, With) error) error {
	lines := bufio.NewScanner(c.conn)
	lines.Buffer(make([]byte, 0, 4096), MaxLine)
	lines.Split(wholeLines)
	for lines.Scan() {
		req, with, err := read(lines.Bytes())
		if err == nil {
			err = do(req, with)
		}
		if err != nil && c.send(Response{ID: req.ID, Error: describe(err)}) != nil {
			return nil
		}
	}
	return lines.Err()
}

var errStreams = &Error{"crowded", fmt.Sprintf("one program may have %d streams at once", maxStreams)}

// complain tells why the connection ends, if the client is to blame.
func (c *client) complain(err error) {
	switch {
	case errors.Is(err, bufio.ErrTooLong):
		c.send(Response{Error: &Error{"too_long", fmt.Sprintf("a request may have %d bytes", MaxLine)}})
	case errors.Is(err, errHalf):
		c.send(Response{Error: &Error{"malformed", errHalf.Error()}})
	}
}

// answer carries one request out.
func (s *Server) answer(ctx context.Context, c *client, req Request, with With) {
	defer c.end(false)
	ctx, cancel := context.WithTimeout(ctx, carryOut)
	defer cancel()
	result, err := verbs[req.Do].do(ctx, s.Phone, with)
	if err != nil {
		c.tell(Response{ID: req.ID, Error: describe(err)})
		return
	}
	c.tell(Response{ID: req.ID, Result: result})
}

// follow sends every stored event after one or since a time, then what
// happens, and beside it what is never stored.
func (s *Server) follow(ctx context.Context, c *client, id int64, with With) {
	defer c.end(true)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // the sources end with it
	stored, passing := s.events(ctx, with), s.Phone.Watch(ctx)
	for {
		select {
		case e, more := <-stored:
			if !more || !c.tell(Response{ID: id, Event: &e}) {
				return
			}
		case e, more := <-passing:
			if !more {
				passing = nil
			} else if unstored(e) && !c.tell(Response{ID: id, Event: &e}) {
				return
			}
		}
	}
}

// unstored reports whether an event is news that Follow does not tell. Steps of
// linking are secret: they go to whoever asked to link.
func unstored(e phone.Event) bool {
	return e.Seq == 0 && !e.Replayed && e.Kind != phone.EventPairing
}

// tell sends, or drops a client that does not read or is gone.
func (c *client) tell(r Response) bool {
	if c.send(r) != nil {
		c.conn.Close()
		return false
	}
	return true
}

func (s *Server) events(ctx context.Context, with With) <-chan phone.Event {
	switch {
	case with.After > 0:
		return s.Phone.FollowAfter(ctx, with.After)
	case with.Since.IsZero():
		return s.Phone.Follow(ctx, time.Now())
	}
	return s.Phone.Follow(ctx, with.Since)
}
