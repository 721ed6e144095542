package whatsapp

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tring/phone"
)

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
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done.Go(func() { l.roam(ctx) })
	err = l.serve(ctx, s)
	cancel()
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
	l.becomeUntil(e.status, e.detail, e.banEnds)
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
