package calllog

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// checkpointAt is how large, in bytes, the write-ahead log grows before it is
// moved into the file.
const checkpointAt = 16 << 20

// keepSynced forces the log to the disk whenever it is asked to. Forcing is
// enough for what a power cut must not cost; a checkpoint would make the next
// write, with which a call begins to ring, wait for the disk.
func (l *Log) keepSynced() {
	for range l.sync {
		if size, err := syncFile(l.path + "-wal"); err != nil || size > checkpointAt {
			l.empty(context.Background()) // what is in the way now is gone at the next call
		}
	}
}

// empty moves the write-ahead log into the file and cuts it to nothing; false
// if a reader or the writer is in the way at this moment. It waits for nobody:
// most is moved while everybody may write, and only the rest under the lock.
func (l *Log) empty(ctx context.Context) (bool, error) {
	conn, err := l.reads.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "PRAGMA busy_timeout=0; PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
		return false, err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("PRAGMA busy_timeout=%d", patience.Milliseconds()))
	var busy, frames, moved int
	err = conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
	return busy == 0, err
}

// scrubAgain is the wait between two tries to empty the write-ahead log.
const scrubAgain = 50 * time.Millisecond

// errUnscrubbed says what a person can do about a scrub that did not succeed.
var errUnscrubbed = errors.New("somebody is reading the log; forget them once more later")

// Scrub overwrites what the write-ahead log still has of what was forgotten. It
// tries until ctx ends; anybody may write meanwhile.
func (l *Log) Scrub(ctx context.Context) error {
	for {
		done, err := l.empty(ctx)
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("forgotten, but the call log could not be cleaned: %w", errUnscrubbed)
		case err != nil:
			return fmt.Errorf("forgotten, but the call log could not be cleaned: %w", err)
		case done:
			return nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(scrubAgain):
		}
	}
}

// syncFile forces a file to the disk and returns its size in bytes. SQLite
// locks other files than this one, so that closing it gives no lock back.
func syncFile(path string) (size int64, err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), f.Sync()
}

func (l *Log) askSync() {
	select {
	case l.sync <- struct{}{}:
	default:
	}
}
