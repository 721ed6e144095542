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
