package cloud

import (
	"errors"
	"fmt"
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
	pace   pacer

	telling  sync.Mutex // keeps events in order, one at a time
	mu       sync.Mutex
	tell     func(phone.LineEvent) // nil while not running
	info     phone.LineInfo
	desk     *desk
	server   *webhook.Server
	spool    *webhook.Spool
	address  string // of the listener
	asked    map[string]asked
	noDial   error           // why no calls can be placed, although they can be taken
	again    chan struct{}   // wakes keep
	app      string          // id of the app that the token belongs to
	lost     time.Time       // when the account was found not to be subscribed any more
	settings *graph.Settings // as seen last
	pickup   *gauge
}

var (
	_ phone.Line        = (*Line)(nil)
	_ phone.Texter      = (*Line)(nil)
	_ phone.AddressBook = (*Line)(nil)
	_ phone.Inspector   = (*Line)(nil)
	_ phone.Recoverer   = (*Line)(nil)
	_ phone.Permitter   = (*Line)(nil)
	_ phone.Examiner    = (*Line)(nil)
	_ phone.Forgetter   = (*Line)(nil)
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
	l := &Line{config: c, book: people, asked: map[string]asked{}, again: make(chan struct{}, 1), pickup: openGauge(c.Dir)}
	l.graph = graph.New(graph.Config{
		BaseURL: c.BaseURL, Version: c.Version, Token: c.Token, AppSecret: c.AppSecret,
		Number: c.PhoneNumberID, Account: c.AccountID, Recording: c.Recording, HTTP: c.HTTP, Log: c.Log,
	})
	l.info = phone.LineInfo{Name: c.Name, Kind: phone.BusinessLine, MediaEnd: "Meta", Pickup: l.pickup.rate(l.graph.Now())}
	return l, nil
}

// Close keeps what a line learned that never ran, as the commands of `tring
// biz` do.
func (l *Line) Close() error {
	l.graph.Close()
	return l.book.save()
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
