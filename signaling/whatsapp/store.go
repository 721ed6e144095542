package whatsapp

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	_ "github.com/mattn/go-sqlite3" // the driver
	libsignal "go.mau.fi/libsignal/logger"
	"go.mau.fi/whatsmeow/proto/waCompanionReg"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/store/sqlstore"
	waLog "go.mau.fi/whatsmeow/util/log"
)

// pragmas of the store. Without foreign keys whatsmeow refuses to start;
// without a busy timeout and immediate transactions parallel handlers fail,
// and a device silently misses its call key.
const pragmas = "_foreign_keys=on&_busy_timeout=10000&_journal_mode=WAL&_txlock=immediate&_synchronous=NORMAL"

// openStore opens, or creates, the store of a line. It holds the keys of the
// account: the file is readable by its owner alone, or refused.
func openStore(ctx context.Context, dir, name string, log waLog.Logger) (*sqlstore.Container, error) {
	path := filepath.Join(dir, url.PathEscape(name)+".db")
	if err := guard(dir, path); err != nil {
		return nil, err
	}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + pragmas
	db, err := sql.Open("sqlite3", dsn)
	if err != nil {
		return nil, fmt.Errorf("open the store %s: %w", path, err)
	}
	c := sqlstore.NewWithDB(db, "sqlite3", log)
	if err := c.Upgrade(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("open the store %s: %w", path, err)
	}
	return c, nil
}

// guard makes the folder and the file, and refuses a file that others can
// read. SQLite gives its side files the mode of the main one.
func guard(dir, path string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of the store: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open the store: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("open the store: %w", err)
	}
	if wide := info.Mode().Perm() & 0o077; wide != 0 {
		return fmt.Errorf("others can read %s, which holds the keys of the account; run: chmod 600 %s", path, shellQuote(path))
	}
	return nil
}

func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// Clients are named as browsers: the server accepts no other display name for
// linking by code.
const displayName = "Chrome (Linux)"

var nameDevice = sync.OnceFunc(func() {
	var quiet libsignal.Loggable = silence{} // it prints on the terminal by default
	libsignal.Setup(&quiet)
	store.SetOSInfo("tring", [3]uint32{1, 0, 0})
	store.DeviceProps.PlatformType = waCompanionReg.DeviceProps_CHROME.Enum()
})

// silence is libsignal's logger: what matters comes back as an error.
type silence struct{}

func (silence) Debug(_, _ string)   {}
func (silence) Info(_, _ string)    {}
func (silence) Warning(_, _ string) {}
func (silence) Error(_, _ string)   {}
func (silence) Configure(string)    {}
