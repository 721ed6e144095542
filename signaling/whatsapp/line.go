package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.mau.fi/whatsmeow/store/sqlstore"

	"tring/phone"
)

// Line is a personal number as a linked companion device.
type Line struct {
	config Config
	store  *sqlstore.Container
	board  *board

	telling sync.Mutex // keeps events in order, one at a time
	mu      sync.Mutex
	tell    func(phone.LineEvent) // nil while not running
	info    phone.LineInfo
	session *session      // nil while unlinked
	linked  chan *session // a fresh link, for Run to take over
	pairing *pairing      // the linking attempt in progress
}

var (
	_ phone.Line        = (*Line)(nil)
	_ phone.Linker      = (*Line)(nil)
	_ phone.Texter      = (*Line)(nil)
	_ phone.Blocker     = (*Line)(nil)
	_ phone.AddressBook = (*Line)(nil)
	_ phone.Inspector   = (*Line)(nil)
	_ phone.Recoverer   = (*Line)(nil)
	_ phone.Leg         = (*Leg)(nil)
)

// errRunning says that Run was called twice.
var errRunning = errors.New("the line is running already")

// New opens a line's store and decides for its network. The line does nothing
// until Run.
func New(c Config) (*Line, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := c.Exchange.check(); err != nil {
		return nil, err
	}
	if err := trust(c.Exchange); err != nil {
		return nil, err
	}
	nameDevice()
	_, log := newTap(c.Log, nil)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	container, err := openStore(ctx, c.Dir, c.Name, log)
	if err != nil {
		return nil, err
	}
	l := &Line{config: c, store: container, linked: make(chan *session, 1)}
	l.info = phone.LineInfo{Name: c.Name, Kind: phone.PersonalLine, MediaEnd: "their device"}
	return l, l.readOwn(ctx)
}

// readOwn fills in who we are, if the line is linked.
func (l *Line) readOwn(ctx context.Context) error {
	d, err := l.store.GetFirstDevice(ctx)
	if err != nil {
		return fmt.Errorf("read the store: %w", err)
	}
	if d.ID != nil {
		l.info.Own = ownParty(d, d.PushName)
	}
	return nil
}

// Close closes the store. Run must have returned.
func (l *Line) Close() error { return l.store.Close() }

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

// become changes the line's status and tells it.
func (l *Line) become(s phone.LineStatus, detail string) { l.becomeUntil(s, detail, time.Time{}) }

// becomeUntil is become for a status that ends by itself.
func (l *Line) becomeUntil(s phone.LineStatus, detail string, end time.Time) {
	l.mu.Lock()
	if detail == "" {
		detail = sentences[s]
	}
	changed := l.info.Status != s || l.info.Detail != detail
	l.info.Status, l.info.Detail, l.info.BanEnds = s, detail, end
	info := l.info
	l.mu.Unlock()
	if changed {
		l.config.Log.Info("line", "name", info.Name, "status", s)
		l.emit(phone.LineChanged{Info: info})
	}
}

// lockedUntil notes until when the account must leave strangers alone.
func (l *Line) lockedUntil(end time.Time) {
	l.mu.Lock()
	l.info.LockedUntil = end
	info := l.info
	l.mu.Unlock()
	l.config.Log.Info("the network locks the line for strangers", "until", end)
	l.emit(phone.LineChanged{Info: info})
}

// sentences say what a status means and what to do about it.
var sentences = map[phone.LineStatus]string{
	phone.LineOffline:    "Not connected; trying again by itself.",
	phone.LineConnecting: "Connecting.",
	phone.LineUnlinked:   "Not linked to a phone yet; link it with a QR code or an 8-character code.",
	phone.LineLoggedOut:  "The link was removed on the phone; link it again.",
	phone.LineReplaced:   "The same link was opened elsewhere; close it there, then start this line again.",
	phone.LineOutdated:   "WhatsApp wants a newer version of this program; update it.",
}

// ready is the session, if calls can be placed through it now.
func (l *Line) ready() (*session, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.info.Status == phone.LineUnlinked, l.info.Status == phone.LineLoggedOut:
		return nil, fmt.Errorf("%w: %w", phone.LineDown, phone.ErrNotLinked)
	case l.session == nil || l.info.Status != phone.LineReady:
		return nil, fmt.Errorf("%w %s", phone.LineDown, l.info.Detail)
	}
	return l.session, nil
}
