package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tring/phone"
	"tring/phone/control"
)

// readyWithin is how long a line may take to connect before a command that
// needs it gives up.
const readyWithin = 30 * time.Second

// withRunning makes sure that a phone runs while use does: the one that runs
// already, or one of this process, without a screen. Either way use talks to
// it over the socket, so a command behaves the same in both cases.
func (a *app) withRunning(ctx context.Context, use func(context.Context) error) error {
	return a.withInstance(ctx, ready, use)
}

// withInstance is withRunning; prepare waits for what use needs of a phone of
// this process.
func (a *app) withInstance(ctx context.Context, prepare func(context.Context, *phone.Phone) error, use func(context.Context) error) error {
	c, err := control.Connect(a.places.Socket())
	if err == nil {
		c.Close()
		return use(ctx)
	}
	if !errors.Is(err, control.ErrNotRunning) {
		return err
	}
	// The phone outlives Ctrl-C by the moment that hanging up takes.
	running := context.WithoutCancel(ctx)
	return a.serve(running, a.network(), func(own context.Context, s *station) error {
		if err := prepare(ctx, s.phone); err != nil {
			return err
		}
		if err := a.awaitSocket(ctx); err != nil {
			return err
		}
		return use(ctx)
	})
}

// noPatience waits for nothing: a phone that is not linked will do.
func noPatience(context.Context, *phone.Phone) error { return nil }

// ready waits until a line can be used, or none can.
func ready(ctx context.Context, p *phone.Phone) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	hopeless, last := map[string]error{}, phone.LineInfo{}
	for e := range p.Watch(ctx) {
		if e.Info == nil {
			continue
		}
		if last = *e.Info; last.Status == phone.LineReady {
			return nil
		}
		if hopeless[last.Name] = hopelessness(last); hopeless[last.Name] == nil {
			delete(hopeless, last.Name)
		}
		if len(hopeless) == len(p.Lines()) {
			return hopeless[p.Lines()[0].Name]
		}
	}
	return fmt.Errorf("the line did not connect within %s: %s", readyWithin, last.Detail)
}

// hopelessness is why a line will not be ready without a person, or nil.
func hopelessness(l phone.LineInfo) error {
	switch l.Status {
	case phone.LineUnlinked, phone.LineLoggedOut:
		return fmt.Errorf("%w: run `tring link`", phone.ErrNotLinked)
	case phone.LineReplaced, phone.LineBanned, phone.LineOutdated:
		return errors.New(l.Detail)
	}
	return nil
}

// awaitSocket waits until our own socket answers.
func (a *app) awaitSocket(ctx context.Context) error {
	for range 100 {
		c, err := control.Connect(a.places.Socket())
		if err == nil {
			return c.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return control.ErrNotRunning
}

// absolute is a path as the running phone, which may be elsewhere, sees it.
func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

// unused is a path, or with a number in its name where that file exists:
// nothing that was recorded is lost to the next call.
func unused(path string) string {
	ending := filepath.Ext(path)
	free := path
	for n := 2; ; n++ {
		if _, err := os.Lstat(free); err != nil {
			return free
		}
		free = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(path, ending), n, ending)
	}
}
