package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/zalando/go-keyring"
)

// The secrets of a business line.
const (
	secretToken  = "token"
	secretApp    = "app-secret"
	secretVerify = "verify-token"
)

const keyringService = "tring"

func (a *app) secretName(line, name string) string { return a.cfg.Profile + "/" + line + "/" + name }

func (a *app) secretFile(line, name string) string {
	return filepath.Join(a.places.Line(line), name)
}

// lineSecret reads a secret of a line: from the system's keyring, else from a
// file that only its owner can read.
func (a *app) lineSecret(line, name string) (string, error) {
	if value, err := keyring.Get(keyringService, a.secretName(line, name)); err == nil {
		return value, nil
	}
	path := a.secretFile(line, name)
	if err := private(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("the %s of line %s is not known; run `tring line add business %s`", name, line, line)
		}
		return "", err
	}
	data, err := os.ReadFile(path)
	return strings.TrimSpace(string(data)), err
}

// keepSecret stores a secret and says where, because a file deserves a warning.
func (a *app) keepSecret(line, name, value string) (where string, err error) {
	if err := keyring.Set(keyringService, a.secretName(line, name), value); err == nil {
		return "the system's keyring", nil
	}
	path := a.secretFile(line, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	return "the file " + path + " (no keyring here), readable by you alone", os.WriteFile(path, []byte(value+"\n"), 0o600)
}
