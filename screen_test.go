//go:build linux

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
)

// The main job, end to end, as a person does it: a terminal in tmux, real sound
// devices, real Opus, real encryption, the built-in network. A tone is spoken
// into the microphone; Echo sends it back and it is heard at the speaker.
func TestAPersonLinksCallsHearsAndIsCalled(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a program of its own, which the race detector does not see")
	}
	sound := audiotest.StartSoundServer(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	tone := make([]int16, audio.DeviceRate.N(time.Second))
	audiotest.Sine(1000, -14)(tone)
	sound.Say(ctx, "a_mouth", tone)
	s := startScreen(t, "demo", "--set", "calls.ringback=off", "--set", "sound.noise_suppression=false",
		"--set", "sound.auto_gain=false", "--set", "sound.echo_cancel=off")

	s.sees("built-in handset")
	s.press("s")
	s.sees("Contacts")
	s.sees("Echo")

	s.press("o")
	s.sees("echo test")
	s.shows(`default.*━━━`) // the microphone hears the tone before any call

	s.within(customerWaits+15*time.Second, `A customer.*answer within`) // the shop's, once the owner has looked around
	s.press("F2")
	s.sees("IN CALL")
	s.sees("decrypted at Meta")
	hears(t, sound, customerHz)
	s.shows(`00:0[2-9]`) // right after an answer the end key is dead, lest a double press ends the call
	s.press("M-e")
	s.sees("The call ended.")
	s.press("Escape")
	s.sees("Recents")

	s.write("+15550100201")
	s.press("Enter")
	s.sees("IN CALL")
	s.sees("MIC ON")
	hears(t, sound, 1000)

	s.press("m")
	s.sees("MUTED")
	hears(t, sound, 0)
	s.press("m")
	s.sees("MIC ON")
	hears(t, sound, 1000)
	s.press("h")
	s.sees("ON HOLD")
	s.press("h")
	s.sees("MIC ON")
	s.press("e")
	s.sees("The call ended.")
	s.press("Escape")
	s.sees("Recents")

	s.write("+15550100210") // rings back
	s.press("Enter")
	s.sees("IN CALL")
	s.press("e")
	s.sees("The call ended.")
	s.sees("answer") // it rings
	s.press("F2")
	s.sees("IN CALL")
	hears(t, sound, 1000)
	s.shows(`00:0[2-9]`) // right after an answer the end key is dead, lest a double press ends the call
	s.press("M-e")
	s.sees("The call ended.")
	s.press("Escape")
	s.sees("Recents")

	s.write("+15550100210")
	s.press("Enter")
	s.sees("IN CALL")
	s.shows(`00:0[2-9]`)
	s.press("M-e")
	s.sees("answer")
	s.shows(`ringing 00:0[2-9]`) // a call that comes in listens to letters after 0.7 s without any
	s.press("t")
	s.sees("I will call you back.")
	s.press("1")
	s.sees("declined") // the lists were there behind the call: nothing to leave
	s.sees("Recents")
	s.press("l")
	s.sees("call log")
	for _, row := range []string{`in\s+~A customer`, `declined\s+Calls you`, `in\s+Calls you`, `out\s+Calls you`, `out\s+Echo`} {
		s.shows(row)
	}
	s.press("Escape")
	s.sees("Recents")
	s.press("q")
	s.sees("ended with code 0")
}

// hears wants a tone of so many hertz, or silence for 0, at the speaker.
func hears(t *testing.T, sound *audiotest.SoundServer, hz float64) {
	t.Helper()
	var heard audiotest.Tone
	for range 20 {
		pcm := sound.Listen(500 * time.Millisecond)[audiotest.SpeakerA]
		heard = audiotest.FindTone(pcm, audio.DeviceRate)
		silent := heard.Level < -60
		if hz == 0 && silent || hz != 0 && !silent && heard.Hz > hz-5 && heard.Hz < hz+5 {
			t.Logf("%.0f Hz wanted: %.1f Hz at %.1f dBFS heard", hz, heard.Hz, heard.Level)
			return
		}
	}
	t.Fatalf("%.0f Hz wanted at the speaker (0 is silence); %.1f Hz at %.1f dBFS heard", hz, heard.Hz, heard.Level)
}

// screen is the program in a terminal of tmux's.
type screen struct {
	t      testing.TB
	socket string
}

func startScreen(t testing.TB, words ...string) *screen {
	t.Helper()
	return startScreenIn(t, t.TempDir(), words...)
}

// startScreenIn is startScreen with a home of its own.
func startScreenIn(t testing.TB, home string, words ...string) *screen {
	t.Helper()
	program, err := buildTring()
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{t, filepath.Join(home, "tmux")}
	config := filepath.Join(home, "tmux.conf")
	if err := os.WriteFile(config, []byte("set -sg escape-time 0\nset -g status off\nset -g remain-on-exit on\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	line := "env -u TMUX HOME=" + home + " XDG_STATE_HOME=" + home + " XDG_CONFIG_HOME=" + home + " XDG_DATA_HOME=" + home +
		" XDG_RUNTIME_DIR=" + home + " TERM=xterm-256color " + program + " " + strings.Join(words, " ") + "; echo ended with code $?; cat"
	s.tmux("-f", config, "new-session", "-d", "-s", "s", "-x", "120", "-y", "40", line)
	t.Cleanup(func() { exec.Command("tmux", "-S", s.socket, "kill-server").Run() })
	return s
}

func (s *screen) tmux(words ...string) string {
	s.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", s.socket}, words...)...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("tmux %v: %v: %s", words, err, out)
	}
	return string(out)
}

func (s *screen) press(key string) {
	s.t.Helper()
	s.tmux("send-keys", "-t", "s", key)
}

func (s *screen) write(text string) {
	s.t.Helper()
	s.tmux("send-keys", "-t", "s", "-l", text)
}

func (s *screen) now() string {
	s.t.Helper()
	return s.tmux("capture-pane", "-p", "-t", "s")
}

// sees waits until words are on the screen.
func (s *screen) sees(words string) { s.t.Helper(); s.shows(regexp.QuoteMeta(words)) }

// shows waits until the screen matches a pattern.
func (s *screen) shows(pattern string) {
	s.t.Helper()
	s.within(15*time.Second, pattern)
}

// within is shows for what takes its time.
func (s *screen) within(patience time.Duration, pattern string) {
	s.t.Helper()
	want := regexp.MustCompile(pattern)
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if want.MatchString(s.now()) {
			return
		}
	}
	s.t.Fatalf("%q never came on the screen:\n%s", pattern, s.now())
}
