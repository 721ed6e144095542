//go:build unix

package audio_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"tring/audio"
)

func TestWhatNeverEndsIsNotPlayed(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, endless := range []string{pipe, "/dev/zero", dir} {
		if _, err := audio.OpenFile(endless, nil); err == nil || !strings.Contains(err.Error(), "is not a file") {
			t.Errorf("%s: %v", endless, err)
		}
	}
}
