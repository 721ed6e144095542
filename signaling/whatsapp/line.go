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
func (l *Line) become(s phone.LineStatus, detail string) {
	l.mu.Lock()
	if detail == "" {
		detail = sentences[s]
	}
	changed := l.info.Status != s || l.info.Detail != detail
	l.info.Status, l.info.Detail = s, detail
	info := l.info
	l.mu.Unlock()
	if changed {
		l.config.Log.Info("line", "name", info.Name, "status", s)
		l.emit(phone.LineChanged{Info: info})
	}
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

// Run keeps the line connected until ctx ends.
func (l *Line) Run(ctx context.Context, tell func(phone.LineEvent)) error {
	s, err := l.begin(ctx, tell)
	if err != nil {
		return err
	}
	l.emit(phone.LineChanged{Info: l.Info()})
	b := l.board
	var done sync.WaitGroup
	done.Go(b.run)
	err = l.serve(ctx, s)
	l.end(b)
	done.Wait()
	return err
}

// begin makes a session of the stored link, if there is one, before anybody
// can start linking: two sessions of one link throw each other out.
func (l *Line) begin(ctx context.Context, tell func(phone.LineEvent)) (*session, error) {
	d, err := l.store.GetFirstDevice(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the store: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tell != nil {
		return nil, errRunning
	}
	if d.ID == nil {
		l.info.Status, l.info.Detail = phone.LineUnlinked, sentences[phone.LineUnlinked]
	} else if l.session, err = newSession(l, d); err != nil {
		return nil, err
	}
	l.tell, l.board = tell, newBoard(l.config, l.emit)
	return l.session, nil
}

// serve runs one session after the other: the stored link, and whatever is
// linked later.
func (l *Line) serve(ctx context.Context, s *session) error {
	for {
		if s == nil {
			if s = l.awaitLink(ctx); s == nil {
				return nil
			}
		}
		err := l.serveOne(ctx, s)
		if err != nil || ctx.Err() != nil {
			return err
		}
		s = nil
	}
}

// serveOne runs a session until its link or the program ends.
func (l *Line) serveOne(ctx context.Context, s *session) error {
	l.setSession(s)
	e, err := s.serve(ctx)
	if ctx.Err() != nil {
		l.sayGoodbye()
	} else {
		l.onBoard(func(b *board) { b.drop(phone.Replaced) })
	}
	l.setSession(nil)
	s.close()
	if err != nil || ctx.Err() != nil {
		return err
	}
	// Only now: whoever reads the status may link at once.
	l.become(e.status, e.detail)
	return e.err
}

func (l *Line) awaitLink(ctx context.Context) *session {
	select {
	case s := <-l.linked:
		return s
	case <-ctx.Done():
		return nil
	}
}

func (l *Line) setSession(s *session) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.session = s
}

// farewell is how long the end of the calls may take when the program stops.
const farewell = 3 * time.Second

// sayGoodbye ends all calls while the socket still stands.
func (l *Line) sayGoodbye() {
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	l.board.shutdown(ctx)
}

// end leaves the line as New made it.
func (l *Line) end(b *board) {
	ctx, cancel := context.WithTimeout(context.Background(), farewell)
	defer cancel()
	b.shutdown(ctx)
	if s := l.Info().Status; s == phone.LineReady || s == phone.LineConnecting {
		l.become(phone.LineOffline, "Not running.")
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tell, l.board = nil, nil
	select {
	case s := <-l.linked:
		s.close()
	default:
	}
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
