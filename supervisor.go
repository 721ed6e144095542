package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/term"
)

// childMark tells a process that a supervisor holds the terminal for it.
const childMark = "TRING_CHILD"

// supervised is whether this process is such a child.
var supervised = takeMark()

// takeMark reads the mark and removes it: what this process starts, a hook that
// runs `tring` say, is no such child.
func takeMark() bool {
	mark := os.Getenv(childMark)
	os.Unsetenv(childMark)
	return mark != ""
}

// resetTerminal leaves every mode that the screen may have switched on:
// kitty keyboard, mouse reports, focus reports, bracketed paste, alternate
// screen, synchronised output, hidden cursor, colours of text and of the
// terminal itself.
const resetTerminal = "\x1b[<u\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2026l\x1b[?1049l\x1b[?25h\x1b[0m\x1b]110\x1b\\\x1b]111\x1b\\"

// supervise runs this program once more as the child that owns the screen and
// waits for it. It knows the terminal's state from before, so that whatever
// ends the child (a panic in any goroutine, a crash in C, a signal) leaves a
// sane terminal and a sentence. The child's standard error goes to the log
// file: sound libraries print there from their own threads.
func supervise(logFile string) (int, error) {
	before, err := term.GetState(int(os.Stdin.Fd()))
	if err != nil {
		return 1, fmt.Errorf("the terminal's state cannot be read: %w", err)
	}
	stderr, err := os.OpenFile(logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return 1, fmt.Errorf("the log file cannot be opened: %w", err)
	}
	defer stderr.Close()
	child := exec.Command(selfPath(), os.Args[1:]...)
	child.Env = append(os.Environ(), childMark+"=1")
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, stderr
	dieWithParent(child)
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	runtime.LockOSThread() // the parent-death signal belongs to the thread that starts the child
	defer runtime.UnlockOSThread()
	if err := child.Start(); err != nil {
		return 1, err
	}
	done := make(chan struct{})
	go forward(signals, child.Process, done)
	err = child.Wait()
	close(done)
	return afterChild(err, before, logFile)
}

// selfPath is the program's own file; /proc also finds it after an upgrade
// replaced it.
func selfPath() string {
	if path, err := os.Executable(); err == nil {
		return strings.TrimSuffix(path, " (deleted)")
	}
	return os.Args[0]
}

// forward passes signals on to the child, which ends its calls and leaves.
// Ctrl-C from the keyboard reaches the child by itself.
func forward(signals <-chan os.Signal, child *os.Process, done <-chan struct{}) {
	for {
		select {
		case s := <-signals:
			if s != os.Interrupt {
				child.Signal(s)
			}
		case <-done:
			return
		}
	}
}

// afterChild restores the terminal when the child did not do it and says what
// happened.
func afterChild(err error, before *term.State, logFile string) (int, error) {
	var exit *exec.ExitError
	if err == nil {
		return 0, nil
	}
	if !errors.As(err, &exit) {
		return 1, err
	}
	status, _ := exit.Sys().(syscall.WaitStatus)
	if exit.ExitCode() == childUsage {
		return exitUsage, nil
	}
	if crashed := status.Signaled() || exit.ExitCode() == goCrash; !crashed {
		return exit.ExitCode(), nil
	}
	restoreTerminal(before)
	return 1, fmt.Errorf("tring stopped unexpectedly (%s). The terminal has been restored; what happened is in %s", describe(status), logFile)
}

// goCrash is the exit code of a Go program after a panic or a crash in C. A
// child that ends for wrong usage, which is 2 as well, says childUsage instead.
const (
	goCrash    = 2
	childUsage = 102
)

func describe(status syscall.WaitStatus) string {
	if status.Signaled() {
		return status.Signal().String()
	}
	return "crash"
}

func restoreTerminal(before *term.State) {
	os.Stdout.WriteString(resetTerminal)
	term.Restore(int(os.Stdin.Fd()), before)
}
