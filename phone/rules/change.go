package rules

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"tring/phone"
)

// Switch switches a rule of the file on or off; it is in force at once.
func (k *Keeper) Switch(name string, on bool) error {
	return k.change(func(text []byte) ([]byte, error) { return SetEnabled(text, name, on) })
}

// SilenceCaller adds a rule that silences one caller, or switches on the one
// that is there.
func (k *Keeper) SilenceCaller(who phone.Party) error {
	for _, r := range k.Book().Rules {
		if r.Name == silenceName(who) {
			return k.Switch(r.Name, true)
		}
	}
	return k.change(func(text []byte) ([]byte, error) { return AddSilence(text, who) })
}

// change edits the rules file. What would come out is read first: a file that
// would be refused is never written, and neither is one that is spoilt already.
func (k *Keeper) change(edit func([]byte) ([]byte, error)) error {
	k.changing.Lock()
	defer k.changing.Unlock()
	text, err := os.ReadFile(k.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err == nil {
		if _, err := Parse(text, filepath.Dir(k.path)); err != nil {
			return fmt.Errorf("mend %s first: %w", filepath.Base(k.path), err)
		}
	}
	changed, err := edit(text)
	if err != nil {
		return err
	}
	if _, err := Parse(changed, filepath.Dir(k.path)); err != nil {
		return fmt.Errorf("%s is written in a way that cannot be edited from here (%w); use an editor", filepath.Base(k.path), err)
	}
	if err := replace(k.path, changed); err != nil {
		return err
	}
	return k.Reload()
}

// replace puts a new file in the place of one, in one step, with its rights; a
// link stays a link.
func replace(path string, text []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	mode := fs.FileMode(0o600)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	} else if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	next := path + ".new"
	if err := os.WriteFile(next, text, mode); err != nil {
		return err
	}
	return os.Rename(next, path)
}
