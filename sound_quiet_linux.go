package main

import (
	"os"
	"runtime/debug"
	"sync"

	"golang.org/x/sys/unix"
)

var hushed sync.Once

// hushOnce is hush the first time.
func hushOnce(logFile string) (err error) {
	hushed.Do(func() { err = hush(logFile) })
	return err
}

// hush sends what C libraries print on the standard error to the log:
// PortAudio has lines of its own when a sound server dies, in the middle of
// whatever is on the screen. What this program says there still gets there, a
// crash gets to both. Under a supervisor that has been done.
func hush(logFile string) error {
	if supervised {
		return nil
	}
	log, err := os.OpenFile(logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	ours, err := unix.FcntlInt(uintptr(unix.Stderr), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return err
	}
	terminal := os.NewFile(uintptr(ours), os.Stderr.Name())
	if err := unix.Dup3(int(log.Fd()), unix.Stderr, 0); err != nil {
		terminal.Close()
		return err
	}
	os.Stderr = terminal
	return debug.SetCrashOutput(terminal, debug.CrashOptions{})
}
