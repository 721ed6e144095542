package portaudio

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"tring/audio/audiotest"
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

// startAlone starts the sound system, without a server, in a process of its own
// and returns what that printed.
func startAlone(t *testing.T, configuration string) (errors bytes.Buffer) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestStartedAlone$")
	cmd.Env = append(os.Environ(), "TRING_START_ALONE=1", "ALSA_CONFIG_PATH="+configuration,
		"PULSE_SERVER=unix:"+filepath.Join(t.TempDir(), "none"))
	cmd.Stderr = &errors
	if out, err := cmd.Output(); err != nil {
		t.Errorf("%v: %s%s", err, out, &errors)
	}
	return errors
}

func TestNothingIsPrintedAtStart(t *testing.T) {
	// The whole of ALSA's configuration makes some hundred complaints.
	errors := startAlone(t, "/usr/share/alsa/alsa.conf")
	if errors.Len() > 0 {
		t.Errorf("the sound libraries printed %d lines, the first: %.200s", bytes.Count(errors.Bytes(), []byte("\n")), &errors)
	}
}

func TestNoConfigurationOfALSAEndsTheProgram(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "no device": "ctl.x { type hw card 0 }", "broken": "pcm {", "not a list": "pcm 5",
		"a device but no default": "pcm.x { type pulse }", "nonsense": "pcm.x 5\npcm.y { type nosuch }",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "asound.conf")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			startAlone(t, path)
		})
	}
	t.Run("missing", func(t *testing.T) { startAlone(t, filepath.Join(t.TempDir(), "none")) })
}

func TestWithoutAConfigurationOfALSATheSoundServerIsFound(t *testing.T) {
	server := audiotest.StartSoundServer(t)
	t.Setenv("ALSA_CONFIG_PATH", filepath.Join(server.Dir, "none"))
	d, err := start(t).Open(Config{Microphone: "a_microphone", Speaker: "a_speaker"})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if got := d.Info(); got.Input != "a_microphone" || got.Output != "a_speaker" {
		t.Errorf("%+v is open", got)
	}
}
