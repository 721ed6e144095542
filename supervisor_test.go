//go:build linux

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// However the program ends, the terminal is as it was before and, after a
// crash, a sentence says what happened and where the log is.
func TestTheTerminalIsSaneAfter(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a program of its own, which the race detector does not see")
	}
	tests := []struct {
		name   string
		signal syscall.Signal // to the child that owns the screen
		crash  bool
	}{
		{"SIGKILL", syscall.SIGKILL, true},
		{"SIGSEGV, as a crash in C", syscall.SIGSEGV, true},
		{"SIGABRT, as a failed assertion in C", syscall.SIGABRT, true},
		{"SIGQUIT, which ends like a panic in any goroutine", syscall.SIGQUIT, true},
		{"SIGHUP", syscall.SIGHUP, false},
		{"SIGTERM", syscall.SIGTERM, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := startInTerminal(t, "demo", "--set", "sound.silent=true")
			d.await(t, "Linked devices")
			if before, now := d.before, d.state(t); *before == *now {
				t.Fatal("the screen did not change the terminal; the test would prove nothing")
			}
			if err := syscall.Kill(d.child(t), tt.signal); err != nil {
				t.Fatal(err)
			}
			d.wait(t)
			if *d.before != *d.state(t) {
				t.Error("the terminal is still raw")
			}
			screen := d.output()
			for on, off := range map[string]string{"\x1b[?1049h": "\x1b[?1049l", "\x1b[?25l": "\x1b[?25h", "\x1b[?2004h": "\x1b[?2004l"} {
				if strings.LastIndex(screen, on) > strings.LastIndex(screen, off) {
					t.Errorf("%q was never taken back", on)
				}
			}
			said := strings.Contains(screen, "stopped unexpectedly") && strings.Contains(screen, "tring.log")
			if said != tt.crash {
				t.Errorf("said what happened: %v, want %v; the end of the screen: %q", said, tt.crash, screen[max(0, len(screen)-300):])
			}
		})
	}
}

// inTerminal is the program in a pseudo-terminal of its own.
type inTerminal struct {
	cmd    *exec.Cmd
	slave  *os.File
	before *term.State
	ended  chan error
	home   string

	mu  sync.Mutex
	out bytes.Buffer
}

func startInTerminal(t *testing.T, words ...string) *inTerminal {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close(); slave.Close() })
	if err := pty.Setsize(master, &pty.Winsize{Rows: 40, Cols: 120}); err != nil {
		t.Fatal(err)
	}
	before, err := term.GetState(int(slave.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	d := &inTerminal{slave: slave, before: before, ended: make(chan error, 1)}
	d.cmd = exec.Command(tringProgram(t), words...)
	home := t.TempDir()
	d.home = home
	left, err := sharedDir("tring-left-") // what a killed demo leaves; a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	d.cmd.Env = append(os.Environ(), "TERM=xterm-256color", "HOME="+home, "XDG_STATE_HOME="+home, "XDG_CONFIG_HOME="+home,
		"XDG_DATA_HOME="+home, "XDG_RUNTIME_DIR="+home, "TMPDIR="+left)
	d.cmd.Stdin, d.cmd.Stdout, d.cmd.Stderr = slave, slave, slave
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go d.read(master)
	ended := make(chan struct{})
	go func() {
		d.ended <- d.cmd.Wait()
		close(ended)
	}()
	t.Cleanup(func() {
		syscall.Kill(-d.cmd.Process.Pid, syscall.SIGKILL) // the child as well: it must not write to home any more
		<-ended
	})
	return d
}

func (d *inTerminal) read(master *os.File) {
	buf := make([]byte, 4096)
	for {
		n, err := master.Read(buf)
		d.mu.Lock()
		d.out.Write(buf[:n])
		d.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (d *inTerminal) output() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.out.String()
}

func (d *inTerminal) state(t *testing.T) *term.State {
	t.Helper()
	s, err := term.GetState(int(d.slave.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (d *inTerminal) await(t *testing.T, text string) {
	t.Helper()
	for range 400 {
		if strings.Contains(d.output(), text) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%q never came on screen: %q", text, d.output())
}

func (d *inTerminal) wait(t *testing.T) {
	t.Helper()
	select {
	case <-d.ended:
	case <-time.After(20 * time.Second):
		syscall.Kill(d.child(t), syscall.SIGQUIT)
		<-d.ended
		t.Fatalf("the program did not end; this is what it was at:\n%s", d.log())
	}
	// A terminal is read in order: when this comes, all that was before it has come.
	const last = "the test's own last words"
	if _, err := d.slave.WriteString(last); err != nil {
		t.Fatal(err)
	}
	d.await(t, last)
}

// log is what the program wrote to its log file: with goroutines, if it crashed.
func (d *inTerminal) log() (all string) {
	filepath.WalkDir(d.home, func(path string, _ fs.DirEntry, _ error) error {
		if filepath.Base(path) == "tring.log" {
			data, _ := os.ReadFile(path)
			all += string(data)
		}
		return nil
	})
	return all
}

// child is the process that the supervisor started.
func (d *inTerminal) child(t *testing.T) int {
	t.Helper()
	pid := d.cmd.Process.Pid
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, task := range tasks {
		data, _ := os.ReadFile(task)
		for _, word := range strings.Fields(string(data)) {
			child, err := strconv.Atoi(word)
			if err == nil {
				return child
			}
		}
	}
	t.Fatalf("process %d has no child", pid)
	return 0
}

// tringProgram builds the program once for the tests that need its own file.
var buildTring = sync.OnceValues(func() (string, error) {
	dir, err := sharedDir("tring-build-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "tring")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func tringProgram(t *testing.T) string {
	t.Helper()
	path, err := buildTring()
	if err != nil {
		t.Fatal(err)
	}
	return path
}
