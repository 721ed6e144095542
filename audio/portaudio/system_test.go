package portaudio

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
)

func TestTheSoundServersPortsAreListedByTheirRealNames(t *testing.T) {
	audiotest.StartSoundServer(t)
	var got []string
	for _, p := range start(t).Ports() {
		mark := ""
		if p.Default {
			mark = "*"
		}
		got = append(got, p.Kind.String()+" "+p.ID.String()+mark)
	}
	text := strings.Join(got, "\n")
	for _, want := range []string{"microphone PulseAudio: a_microphone*", "microphone PulseAudio: b_ear", "speaker PulseAudio: a_speaker*", "speaker PulseAudio: b_mouth"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not listed:\n%s", want, text)
		}
	}
	if strings.Contains(text, "monitor") {
		t.Errorf("a monitor is listed as a microphone:\n%s", text)
	}
}

func TestAStreamIsMarkedAsAPhoneCall(t *testing.T) {
	server := audiotest.StartSoundServer(t)
	open(t, start(t), "b_microphone", "b_speaker", nil)
	var inputs []struct {
		Sink       int
		Properties map[string]string
	}
	if err := json.Unmarshal([]byte(server.Control("--format=json", "list", "sink-inputs")), &inputs); err != nil {
		t.Fatal(err)
	}
	calls := 0
	for _, in := range inputs {
		if in.Properties["media.role"] == "phone" {
			calls++
		}
	}
	if calls != 1 {
		t.Errorf("%d of the streams are phone calls, want 1: %+v", calls, inputs)
	}
	for _, key := range []string{"PULSE_PROP", "PULSE_SINK", "PULSE_SOURCE"} {
		if value, left := os.LookupEnv(key); left {
			t.Errorf("%s=%s is left in the environment", key, value)
		}
	}
}

func TestWithoutASoundServerAndACardThereIsNoDeviceAndASentence(t *testing.T) {
	if _, err := os.Stat(cardFolder); err == nil {
		t.Skip("this machine has a sound card")
	}
	t.Setenv("ALSA_CONFIG_PATH", "/usr/share/alsa/alsa.conf")
	t.Setenv("PULSE_SERVER", "unix:"+filepath.Join(t.TempDir(), "none"))
	s := start(t)
	if ports := s.Ports(); len(ports) != 0 {
		t.Errorf("there are ports: %+v", ports)
	}
	if _, err := s.Open(Config{}); !errors.Is(err, ErrNoSound) {
		t.Errorf("Open says %v", err)
	}
	said := make(reports, 10)
	waiting, err := s.Open(Config{Wait: true, Report: said.tell})
	if err != nil {
		t.Fatal(err)
	}
	defer waiting.Close()
	said.await(t, Missing, Microphone, time.Second)
	began, frame := time.Now(), make([]int16, 4800)
	for range 5 {
		if n, err := waiting.Read(frame); n != len(frame) || err != nil {
			t.Fatal(n, err)
		}
	}
	if took := time.Since(began); took < 400*time.Millisecond {
		t.Errorf("half a second of silence took %v", took)
	}
}

func TestTheRingingDeviceHasNoMicrophone(t *testing.T) {
	server := audiotest.StartSoundServer(t)
	s := start(t)
	d, err := s.Open(Config{Speaker: "b_speaker", SpeakerOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if got := server.Control("list", "short", "source-outputs"); strings.Contains(got, "protocol-native") {
		t.Errorf("a microphone is open: %s", got)
	}
	began, frame := time.Now(), make([]int16, 4800)
	for range 5 {
		if _, err := d.Read(frame); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took < 400*time.Millisecond || audiotest.Level(frame) > -96 {
		t.Errorf("half a second of silence took %v", took)
	}
}

func TestPluggingIsNoticedAndTheWishedHeadsetIsTakenAgain(t *testing.T) {
	server := audiotest.StartSoundServer(t)
	lists := make(chan []Port, 100)
	s := Start(Options{Changed: func(p []Port) { lists <- p }})
	t.Cleanup(func() { s.Close() })
	said := make(reports, 100)
	phone := open(t, s, "a_microphone", "headset", said.tell)
	if got := phone.Info().Output; got != "a_speaker" {
		t.Fatalf("without the headset the speaker is %q", got)
	}
	awaitSubscriber(t, server)
	server.Control("load-module", "module-null-sink", "sink_name=headset", "sink_properties=device.description=headset", "rate=48000", "channels=1", "norewinds=1")
	report, took := said.await(t, Replaced, Speaker, 3*time.Second)
	if report.Title != "headset" || phone.Info().Output != "headset" {
		t.Errorf("after %v: %v", took, report)
	}
	select {
	case list := <-lists:
		if !slices.ContainsFunc(list, func(p Port) bool { return p.Name == "headset" }) {
			t.Errorf("the new list is %+v", list)
		}
	case <-time.After(3 * time.Second):
		t.Error("nobody was told the new list")
	}
}

func TestADeviceAllocatesNothingAndLeavesNothing(t *testing.T) {
	audiotest.StartSoundServer(t)
	s := start(t)
	d := open(t, s, "a_microphone", "a_speaker", nil)
	frame := make([]int16, 480)
	for range 50 { // let the list settle
		d.Read(frame)
	}
	if n := testing.AllocsPerRun(50, func() { d.Read(frame); d.Write(frame); d.Queued() }); n >= 1 {
		t.Errorf("a period allocates %v times", n)
	}
	d.Close()
	if _, err := d.Read(frame); !errors.Is(err, audio.ErrDeviceLost) {
		t.Errorf("a closed device reads %v", err)
	}
	before, files := runtime.NumGoroutine(), openFiles(t)
	for range 10 {
		open(t, s, "a_microphone", "a_speaker", nil).Close()
	}
	time.Sleep(200 * time.Millisecond)
	if after := runtime.NumGoroutine(); after > before+1 {
		t.Errorf("%d goroutines became %d", before, after)
	}
	if after := openFiles(t); after > files+1 {
		t.Errorf("%d open files became %d", files, after)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// With every processor busy nothing of the microphone may be lost, as long as
// the machine lets this process run at all: an attempt in which it stood still
// for longer than a device waits says nothing and is repeated.
func TestNothingIsLostWhileTheProcessorsAreBusy(t *testing.T) {
	audiotest.StartSoundServer(t)
	s := start(t)
	phone := open(t, s, "a_microphone", "a_speaker", nil)
	heard := pump(t.Context(), phone, audiotest.Sine(1000, -12))
	for range runtime.NumCPU() + 1 {
		busy := exec.CommandContext(t.Context(), "sh", "-c", "while :; do :; done")
		if err := busy.Start(); err != nil {
			t.Fatal(err)
		}
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, busy.Process.Pid, 0) // others do not hurry
		t.Cleanup(func() { busy.Process.Kill(); busy.Wait() })
	}
	unexplained := 0
	for range 5 {
		before, began := phone.Info(), len(heard(time.Hour))
		stood := stoodStill(2 * time.Second)
		after := phone.Info()
		lost := after.Lost - before.Lost
		t.Logf("in 2 s: %d underruns, %d samples lost, %v heard; this process stood still for %v",
			after.Underruns-before.Underruns, lost, audio.DeviceRate.D(len(heard(time.Hour))-began), stood)
		switch {
		case lost == 0:
			return
		case stood < stale/2:
			unexplained++
		}
	}
	if unexplained > 1 {
		t.Errorf("in %d of 5 attempts samples of the microphone were lost though this process was let run", unexplained)
	}
}

// stoodStill is how long, at most, this process was not let run during a span.
func stoodStill(span time.Duration) (most time.Duration) {
	const nap = 5 * time.Millisecond
	for end := time.Now().Add(span); time.Now().Before(end); {
		slept := time.Now()
		time.Sleep(nap)
		most = max(most, time.Since(slept)-nap)
	}
	return most
}
