package webhook

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Record is one body that came.
type Record struct {
	Number uint64
	At     time.Time
	Body   []byte
}

// Spool keeps what came on disk before Meta is told that it did. Bodies that
// come together share one sync.
type Spool struct {
	dir  string
	wake chan struct{}
	done chan struct{}

	mu      sync.Mutex
	file    *os.File
	size    int64
	next    uint64
	pending []byte
	waiting []chan error
	closed  bool

	removals []removal
}

// ErrSpoolClosed says that the line is shutting down.
var ErrSpoolClosed = errors.New("the event store is closed")

// OpenSpool opens the store of a folder. history is everything that it has,
// oldest first; open are those that were not dealt with.
func OpenSpool(dir string) (s *Spool, history []Record, open []Record, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, nil, fmt.Errorf("the line's folder cannot be made: %w", err)
	}
	old, _, err := readSpool(filepath.Join(dir, oldSpool))
	if err != nil {
		return nil, nil, nil, err
	}
	path := filepath.Join(dir, spoolName)
	recent, good, err := readSpool(path)
	if err != nil {
		return nil, nil, nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("the event store cannot be opened: %w", err)
	}
	if err := errors.Join(f.Truncate(good), seekTo(f, good)); err != nil {
		return nil, nil, nil, errors.Join(fmt.Errorf("the event store cannot be mended: %w", err), f.Close())
	}
	s = &Spool{dir: dir, file: f, size: good, wake: make(chan struct{}, 1), done: make(chan struct{})}
	history, open, s.next = sortRecords(append(old, recent...))
	go s.run()
	return s, history, open, nil
}

// LastEvent is when the last event of a folder's store came, zero if none did.
// A store that is in use may be asked.
func LastEvent(dir string) (last time.Time) {
	for _, name := range []string{oldSpool, spoolName} {
		entries, _, _ := readSpool(filepath.Join(dir, name)) // one that cannot be read has none
		for _, e := range entries {
			if e.kind == kindEvent && e.At.After(last) {
				last = e.At
			}
		}
	}
	return last
}

// Append puts a body on disk and returns its number when it is there.
func (s *Spool) Append(body []byte) (uint64, error) {
	written := make(chan error, 1)
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return 0, ErrSpoolClosed
	}
	number := s.next
	s.next++
	s.pending = appendEntry(s.pending, entry{Record{number, time.Now(), body}, kindEvent})
	s.waiting = append(s.waiting, written)
	s.poke()
	s.mu.Unlock()
	return number, <-written
}

// Done notes that a body was dealt with. Nobody waits for the disk: losing the
// note costs a second look, no more.
func (s *Spool) Done(number uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.pending = appendEntry(s.pending, entry{Record{Number: number, At: time.Now()}, kindDone})
	s.poke()
}

func (s *Spool) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// run writes whatever has gathered, with one sync for all of it.
func (s *Spool) run() {
	defer close(s.done)
	for range s.wake {
		s.flush()
	}
	s.flush()
}

func (s *Spool) flush() {
	s.mu.Lock()
	batch, waiting, removals := s.pending, s.waiting, s.removals
	s.pending, s.waiting, s.removals = nil, nil, nil
	s.mu.Unlock()
	err := s.write(batch, len(waiting) > 0)
	for _, w := range waiting {
		w <- err
	}
	for _, r := range removals {
		r.done <- s.remove(r.of)
	}
}

// write is the writer goroutine's alone.
func (s *Spool) write(batch []byte, sync bool) error {
	if len(batch) == 0 {
		return nil
	}
	if s.size > spoolMax {
		if err := s.turnOver(); err != nil {
			return err
		}
	}
	_, err := s.file.Write(batch)
	if err == nil && sync {
		err = s.file.Sync()
	}
	if err != nil {
		// Half an entry would hide all that come after it.
		err = errors.Join(err, s.file.Truncate(s.size), seekTo(s.file, s.size))
		return fmt.Errorf("the event could not be stored; is the disk full? %w", err)
	}
	s.size += int64(len(batch))
	return nil
}

// turnOver makes the full file the old one.
func (s *Spool) turnOver() error {
	path := filepath.Join(s.dir, spoolName)
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_RDWR|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("the event store cannot be turned over: %w", err)
	}
	// The open file goes with its name.
	err = errors.Join(os.Rename(path, filepath.Join(s.dir, oldSpool)), os.Rename(path+".new", path), s.file.Close())
	s.file, s.size = f, 0
	return err
}

// Close writes what is left.
func (s *Spool) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.wake)
	s.mu.Unlock()
	<-s.done
	return s.file.Close()
}
