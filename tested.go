package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"tring/ui"
)

// echoTestFile is where the result of the last echo test is kept, for the
// settings of the next run.
func (p Places) echoTestFile() string { return filepath.Join(p.Data, "echo-test.json") }

// lastTest is what the last echo test found, if there was one. A file that
// cannot be read is as good as none.
func (a *app) lastTest() (ui.EchoResult, bool) {
	var r ui.EchoResult
	text, err := os.ReadFile(a.places.echoTestFile())
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		a.log.Warn("the last echo test could not be read", "err", err)
	}
	return r, err == nil
}

// keepTest writes the result beside its place first, so that a crash leaves the
// old one or the new one.
func (a *app) keepTest(r ui.EchoResult) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	path := a.places.echoTestFile()
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
