//go:build linux

package portaudio

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"tring/audio/audiotest"
)

func TestTheProgramHurriesWhileADeviceIsOpen(t *testing.T) {
	audiotest.StartSoundServer(t)
	s := start(t)
	if n := hurrying(t); n != 0 {
		t.Fatalf("%d threads hurry without a device", n)
	}
	d := open(t, s, "a_microphone", "a_speaker", nil)
	if n := hurrying(t); (n > 4) != mayHurry() { // each stream has two threads; Go's are the others
		t.Errorf("%d threads hurry", n)
	}
	d.Close()
	if n := hurrying(t); n != 0 {
		t.Errorf("%d threads still hurry", n)
	}
}

// Whoever asks for short turns gets them soon; that needs no right, but a Linux
// of 6.12 or later, which answers a question with what is in force.
func TestThreadsAskForShortTurnsWhileADeviceIsOpen(t *testing.T) {
	audiotest.StartSoundServer(t)
	s := start(t)
	usual := turn(t)
	d := open(t, s, "a_microphone", "a_speaker", nil)
	if got := turn(t); got != shortTurn && got != 0 {
		t.Errorf("with a device open a turn is %v", got)
	}
	d.Close()
	if got := turn(t); got != usual {
		t.Errorf("a turn was %v and is %v", usual, got)
	}
}

func TestThreadsWithAPolicyOfTheirOwnKeepIt(t *testing.T) {
	runtime.LockOSThread() // and never unlocked: the thread ends with the test
	thread := unix.Gettid()
	if err := unix.SchedSetAttr(thread, &unix.SchedAttr{Policy: unix.SCHED_BATCH}, 0); err != nil {
		t.Fatal(err)
	}
	audiotest.StartSoundServer(t)
	d := open(t, start(t), "a_microphone", "a_speaker", nil)
	defer d.Close()
	if attr, err := unix.SchedGetAttr(thread, 0); err != nil || attr.Policy != unix.SCHED_BATCH {
		t.Errorf("with a device open the policy is %+v, %v", attr, err)
	}
}

// turn is that of the program's first thread, 0 where Linux does not know.
func turn(t *testing.T) time.Duration {
	t.Helper()
	attr, err := unix.SchedGetAttr(os.Getpid(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(attr.Runtime)
}

// mayHurry tries on a thread of its own whether this user may.
func mayHurry() bool {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if syscall.Setpriority(syscall.PRIO_PROCESS, 0, -11) != nil {
		return false
	}
	syscall.Setpriority(syscall.PRIO_PROCESS, 0, 0)
	return true
}

// hurrying counts this process's threads that go before others.
func hurrying(t *testing.T) (n int) {
	t.Helper()
	files, err := filepath.Glob("/proc/self/task/*/stat")
	if err != nil || len(files) == 0 {
		t.Fatal("no threads", err)
	}
	for _, file := range files {
		text, _ := os.ReadFile(file) // a thread may end meanwhile
		_, fields, _ := strings.Cut(string(text), ") ")
		words := strings.Fields(fields)
		if len(words) > 16 {
			if nice, err := strconv.Atoi(words[16]); err == nil && nice < 0 {
				n++
			}
		}
	}
	return n
}
