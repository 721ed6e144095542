package portaudio

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// withoutServer leaves ALSA alone with devices that take everything at once,
// and no sound server.
func withoutServer(t *testing.T, configuration string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "asound.conf")
	if err := os.WriteFile(path, []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("ALSA_CONFIG_PATH", path)
	t.Setenv("PULSE_SERVER", "unix:"+filepath.Join(t.TempDir(), "none"))
}

const nothing = `
pcm.card { type null }
pcm.!default { type null }
`

func TestWithoutASoundServerALSAIsUsed(t *testing.T) {
	withoutServer(t, nothing)
	s := start(t)
	for _, kind := range []Kind{Microphone, Speaker} {
		if p, ok := Best(s.Ports(), kind, "card"); !ok || p.HostAPI != "ALSA" || p.Name != "card" {
			t.Errorf("the best %v is %+v of %+v", kind, p, s.Ports())
		}
	}
	said := make(reports, 10)
	d, err := s.Open(Config{Microphone: "card", Speaker: "ALSA: default", Report: said.tell})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	carry(t, d)
	if got := d.Info(); got.HostAPI != "ALSA" || got.Input != "card" || got.Output != "default" {
		t.Errorf("%+v is open", got)
	}
	// PortAudio freezes its list when it is initialised, so looking for devices
	// closes it under the open ones.
	before := s.Ports()
	after, err := s.Refresh()
	if err != nil || !slices.EqualFunc(before, after, func(a, b Port) bool { return a.ID == b.ID && a.Kind == b.Kind }) {
		t.Errorf("after a refresh, %v: %+v, before it %+v", err, after, before)
	}
	carry(t, d)
	if len(said) > 0 {
		t.Errorf("a refresh was told: %v", <-said)
	}
}

// carry reads and writes for a while. What such a microphone gives is whatever
// was in memory.
func carry(t *testing.T, d *Device) {
	t.Helper()
	in, out := make([]int16, 480), make([]int16, 480)
	for range 20 {
		if n, err := d.Read(in); n != len(in) || err != nil {
			t.Fatalf("read %d samples, %v", n, err)
		}
		if _, err := d.Write(out); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADeviceThatInsistsOnMoreChannelsOpens(t *testing.T) {
	withoutServer(t, `
pcm.!default { type null }
pcm.four {
	type multi
	slaves.a { pcm { type null } channels 4 }
	bindings { 0 { slave a channel 0 } 1 { slave a channel 1 } 2 { slave a channel 2 } 3 { slave a channel 3 } }
}
`)
	d, err := start(t).Open(Config{Microphone: "four", Speaker: "four"})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if got := d.Info(); got.Input != "four" || got.Output != "four" {
		t.Errorf("%+v is open", got)
	}
	carry(t, d)
}

func TestAConfigurationThatLosesItsDeviceFindsTheOther(t *testing.T) {
	withoutServer(t, nothing)
	s := start(t)
	said := make(reports, 10)
	d, err := s.Open(Config{Microphone: "card", Speaker: "card", Report: said.tell})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	path := os.Getenv("ALSA_CONFIG_PATH")
	if err := os.WriteFile(path, []byte("pcm.!default { type null }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Second) // so that ALSA sees that the file changed
	if err := os.Chtimes(path, later, later); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Refresh(); err != nil {
		t.Fatal(err)
	}
	report, _ := said.await(t, Replaced, Microphone, 5*time.Second)
	if report.Was != "card" || report.Title != "default" {
		t.Errorf("%+v", report)
	}
	carry(t, d)
}
