package main

import (
	"log/slog"
	"os"
	"testing"
	"time"

	"tring/ui"
)

func TestTheLastEchoTestIsReadAgain(t *testing.T) {
	a := &app{log: slog.New(slog.DiscardHandler), places: newPlaces("default", t.TempDir())}
	if err := a.places.make(); err != nil {
		t.Fatal(err)
	}
	if r, known := a.lastTest(); known {
		t.Errorf("before any test: %v", r)
	}
	want := ui.EchoResult{At: time.Date(2026, 11, 17, 9, 1, 0, 0, time.UTC), Verdict: "All is well.", Delay: 62 * time.Millisecond, Input: "Headset", Output: "Speakers"}
	if err := a.keepTest(want); err != nil {
		t.Fatal(err)
	}
	if got, known := a.lastTest(); !known || got != want {
		t.Errorf("%v, %v; want %v", got, known, want)
	}
	if err := os.WriteFile(a.places.echoTestFile(), []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r, known := a.lastTest(); known {
		t.Errorf("from half a file: %v", r)
	}
}
