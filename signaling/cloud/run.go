package cloud

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"tring/phone"
	"tring/signaling/cloud/webhook"
)

// Run listens for Meta and keeps the line usable until ctx ends.
func (l *Line) Run(ctx context.Context, tell func(phone.LineEvent)) error {
	r, err := l.begin(tell)
	if err != nil {
		return err
	}
	l.emit(phone.LineChanged{Info: l.Info()})
	r.replay()
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	failed := make(chan error, 1)
	var listening, keeping sync.WaitGroup
	listening.Go(func() { failed <- r.server.Serve(serving, r.listener) })
	inner, halt := context.WithCancel(ctx)
	keeping.Go(func() { l.keep(inner) })
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	halt()
	keeping.Wait()
	l.farewell(r.desk) // endings still come in as webhooks
	l.giveBack()
	stop()
	listening.Wait()
	return errors.Join(err, l.end(r))
}

// run is what one Run needs.
type run struct {
	desk     *desk
	server   *webhook.Server
	listener net.Listener
	spool    *webhook.Spool
	open     []webhook.Record
	working  sync.WaitGroup
}

// begin opens the event store and the listener.
func (l *Line) begin(tell func(phone.LineEvent)) (*run, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tell != nil {
		return nil, errRunning
	}
	spool, history, open, err := webhook.OpenSpool(l.config.Dir)
	if err != nil {
		return nil, err
	}
	listener, err := l.listen()
	if err != nil {
		return nil, errors.Join(err, spool.Close())
	}
	d := newDesk(l.config, l.graph, l.book, l.emit)
	d.onSettings, d.onPermission, d.onOffer = l.checkAgain, l.permissionChanged, l.offered
	r := &run{desk: d, listener: listener, spool: spool, open: open}
	r.server = webhook.NewServer(webhook.Config{
		AppSecret: l.config.AppSecret, VerifyToken: l.config.VerifyToken, Path: l.config.Path, Log: l.config.Log,
		Last: lastOf(history), Keep: spool.Append, Handle: func(rec webhook.Record) { d.handle(rec, spool.Done) },
	})
	for _, rec := range dealtWith(history, open) {
		d.remember(rec)
	}
	r.working.Go(d.run)
	l.tell, l.desk, l.server, l.spool, l.address = tell, d, r.server, spool, listener.Addr().String()
	l.info.Status, l.info.Detail = phone.LineConnecting, ""
	return r, nil
}

// lastOf is when the latest record came.
func lastOf(history []webhook.Record) time.Time {
	if len(history) == 0 {
		return time.Time{}
	}
	return history[len(history)-1].At
}

// dealtWith are the records of history that are not open.
func dealtWith(history, open []webhook.Record) []webhook.Record {
	waiting := map[uint64]bool{}
	for _, r := range open {
		waiting[r.Number] = true
	}
	var out []webhook.Record
	for _, r := range history {
		if !waiting[r.Number] {
			out = append(out, r)
		}
	}
	return out
}

// replay handles what the last run took but did not finish.
func (r *run) replay() {
	for _, rec := range r.open {
		r.desk.handle(rec, r.spool.Done)
	}
	r.open = nil
}

// listen opens the listener; a given one serves once.
func (l *Line) listen() (net.Listener, error) {
	if given := l.config.Listener; given != nil {
		l.config.Listener, l.config.Listen = nil, given.Addr().String()
		return given, nil
	}
	listener, err := net.Listen("tcp", l.config.Listen)
	if err != nil {
		return nil, fmt.Errorf("the webhook listener cannot use %s; is another tring running, or set another address: %w", l.config.Listen, err)
	}
	return listener, nil
}

// farewell ends all calls while Meta can still be told.
func (l *Line) farewell(d *desk) {
	ctx, cancel := context.WithTimeout(context.Background(), l.config.Timers.Farewell)
	defer cancel()
	d.shutdown(ctx)
	d.beside.Wait()
}

// end leaves the line as New made it.
func (l *Line) end(r *run) error {
	r.working.Wait()
	err := errors.Join(r.spool.Close(), l.book.save())
	l.graph.Close()
	l.become(phone.LineOffline, "Not running.")
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tell, l.desk, l.spool, l.address = nil, nil, nil, ""
	return err
}

// checkEvery is how often the line looks after itself; it also keeps the
// connection to Graph warm. With a tunnel it is knockEvery: tunnels die alone.
// retryEvery is after something was wrong.
const (
	checkEvery = 4 * time.Minute
	knockEvery = time.Minute
	retryEvery = 30 * time.Second
)

// keep makes the line ready and looks after it.
func (l *Line) keep(ctx context.Context) {
	for {
		wait := checkEvery
		if l.config.PublicURL != "" {
			wait = knockEvery
		}
		if err := l.check(ctx); err != nil {
			if ctx.Err() != nil {
				return
			}
			l.become(phone.LineOffline, err.Error())
			wait = retryEvery
		} else {
			l.become(phone.LineReady, "")
		}
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-l.again:
		case <-ctx.Done():
		}
		t.Stop()
		if ctx.Err() != nil {
			return
		}
	}
}
