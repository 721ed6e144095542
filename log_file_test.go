package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAPhonesLogStaysWhereItIsWhenACommandMovesItsTextAside has a phone and a
// command write to one file, as a phone in the background and cron do.
func TestAPhonesLogStaysWhereItIsWhenACommandMovesItsTextAside(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tring.log")
	phone, err := openLog(path, "info")
	if err != nil {
		t.Fatal(err)
	}
	phone.Info("the phone began")
	if err := os.Truncate(path, maxLogSize+1); err != nil {
		t.Fatal(err)
	}
	command, err := openLog(path, "info")
	if err != nil {
		t.Fatal(err)
	}
	command.Info("the command was here")
	phone.Info("the phone goes on")
	now, before := readText(t, path), readText(t, path+".1")
	if strings.Contains(now, "began") || !strings.Contains(now, "command was here") || !strings.Contains(now, "goes on") {
		t.Errorf("the log is %.500q", now)
	}
	if !strings.Contains(before, "began") || strings.Contains(before, "goes on") || len(before) != maxLogSize+1 {
		t.Errorf("%d bytes were moved aside: %.500q", len(before), before)
	}
}

func TestTheLogOfAPhoneThatRunsForMonthsStaysBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tring.log")
	l, err := openLogFile(path)
	if err != nil {
		t.Fatal(err)
	}
	l.most = 1000
	line := strings.Repeat("x", 99) + "\n"
	for range 200 {
		if _, err := l.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{path, path + ".1"} {
		if n := len(readText(t, name)); n == 0 || n > 1200 {
			t.Errorf("%s has %d bytes", filepath.Base(name), n)
		}
	}
}

func TestALogThatCannotBeMovedAsideIsStillWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tring.log")
	l, err := openLogFile(path)
	if err != nil {
		t.Fatal(err)
	}
	l.most = 10
	if err := os.Mkdir(path+".new", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".new/in the way", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := l.Write([]byte("a line of the log\n")); err != nil {
			t.Fatal(err)
		}
	}
	if got := readText(t, path); strings.Count(got, "a line") != 3 {
		t.Errorf("the log is %q", got)
	}
}

func readText(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
