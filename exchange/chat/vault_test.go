package chat

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

func TestTheVaultWritesTheLatestState(t *testing.T) {
	dir := t.TempDir()
	v, err := openVault(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	var state, snapshots atomic.Int64
	for range 1000 {
		state.Add(1)
		v.mark("state.json", func() ([]byte, error) {
			snapshots.Add(1)
			return fmt.Append(nil, state.Load()), nil
		})
	}
	if err = v.sync(); err != nil {
		t.Fatal(err)
	}
	if got, err := v.read("state.json"); err != nil || string(got) != "1000" {
		t.Errorf("the file holds %q: %v", got, err)
	}
	if n := snapshots.Load(); n > 500 {
		t.Errorf("1000 changes at once were written %d times", n)
	}
	if err = v.close(); err != nil {
		t.Error(err)
	}
}

func TestTheVaultTriesAgainWhatItCouldNotWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	var log bytes.Buffer
	v, err := openVault(dir, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if err = os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	v.mark("one.json", func() ([]byte, error) { return []byte("1"), nil })
	if err = v.sync(); err == nil || !strings.Contains(log.String(), "one.json") {
		t.Errorf("a missing directory gives %v and the log %q", err, &log)
	}
	if err = os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	v.mark("two.json", func() ([]byte, error) { return []byte("2"), nil })
	if err = v.close(); err != nil {
		t.Error(err)
	}
	for name, want := range map[string]string{"one.json": "1", "two.json": "2"} {
		if got, err := v.read(name); err != nil || string(got) != want {
			t.Errorf("%s holds %q: %v", name, got, err)
		}
	}
}

func TestNothingIsWrittenWithoutADirectory(t *testing.T) {
	v, err := openVault("", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	v.mark("state.json", func() ([]byte, error) { t.Error("a snapshot was taken"); return nil, nil })
	if err = v.sync(); err != nil {
		t.Error(err)
	}
	if err = v.close(); err != nil {
		t.Error(err)
	}
}
