package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"tring/phone"
)

// ErrNotRunning says that no instance of the profile listens.
var ErrNotRunning = errors.New("tring is not running for this profile; start it with `tring` or `tring run --headless`")

// ErrEnded says that the instance ended while it was listened to.
var ErrEnded = errors.New("the running tring ended")

// Client talks to a running phone. It is used by one goroutine at a time.
type Client struct {
	Greeting Greeting

	conn net.Conn
	in   *json.Decoder
	next atomic.Int64
}

// Connect opens the socket of a running instance.
func Connect(path string) (*Client, error) {
	if err := possible(path); err != nil {
		return nil, err
	}
	conn, err := net.DialTimeout("unix", path, 2*time.Second)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return nil, ErrNotRunning
	case err != nil:
		return nil, err
	}
	c := &Client{conn: conn, in: json.NewDecoder(bufio.NewReader(conn))}
	if err := c.greet(); err != nil {
		conn.Close()
		return nil, err
	}
	return c, nil
}

func (c *Client) greet() error {
	c.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	defer c.conn.SetReadDeadline(time.Time{})
	var first struct {
		Greeting
		Error *Error `json:"error"`
	}
	if err := c.in.Decode(&first); err != nil {
		return fmt.Errorf("the running tring does not answer: %w", err)
	}
	if first.Error != nil {
		return first.Error
	}
	if first.Version != Version {
		return fmt.Errorf("the running tring speaks version %d of the control protocol, this one %d; restart it", first.Version, Version)
	}
	c.Greeting = first.Greeting
	return nil
}

// Close ends the connection.
func (c *Client) Close() error { return c.conn.Close() }

// reply is a Response whose result has not been read yet.
type reply struct {
	ID       int64           `json:"id"`
	Result   json.RawMessage `json:"result"`
	Event    *phone.Event    `json:"event"`
	Pairing  *Pairing        `json:"pairing"`
	Playback *phone.Playback `json:"playback"`
	Error    *Error          `json:"error"`
}

// Do carries out one request and fills result, which may be nil.
func (c *Client) Do(ctx context.Context, do string, with With, result any) error {
	return c.stream(ctx, do, with, func(r reply) (bool, error) {
		if result == nil {
			return false, nil
		}
		return false, json.Unmarshal(r.Result, result)
	})
}

// Events asks for every event since a time, or after the one with a Seq other
// than 0, and gives each to tell until tell returns false, ctx ends or the
// phone does.
func (c *Client) Events(ctx context.Context, since time.Time, after uint64, tell func(phone.Event) bool) error {
	err := c.stream(ctx, eventsVerb, With{Since: since, After: after}, func(r reply) (bool, error) {
		return r.Event == nil || tell(*r.Event), nil
	})
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// Link links a line, by a code if number is not empty, and gives every step to
// show. When show fails or ctx ends, linking is cancelled.
func (c *Client) Link(ctx context.Context, line, number string, show func(Pairing) error) (linked Linked, err error) {
	err = c.stream(ctx, linkVerb, With{Line: line, Number: number}, func(r reply) (bool, error) {
		if r.Pairing != nil {
			return true, show(*r.Pairing)
		}
		return false, json.Unmarshal(r.Result, &linked)
	})
	return linked, err
}

// ended says that the other side went away; why, if it was not in order.
func ended(err error) error {
	if errors.Is(err, io.EOF) {
		return ErrEnded
	}
	return fmt.Errorf("%w: %w", ErrEnded, err)
}

// Listen plays the recording of a call through the speaker of the running phone,
// and tells how it ended: see phone.PlayToEnd. The end of ctx stops it.
func (c *Client) Listen(ctx context.Context, call string, sounds func(phone.Playback)) (how string, err error) {
	err = c.stream(ctx, listenVerb, With{Call: call}, func(r reply) (bool, error) {
		if r.Playback != nil {
			sounds(*r.Playback)
			return true, nil
		}
		var l Listened
		err := json.Unmarshal(r.Result, &l)
		how = l.How
		return false, err
	})
	if ctx.Err() != nil {
		return "stopped", nil
	}
	return how, err
}

// stream gives every answer to a request to each, until that wants no more or
// fails, ctx ends or the phone does.
func (c *Client) stream(ctx context.Context, do string, with With, each func(reply) (bool, error)) error {
	defer context.AfterFunc(ctx, func() { c.conn.SetDeadline(time.Now()) })()
	id, err := c.ask(do, with)
	if err != nil {
		return err
	}
	for {
		var r reply
		if err := c.in.Decode(&r); err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return ended(err)
		}
		switch {
		case r.Error != nil && (r.ID == id || r.ID == 0):
			return r.Error
		case r.ID != id:
			continue
		}
		if more, err := each(r); err != nil || !more {
			return err
		}
	}
}

func (c *Client) ask(do string, with With) (int64, error) {
	raw, err := json.Marshal(with)
	if err != nil {
		return 0, err
	}
	id := c.next.Add(1)
	return id, json.NewEncoder(c.conn).Encode(Request{ID: id, Do: do, With: raw})
}
