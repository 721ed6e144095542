package cloud

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"tring/phone"
	"tring/signaling/cloud/graph"
	"tring/signaling/cloud/webhook"
)

// Line is a business number on Meta's Cloud Calling API.
type Line struct {
	config Config
	graph  *graph.Client
	book   *book
	limits *ledger

	telling sync.Mutex // keeps events in order, one at a time
	mu      sync.Mutex
	tell    func(phone.LineEvent) // nil while not running
	info    phone.LineInfo
	desk    *desk
	server  *webhook.Server
	address string // of the listener
	asked   map[string]asked
	noDial  error         // why no calls can be placed, although they can be taken
	again   chan struct{} // wakes keep
	pickup  gauge
}

var (
	_ phone.Line        = (*Line)(nil)
	_ phone.Texter      = (*Line)(nil)
	_ phone.AddressBook = (*Line)(nil)
	_ phone.Inspector   = (*Line)(nil)
	_ phone.Recoverer   = (*Line)(nil)
	_ phone.Leg         = (*Leg)(nil)
)

var errRunning = errors.New("the line is running already")

// New makes a line. It does nothing until Run.
func New(c Config) (*Line, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := makeDir(c.Dir); err != nil {
		return nil, err
	}
	people, err := openBook(c.Dir, c.Log)
	if err != nil {
		return nil, err
	}
	l := &Line{config: c, book: people, limits: newLedger(c.Limits), asked: map[string]asked{}, again: make(chan struct{}, 1)}
	l.graph = graph.New(graph.Config{
		BaseURL: c.BaseURL, Version: c.Version, Token: c.Token, AppSecret: c.AppSecret,
		Number: c.PhoneNumberID, Account: c.AccountID, HTTP: c.HTTP, Log: c.Log,
	})
	l.info = phone.LineInfo{Name: c.Name, Kind: phone.BusinessLine, MediaEnd: "Meta"}
	return l, nil
}

// Info describes the line.
func (l *Line) Info() phone.LineInfo {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.info
}

// emit tells the phone something.
func (l *Line) emit(e phone.LineEvent) {
	l.telling.Lock()
	defer l.telling.Unlock()
	l.mu.Lock()
	tell := l.tell
	l.mu.Unlock()
	if tell != nil {
		tell(e)
	}
}

// become changes what Info says, and tells it if it is news.
func (l *Line) become(s phone.LineStatus, detail string) {
	l.mu.Lock()
	changed := l.info.Status != s || l.info.Detail != detail
	l.info.Status, l.info.Detail = s, detail
	info := l.info
	l.mu.Unlock()
	if changed {
		l.config.Log.Info("line", "name", info.Name, "status", s)
		l.emit(phone.LineChanged{Info: info})
	}
}

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
	d := newDesk(l.config, l.graph, l.book, l.limits, l.emit)
	d.onSettings, d.onPermission, d.onOffer = l.checkAgain, l.forgetPermission, l.offered
	r := &run{desk: d, listener: listener, spool: spool, open: open}
	r.server = webhook.NewServer(webhook.Config{
		AppSecret: l.config.AppSecret, VerifyToken: l.config.VerifyToken, Path: l.config.Path, Log: l.config.Log,
		Keep: spool.Append, Handle: func(rec webhook.Record) { d.handle(rec, spool.Done) },
	})
	for _, rec := range dealtWith(history, open) {
		d.remember(rec)
	}
	r.working.Go(d.run)
	l.tell, l.desk, l.server, l.address = tell, d, r.server, listener.Addr().String()
	l.info.Status, l.info.Detail = phone.LineConnecting, ""
	return r, nil
}

// offered notes whether a customer's call was answered.
func (l *Line) offered(answered bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := l.pickup.rate(time.Now()).Low()
	l.pickup.note(time.Now(), answered)
	if p := l.pickup.rate(time.Now()); p.Low() && !before {
		l.config.Log.Warn("few calls are answered; Meta may hide the call button: set call hours, or switch the button off", "answered", p.Answered, "of", p.Offered)
	}
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
	l.tell, l.desk, l.address = nil, nil, ""
	return err
}

// ready is the desk, if calls can be placed now.
func (l *Line) ready() (*desk, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.desk == nil || l.info.Status != phone.LineReady {
		detail := l.info.Detail
		if detail == "" {
			return nil, phone.LineDown
		}
		return nil, fmt.Errorf("%w: %s", phone.LineDown, detail)
	}
	return l.desk, nil
}

// Health is how the webhook listener fares, and where it listens.
func (l *Line) Health() (address string, h webhook.Health) {
	l.mu.Lock()
	server, address := l.server, l.address
	l.mu.Unlock()
	if server == nil {
		return "", webhook.Health{}
	}
	return address, server.Health()
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
