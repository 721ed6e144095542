package audiotest

import (
	_ "embed"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

//go:embed soundserver.sh
var soundServerScript string

// SoundServer is a private PulseAudio with the wires of two phones, a and b:
// what is played to the sink a_mouth is heard by the source a_microphone, what
// is played to a_speaker by a_ear.
type SoundServer struct {
	Dir string
	t   testing.TB
	cmd *exec.Cmd
}

// StartSoundServer starts a server, points this process's environment at it,
// and stops it when the test ends. It skips the test, saying so, where
// PulseAudio is not installed.
func StartSoundServer(t testing.TB) *SoundServer {
	t.Helper()
	for _, tool := range []string{"pulseaudio", "pactl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("no private sound server: %v", err)
		}
	}
	dir, err := os.MkdirTemp("", "tring-sound-") // t.TempDir is too long for a socket's name
	if err != nil {
		t.Fatal(err)
	}
	s := &SoundServer{Dir: dir, t: t}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s.Start()
	t.Cleanup(s.Stop)
	t.Setenv("PULSE_SERVER", "unix:"+filepath.Join(dir, "native"))
	t.Setenv("ALSA_CONFIG_PATH", filepath.Join(dir, "asound.conf"))
	for _, key := range []string{"PULSE_SINK", "PULSE_SOURCE"} {
		t.Setenv(key, "") // so that it is put back
		os.Unsetenv(key)
	}
	return s
}

// Start starts the server, again after Stop.
func (s *SoundServer) Start() {
	s.t.Helper()
	s.cmd = exec.Command("sh", "-c", soundServerScript, "soundserver.sh", "serve", s.Dir)
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); ; {
		if s.ready() {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("PulseAudio did not start: %s", s.log())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (s *SoundServer) ready() bool {
	socket := filepath.Join(s.Dir, "native")
	if conn, err := net.Dial("unix", socket); err != nil {
		return false
	} else {
		conn.Close()
	}
	out, err := s.pactl("info")
	return err == nil && strings.Contains(out, "a_microphone")
}

func (s *SoundServer) log() string {
	text, _ := os.ReadFile(filepath.Join(s.Dir, "server.log"))
	return string(text)
}

// Stop kills the server, as if it had crashed.
func (s *SoundServer) Stop() {
	s.cmd.Process.Kill()
	s.cmd.Wait()
}

func (s *SoundServer) pactl(args ...string) (string, error) {
	cmd := exec.Command("pactl", args...)
	cmd.Env = append(os.Environ(), "PULSE_SERVER=unix:"+filepath.Join(s.Dir, "native"))
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// Control runs pactl against the server and returns what it prints.
func (s *SoundServer) Control(args ...string) string {
	s.t.Helper()
	out, err := s.pactl(args...)
	if err != nil {
		s.t.Fatalf("pactl %v: %v: %s", args, err, out)
	}
	return strings.TrimSpace(out)
}

// Signal sends the server a signal: SIGSTOP makes it hang.
func (s *SoundServer) Signal(sig os.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}
