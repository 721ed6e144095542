package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"

	"tring/audio"
	"tring/ui"
)

// EchoTests is where the results of echo tests are kept.
func (p Places) EchoTests() string { return filepath.Join(p.Data, "echo-tests.json") }

// echoTests is a file of what echo tests measured, the newest first and one for
// each pair of devices.
type echoTests struct {
	path string
	log  *slog.Logger
}

func (a *app) echoTests() echoTests { return echoTests{a.places.EchoTests(), a.log} }

// maxEchoTests bounds the file: nobody has more pairs of devices in use.
const maxEchoTests = 32

// all are the results. A file that cannot be read is as good as none.
func (e echoTests) all() []audio.EchoResult {
	var results []audio.EchoResult
	text, err := os.ReadFile(e.path)
	if err == nil {
		err = json.Unmarshal(text, &results)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		e.log.Warn("the results of echo tests cannot be read", "err", err)
	}
	return results
}

// of is what the latest test of a pair of devices measured.
func (e echoTests) of(input, output string) (audio.EchoResult, bool) {
	for _, r := range e.all() {
		if r.Input == input && r.Output == output {
			return r, true
		}
	}
	return audio.EchoResult{}, false
}

// keep adds a result in place of what is known of its devices. It writes beside
// the file first, so that a crash leaves the old one or the new one.
func (e echoTests) keep(r audio.EchoResult) {
	if r.Input == "" || r.Output == "" {
		return // nothing was tested
	}
	others := slices.DeleteFunc(e.all(), func(o audio.EchoResult) bool { return o.Input == r.Input && o.Output == r.Output })
	results := append([]audio.EchoResult{r}, others...)
	text, err := json.MarshalIndent(results[:min(len(results), maxEchoTests)], "", "  ")
	if err == nil {
		err = os.WriteFile(e.path+".new", text, 0o600)
	}
	if err == nil {
		err = os.Rename(e.path+".new", e.path)
	}
	if err != nil {
		e.log.Warn("the result of the echo test cannot be kept", "err", err)
	}
}

// lastTest is the latest result, for the settings.
func (a *app) lastTest() (ui.EchoResult, bool) {
	results := a.echoTests().all()
	if len(results) == 0 {
		return ui.EchoResult{}, false
	}
	r := results[0]
	return ui.EchoResult{At: r.When, Verdict: r.Verdict(), Delay: r.Delay, Input: r.Input, Output: r.Output}, true
}
