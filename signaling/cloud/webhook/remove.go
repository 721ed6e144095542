package webhook

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// removal asks the writer to take bodies out of the store.
type removal struct {
	of   func(body []byte) bool
	done chan<- removed
}

// removed is what came of it.
type removed struct {
	gone    []Record
	waiting int
	err     error
}

// Remove takes bodies out of the store that were dealt with, and says which.
// waiting are those that it leaves, because they were not dealt with yet.
func (s *Spool) Remove(of func(body []byte) bool) (gone []Record, waiting int, err error) {
	done := make(chan removed, 1)
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, 0, ErrSpoolClosed
	}
	s.removals = append(s.removals, removal{of, done})
	s.poke()
	s.mu.Unlock()
	r := <-done
	return r.gone, r.waiting, r.err
}

// remove is the writer goroutine's alone.
func (s *Spool) remove(of func(body []byte) bool) (r removed) {
	files := []string{filepath.Join(s.dir, oldSpool), filepath.Join(s.dir, spoolName)}
	var entries [2][]entry
	for i, path := range files {
		if entries[i], _, r.err = readSpool(path); r.err != nil {
			return r
		}
	}
	_, open, _ := sortRecords(append(entries[0][:len(entries[0]):len(entries[0])], entries[1]...))
	leave := map[uint64]bool{}
	for _, rec := range open {
		leave[rec.Number] = true
	}
	for i, path := range files {
		rest, gone := []byte(nil), len(r.gone)
		for _, e := range entries[i] {
			switch found := e.kind == kindEvent && of(e.Body); {
			case found && !leave[e.Number]:
				r.gone = append(r.gone, e.Record)
				continue
			case found:
				r.waiting++
			}
			rest = appendEntry(rest, e)
		}
		if len(r.gone) > gone {
			r.err = errors.Join(r.err, s.rewrite(path, rest))
		}
	}
	return r
}

// rewrite replaces a file of the store in one step.
func (s *Spool) rewrite(path string, whole []byte) error {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_RDWR|os.O_TRUNC, 0o600)
	if err == nil {
		_, err = f.Write(whole)
		err = errors.Join(err, f.Sync())
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("the event store cannot be written anew: %w", err), f.Close())
	}
	if path != filepath.Join(s.dir, spoolName) {
		return f.Close()
	}
	err = s.file.Close()
	s.file, s.size = f, int64(len(whole))
	return err
}
