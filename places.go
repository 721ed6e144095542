package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/adrg/xdg"
)

// Places are the files of one profile. Directories are 0700 and files 0600.
type Places struct {
	Config  string // directory of config.toml and rules.toml
	Data    string // links, call log, recordings and lock of this profile
	State   string // log
	Runtime string // socket
}

// newPlaces finds the directories of a profile by the XDG rules. A root other
// than "" puts everything below it, for the demo and for tests.
func newPlaces(profile, root string) Places {
	if root != "" {
		return Places{
			Config: filepath.Join(root, "config"), Data: filepath.Join(root, "data", profile),
			State: filepath.Join(root, "state"), Runtime: filepath.Join(root, "run"),
		}
	}
	return Places{
		Config:  filepath.Join(xdg.ConfigHome, "tring"),
		Data:    filepath.Join(xdg.DataHome, "tring", profile),
		State:   filepath.Join(xdg.StateHome, "tring"),
		Runtime: filepath.Join(xdg.RuntimeDir, "tring"),
	}
}

// ConfigFile is what the user sets; profiles share it.
func (p Places) ConfigFile() string { return filepath.Join(p.Config, "config.toml") }

// RulesFile says what happens to calls that come in; profiles share it.
func (p Places) RulesFile() string { return filepath.Join(p.Config, "rules.toml") }

// CallLog is the database of calls, events and people.
func (p Places) CallLog() string { return filepath.Join(p.Data, "calls.db") }

// Recordings is the directory of recorded calls, unless the configuration names
// another.
func (p Places) Recordings() string { return filepath.Join(p.Data, "recordings") }

// Gatekeeper remembers what the rules count, such as texts per day.
func (p Places) Gatekeeper() string { return filepath.Join(p.Data, "gatekeeper.json") }

// LogFile is the program's log; all profiles write to it.
func (p Places) LogFile() string { return filepath.Join(p.State, "tring.log") }

// CallReport is what the last call of the doctor's showed.
func (p Places) CallReport() string { return filepath.Join(p.State, "doctor-call.txt") }

// Line is the directory of one line's links and keys.
func (p Places) Line(name string) string { return filepath.Join(p.Data, "lines", name) }

// Socket is the control socket of a running instance of the profile.
func (p Places) Socket() string {
	return filepath.Join(p.Runtime, filepath.Base(p.Data)+".sock")
}

// Webhook remembers what was delivered to a URL. The name hides the URL, which
// may hold a secret, and stays the same when the configuration is reordered.
func (p Places) Webhook(url string) string {
	sum := sha256.Sum256([]byte(url))
	return filepath.Join(p.Data, fmt.Sprintf("webhook-%x.json", sum[:6]))
}

// Lock is held by the one running instance of the profile. It lies beside the
// keys that it protects: another session has another runtime directory.
func (p Places) Lock() string { return filepath.Join(p.Data, "lock") }

// make creates what is missing and refuses what others could read: the link of
// an account is as good as the account.
func (p Places) make() error {
	for _, dir := range []string{p.Data, p.State, p.Runtime, p.Recordings()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		if err := private(dir); err != nil {
			return err
		}
	}
	return nil
}

// private refuses a file or directory that others may read or write.
func private(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fmt.Errorf("%s can be read by others (%#o); run: chmod %s %s", path, mode, wantMode(info.Mode()), path)
	}
	return nil
}

func wantMode(m fs.FileMode) string {
	if m.IsDir() {
		return "700"
	}
	return "600"
}
