package chat

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
)

// vault writes parts of the server's memory into files, each replaced as a
// whole by a rename, so that the program can be killed at any moment and the
// files are those of before or after. Several changes of one part that come
// while it is being written cost one more writing.
type vault struct {
	dir string // empty: nothing is kept
	log *slog.Logger

	mu      sync.Mutex
	changed sync.Cond
	dirty   map[string]func() ([]byte, error) // by file name
	asked   uint64                            // changes told so far
	written uint64                            // how many of them are on disk
	err     error                             // why the latest writing failed
	closed  bool
	done    chan struct{}
}

// openVault creates dir if it must.
func openVault(dir string, log *slog.Logger) (*vault, error) {
	v := &vault{dir: dir, log: log, dirty: map[string]func() ([]byte, error){}, done: make(chan struct{})}
	v.changed.L = &v.mu
	if dir == "" {
		close(v.done)
		return v, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the exchange's directory cannot be made: %w", err)
	}
	go v.run()
	return v, nil
}

// mark says that a part has changed; snapshot is called later, without locks.
func (v *vault) mark(name string, snapshot func() ([]byte, error)) {
	if v.dir == "" {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.dirty[name] = snapshot
	v.asked++
	v.changed.Broadcast()
}

// sync waits until everything marked so far is on disk.
func (v *vault) sync() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	for goal := v.asked; v.written < goal; {
		v.changed.Wait()
	}
	return v.err
}

// close writes what is left and ends.
func (v *vault) close() error {
	v.mu.Lock()
	v.closed = true
	v.changed.Broadcast()
	v.mu.Unlock()
	<-v.done
	return v.err
}

func (v *vault) run() {
	defer close(v.done)
	v.mu.Lock()
	defer v.mu.Unlock()
	for {
		for v.written == v.asked && !v.closed {
			v.changed.Wait()
		}
		if v.written == v.asked {
			return
		}
		parts, goal := v.dirty, v.asked
		v.dirty = map[string]func() ([]byte, error){}
		v.mu.Unlock()
		err := v.write(parts)
		if err != nil {
			v.log.Error("the exchange cannot keep everything; free some space", "error", err)
		}
		v.mu.Lock()
		v.written, v.err = goal, err
		v.keep(parts)
		v.changed.Broadcast()
	}
}

// write writes parts and takes those off that it could.
func (v *vault) write(parts map[string]func() ([]byte, error)) (err error) {
	for name, snapshot := range parts {
		data, failed := snapshot()
		if failed == nil {
			failed = v.replace(name, data)
		}
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("%s cannot be kept: %w", name, failed))
			continue
		}
		delete(parts, name)
	}
	return err
}

// keep has what could not be written written with the next change.
func (v *vault) keep(failed map[string]func() ([]byte, error)) {
	for name, snapshot := range failed {
		if v.dirty[name] == nil {
			v.dirty[name] = snapshot
		}
	}
}

// replace does not sync to the disk: it must outlive the program, not the
// machine.
func (v *vault) replace(name string, data []byte) error {
	path := filepath.Join(v.dir, name)
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// read returns a part's file, or nil when there is none.
func (v *vault) read(name string) ([]byte, error) {
	if v.dir == "" {
		return nil, nil
	}
	data, err := os.ReadFile(filepath.Join(v.dir, name))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return data, err
}

// list names the parts that match a pattern.
func (v *vault) list(pattern string) ([]string, error) {
	if v.dir == "" {
		return nil, nil
	}
	paths, err := filepath.Glob(filepath.Join(v.dir, pattern))
	for i := range paths {
		paths[i] = filepath.Base(paths[i])
	}
	return paths, err
}
