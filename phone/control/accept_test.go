package control

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// refusing is a listener that fails so many times before it waits.
type refusing struct {
	net.Listener
	with   error
	times  int
	closed chan struct{}
}

func (r *refusing) Accept() (net.Conn, error) {
	if r.times > 0 {
		r.times--
		return nil, &net.OpError{Op: "accept", Err: r.with}
	}
	<-r.closed
	return nil, net.ErrClosed
}

func (r *refusing) Close() error { close(r.closed); return nil }

func TestTooManyOpenFilesDoNotEndThePhone(t *testing.T) {
	for _, passing := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ECONNABORTED} {
		synctest.Test(t, func(t *testing.T) {
			var said strings.Builder
			server := &Server{Log: slog.New(slog.NewTextHandler(&said, nil))}
			l := &refusing{with: passing, times: 5, closed: make(chan struct{})}
			ctx, stop := context.WithCancel(t.Context())
			served := make(chan error, 1)
			go func() { served <- server.Serve(ctx, l) }()
			time.Sleep(time.Minute)
			synctest.Wait()
			select {
			case err := <-served:
				t.Errorf("after %v it ended with %v", passing, err)
			default:
				stop()
				if err := <-served; err != nil {
					t.Errorf("it ended with %v", err)
				}
			}
			stop()
			if n := strings.Count(said.String(), passing.Error()); n != 1 || l.times != 0 {
				t.Errorf("%d failures are left, and it was said %d times: %s", l.times, n, said.String())
			}
		})
	}
}

func TestASocketThatIsClosedEndsTheServer(t *testing.T) {
	l := &refusing{closed: make(chan struct{})}
	l.Close()
	if err := (&Server{}).Serve(t.Context(), l); !errors.Is(err, net.ErrClosed) {
		t.Errorf("it ended with %v", err)
	}
}
