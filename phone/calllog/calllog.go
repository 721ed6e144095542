package calllog

import (
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver "sqlite3"

	"tring/phone"
)

// Log is a phone.Store in an SQLite file. Open makes one.
type Log struct {
	// Damaged, if set before the first reading, hears of events that cannot be
	// read, once of each.
	Damaged func(error)

	damaged sync.Map // of their seq
	path    string
	db      *sql.DB // one connection: the writer
	reads   *sql.DB // the others: they never wait for the writer
	sync    chan struct{}
	synced  sync.WaitGroup
}

var _ phone.Store = (*Log)(nil)

// Open opens the log, or makes a new one, readable by its owner alone. It
// refuses a file that others may read, and one of a newer program.
func Open(path string) (*Log, error) {
	if err := private(path); err != nil {
		return nil, err
	}
	l := &Log{path: path, sync: make(chan struct{}, 1)}
	var err error
	if l.db, err = connect(path, 1); err != nil {
		return nil, err
	}
	if err := l.migrate(); err != nil {
		return nil, errors.Join(err, l.db.Close())
	}
	if _, err := l.db.Exec(fmt.Sprintf("PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=%d", checkpointAt)); err != nil {
		return nil, errors.Join(fmt.Errorf("the call log %s cannot be opened: %w", path, err), l.db.Close())
	}
	if l.reads, err = connect(path, 4); err != nil {
		return nil, errors.Join(err, l.db.Close())
	}
	l.synced.Go(l.keepSynced)
	return l, nil
}

// private makes the file for its owner alone, or refuses one that is not.
// SQLite gives its side files (-wal, -shm) the same rights.
func private(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("the folder of the call log cannot be made: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("the call log cannot be opened: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("the call log cannot be opened: %w", err)
	}
	if wide := info.Mode().Perm() & 0o077; wide != 0 {
		return fmt.Errorf("others may read the call log %s (%v); run: chmod 600 %s: %w", path, info.Mode().Perm(), path, fs.ErrPermission)
	}
	return nil
}

// patience is how long a statement waits for another.
const patience = 5 * time.Second

// connect opens the file with the settings that the package comment promises.
// WAL with synchronous NORMAL hands every commit to the operating system
// (sqlite.org/wal.html); keepSynced forces it to the disk.
func connect(path string, connections int) (*sql.DB, error) {
	options := url.Values{
		"_journal_mode":  {"WAL"},
		"_synchronous":   {"NORMAL"},
		"_busy_timeout":  {strconv.FormatInt(patience.Milliseconds(), 10)},
		"_secure_delete": {"true"}, // what was forgotten is overwritten
	}
	db, err := sql.Open("sqlite3", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+options.Encode())
	if err != nil {
		return nil, fmt.Errorf("the call log cannot be opened: %w", err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	if err := db.Ping(); err != nil {
		return nil, errors.Join(fmt.Errorf("the call log %s cannot be opened: %w", path, err), db.Close())
	}
	return db, nil
}

// Close finishes all writing and closes the file.
func (l *Log) Close() error {
	close(l.sync)
	l.synced.Wait()
	return errors.Join(l.reads.Close(), l.db.Close())
}
