package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tring/audio/audiotest"
)

// output collects what a process prints.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// await waits for words.
func (o *output) await(t *testing.T, words string) {
	t.Helper()
	for range 600 {
		if strings.Contains(o.String(), words) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%q was not said:\n%s", words, o)
}

// Without the supervisor, too, nothing of the sound libraries reaches the
// terminal, even when the sound server dies in the middle of a call, and what
// this program says does.
func TestASoundServerThatDiesPrintsNothingBetweenTheLines(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a program of its own, which the race detector does not see")
	}
	server := audiotest.StartSoundServer(t)
	home := t.TempDir()
	cmd := exec.Command(tringProgram(t), "demo", "--plain", "--set", "outgoing.confirm_new_people=false")
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_STATE_HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_DATA_HOME="+home, "XDG_RUNTIME_DIR="+home)
	var said, complained output
	cmd.Stdout, cmd.Stderr = &said, &complained
	words, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	said.await(t, "personal: unlinked")
	io.WriteString(words, "scan\n")
	said.await(t, "personal: linked")
	io.WriteString(words, "call +15550100201\n")
	said.await(t, "talking")
	server.Stop()
	said.await(t, "stopped: silence until another is found")
	time.Sleep(time.Second) // PortAudio prints when its poll fails
	if text := complained.String(); text != "" {
		t.Errorf("on the standard error: %s", text)
	}
	log, err := os.ReadFile(filepath.Join(home, "tring", "tring.log"))
	if err != nil {
		t.Error(err)
	}
	t.Logf("%d lines of PortAudio's are in the log", bytes.Count(log, []byte("Expression")))
	server.Start()
	said.await(t, "is back")
}
