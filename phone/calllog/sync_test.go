package calllog_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tring/phone"
)

// sizeOf is how many bytes the write-ahead log of a log has.
func sizeOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestTextsAloneDoNotGrowTheWriteAheadLogForEver(t *testing.T) {
	path := filepath.Join(t.TempDir(), "calls.db")
	l := open(t, path)
	defer l.Close()
	text := phone.Event{Kind: phone.EventText, At: time.Now(), Text: &phone.Text{Body: strings.Repeat("x", 4096)}}
	largest := int64(0)
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		if err := l.Save(nil, &text); err != nil {
			t.Fatal(err)
		}
		size := sizeOf(t, path)
		if size < largest/2 && largest > 16<<20 {
			return
		}
		largest = max(largest, size)
	}
	t.Errorf("after a minute of texts it has %d bytes", largest)
}

func TestAScrubThatAReaderIsInTheWayOfSaysSo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "calls.db")
	l := open(t, path)
	defer l.Close()
	c := aCall()
	c.Note = "UNFORGETTABLE"
	c = save(t, l, c)
	reader, err := sql.Open("sqlite3", "file:"+path+"?_journal_mode=WAL")
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	reading, err := reader.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := reading.QueryRow("SELECT count(*) FROM calls").Scan(&n); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if _, err := l.Forget(c.Party); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := l.Scrub(short); err == nil || !strings.Contains(err.Error(), "somebody is reading") {
		t.Errorf("with a reader in the way: %v", err)
	}
	save(t, l, aCall()) // nobody waits for the scrub
	if err := reading.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := l.Scrub(t.Context()); err != nil {
		t.Errorf("without: %v", err)
	}
	for _, name := range []string{path, path + "-wal"} {
		raw, err := os.ReadFile(name)
		if err != nil || indexOf(raw, "UNFORGETTABLE") >= 0 {
			t.Errorf("%s still has the note (%v)", filepath.Base(name), err)
		}
	}
}
