package webhook

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// crowd is a listener with four times more connections than may be open; it
// counts those that are.
type crowd struct {
	left   int
	open   atomic.Int32
	closed chan struct{}
}

func (c *crowd) Accept() (net.Conn, error) {
	if c.left == 0 {
		<-c.closed
		return nil, net.ErrClosed
	}
	c.left--
	c.open.Add(1)
	ours, theirs := net.Pipe()
	return &visitor{Conn: ours, leave: sync.OnceValue(func() error {
		c.open.Add(-1)
		return errors.Join(theirs.Close(), ours.Close())
	})}, nil
}

func (c *crowd) Close() error   { close(c.closed); return nil }
func (c *crowd) Addr() net.Addr { return &net.TCPAddr{} }

// visitor is a connection that says nothing.
type visitor struct {
	net.Conn
	leave func() error
}

func (v *visitor) Close() error { return v.leave() }

func TestACrowdThatSaysNothingTakesNoMoreThanItsShareOfOpenFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewServer(Config{Log: slog.New(slog.DiscardHandler)})
		ctx, stop := context.WithCancel(t.Context())
		c := &crowd{left: 4 * maxConnections, closed: make(chan struct{})}
		served := make(chan error, 1)
		go func() { served <- s.Serve(ctx, c) }()
		synctest.Wait()
		if n := c.open.Load(); n != maxConnections {
			t.Errorf("%d connections are open, want %d", n, maxConnections)
		}
		time.Sleep(10 * headTime)
		if n := c.open.Load(); n != 0 {
			t.Errorf("%d are open still", n)
		}
		stop()
		if err := <-served; err != nil {
			t.Errorf("it ended with %v", err)
		}
		if c.left != 0 {
			t.Errorf("%d were never let in", c.left)
		}
	})
}
