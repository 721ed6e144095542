package control

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"tring/phone"
)

// hangingUp is a server whose "status" tells when it is asked and answers when
// it may, and the end of both.
func hangingUp(t *testing.T) (socket string, asked, mayAnswer chan struct{}, stop func() error) {
	asked, mayAnswer = make(chan struct{}), make(chan struct{})
	before := verbs["status"]
	t.Cleanup(func() { verbs["status"] = before })
	slow := before
	slow.do = func(ctx context.Context, _ *phone.Phone, _ With) (any, error) {
		close(asked)
		select {
		case <-mayAnswer:
			return "done", ctx.Err()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	verbs["status"] = slow
	dir, err := os.MkdirTemp("", "tring-") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket = filepath.Join(dir, "s")
	l, err := Listen(socket)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- (&Server{Log: slog.New(slog.DiscardHandler)}).Serve(ctx, l) }()
	return socket, asked, mayAnswer, func() error { cancel(); return <-served }
}

func TestARequestUnderWayIsAnsweredWhenThePhoneEnds(t *testing.T) {
	socket, asked, mayAnswer, stop := hangingUp(t)
	c, err := Connect(socket)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	idle, err := Connect(socket)
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	answered := make(chan error, 1)
	var got string
	go func() { answered <- c.Do(t.Context(), "status", With{}, &got) }()
	<-asked
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	if err := idle.in.Decode(new(reply)); !errors.Is(err, io.EOF) {
		t.Errorf("who asks for nothing is told %v", err)
	}
	close(mayAnswer)
	if err := <-answered; err != nil || got != "done" {
		t.Errorf("answered %q, %v", got, err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

func TestARequestThatNeverEndsDoesNotKeepThePhone(t *testing.T) {
	socket, asked, _, stop := hangingUp(t)
	c, err := Connect(socket)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	go c.Do(t.Context(), "status", With{}, nil)
	<-asked
	if err := stop(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
}
