package main

import (
	"log/slog"
	"os"
	"testing"
	"time"

	"tring/audio"
)

func TestEchoTestsAreKeptForEachPairOfDevices(t *testing.T) {
	a := &app{log: slog.New(slog.DiscardHandler), places: newPlaces("default", t.TempDir())}
	if err := a.places.make(); err != nil {
		t.Fatal(err)
	}
	tests := a.echoTests()
	if r, known := a.lastTest(); known {
		t.Errorf("before any test: %v", r)
	}
	result := func(output string, delay time.Duration) audio.EchoResult {
		return audio.EchoResult{
			When: time.Date(2026, 11, 17, 9, 1, 0, 0, time.UTC), Input: "Webcam", Output: output,
			Echo: true, Delay: delay, Loss: 12, Noise: -60, Voice: -20, Peak: -8,
		}
	}
	for _, r := range []audio.EchoResult{result("Laptop", 62*time.Millisecond), result("Television", 250*time.Millisecond), result("Laptop", 70*time.Millisecond), {}} {
		tests.keep(r)
	}
	if r, known := tests.of("Webcam", "Laptop"); !known || r != result("Laptop", 70*time.Millisecond) {
		t.Errorf("of the laptop: %+v", r)
	}
	if r, known := tests.of("Webcam", "Television"); !known || r.Delay != 250*time.Millisecond {
		t.Errorf("of the television: %+v", r)
	}
	if r, known := tests.of("Webcam", "Headset"); known {
		t.Errorf("of an untested headset: %+v", r)
	}
	if last, known := a.lastTest(); !known || last.Delay != 70*time.Millisecond || last.Output != "Laptop" || last.Verdict == "" {
		t.Errorf("the last one is %+v", last)
	}
	if n := len(tests.all()); n != 2 {
		t.Errorf("%d results are kept", n)
	}
	if err := private(a.places.EchoTests()); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(a.places.EchoTests(), []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r, known := a.lastTest(); known {
		t.Errorf("from half a file: %v", r)
	}
	tests.keep(result("Laptop", time.Millisecond))
	if n := len(tests.all()); n != 1 {
		t.Errorf("after a broken file %d results are kept", n)
	}
}

func TestNoMoreEchoTestsAreKeptThanAnybodyNeeds(t *testing.T) {
	a := &app{log: slog.New(slog.DiscardHandler), places: newPlaces("default", t.TempDir())}
	if err := a.places.make(); err != nil {
		t.Fatal(err)
	}
	for i := range maxEchoTests + 5 {
		a.echoTests().keep(audio.EchoResult{Input: "Webcam", Output: string(rune('A' + i))})
	}
	if n := len(a.echoTests().all()); n != maxEchoTests {
		t.Errorf("%d are kept", n)
	}
}
