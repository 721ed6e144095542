package portaudio

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestStartedAlone is what TestNothingIsPrintedAtStart runs in a process of its
// own.
func TestStartedAlone(t *testing.T) {
	if os.Getenv("TRING_START_ALONE") == "" {
		t.Skip("runs within TestNothingIsPrintedAtStart")
	}
	s := start(t)
	if _, err := s.Refresh(); err != nil {
		t.Error(err)
	}
}

func TestNothingIsPrintedAtStart(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^TestStartedAlone$")
	// The whole of ALSA's configuration, and no server: some hundred complaints.
	cmd.Env = append(os.Environ(), "TRING_START_ALONE=1", "ALSA_CONFIG_PATH=/usr/share/alsa/alsa.conf",
		"PULSE_SERVER=unix:"+filepath.Join(t.TempDir(), "none"))
	var errors bytes.Buffer
	cmd.Stderr = &errors
	if out, err := cmd.Output(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if errors.Len() > 0 {
		t.Errorf("the sound libraries printed %d lines, the first: %.200s", bytes.Count(errors.Bytes(), []byte("\n")), &errors)
	}
}
