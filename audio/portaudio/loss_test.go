package portaudio

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
)

// reports collects what a device says.
type reports chan Report

func (r reports) tell(report Report) { r <- report }

// await returns the first report of a kind of event, and how long it took.
func (r reports) await(t *testing.T, event Event, kind Kind, limit time.Duration) (Report, time.Duration) {
	t.Helper()
	began := time.Now()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		select {
		case report := <-r:
			t.Logf("%5d ms: %v", time.Since(began).Milliseconds(), report)
			if report.Event == event && report.Kind == kind {
				return report, time.Since(began)
			}
		case <-timer.C:
			t.Fatalf("no report of the %v within %v", kind, limit)
		}
	}
}

// awaitMore waits until a device has heard so much more.
func awaitMore(t *testing.T, heard func(time.Duration) []int16, much time.Duration) {
	t.Helper()
	enough := len(heard(time.Hour)) + audio.DeviceRate.N(much)
	eventually(t, "more sound", func() bool { return len(heard(time.Hour)) >= enough })
}

// awaitSubscriber waits until our pactl listens to the server; it is there
// beside the one that asks.
func awaitSubscriber(t *testing.T, server *audiotest.SoundServer) {
	t.Helper()
	eventually(t, "pactl subscribes", func() bool {
		return strings.Count(server.Control("list", "short", "clients"), "pactl") >= 2
	})
}

// eventually waits until something holds; how long that may take is no matter
// of the test.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: it does not come", what)
		}
	}
}

func TestARemovedSpeakerIsReplacedAndTheToneGoesOn(t *testing.T) {
	server := audiotest.StartSoundServer(t)
	headset := server.Control("load-module", "module-null-sink", "sink_name=headset", "rate=48000", "channels=1", "norewinds=1")
	s := start(t)
	said := make(reports, 100)
	phone := open(t, s, "a_microphone", "headset", said.tell)
	if got := phone.Info().Output; got == "" {
		t.Fatal("the headset is not open")
	}
	room := open(t, s, "a_ear", "a_mouth", nil)
	atPhone := pump(t.Context(), phone, audiotest.Sine(1000, -12))
	inRoom := pump(t.Context(), room, audiotest.Sine(440, -20))
	awaitMore(t, atPhone, 400*time.Millisecond)
	awaitMore(t, inRoom, 400*time.Millisecond)
	server.Control("unload-module", headset)
	_, took := said.await(t, Replaced, Speaker, 5*time.Second)
	t.Logf("replaced %v after the headset was pulled", took)
	awaitTone(t, inRoom, 1000, -12)
	awaitTone(t, atPhone, 440, -20)
}

func TestASoundServerThatDiesAndComesBack(t *testing.T) {
	server := audiotest.StartSoundServer(t)
	s := start(t)
	said := make(reports, 100)
	phone := open(t, s, "a_microphone", "a_speaker", said.tell)
	heard := pump(t.Context(), phone, audiotest.Sine(1000, -12))
	awaitMore(t, heard, 400*time.Millisecond)
	server.Stop()
	said.await(t, Missing, Microphone, 5*time.Second)

	awaitMore(t, heard, 400*time.Millisecond) // silence goes on without a server
	server.Start()
	said.await(t, Back, Microphone, 10*time.Second)
	room := open(t, s, "a_ear", "a_mouth", nil)
	inRoom := pump(t.Context(), room, audiotest.Sine(440, -20))
	awaitTone(t, inRoom, 1000, -12)
	awaitTone(t, heard, 440, -20)
}

func TestTheDefaultIsFollowedWhenItChanges(t *testing.T) {
	server := audiotest.StartSoundServer(t)
	s := start(t)
	said := make(reports, 100)
	d, err := s.Open(Config{Report: said.tell})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if got := d.Info().Output; got != "a_speaker" {
		t.Fatalf("the default speaker is %q", got)
	}
	awaitSubscriber(t, server)
	server.Control("set-default-sink", "b_speaker")
	said.await(t, Replaced, Speaker, 3*time.Second)
	if got := d.Info().Output; got != "b_speaker" {
		t.Errorf("the speaker is %q", got)
	}
}

func TestAServerThatHangsCostsSilenceAndIsFoundAgain(t *testing.T) {
	server := audiotest.StartSoundServer(t)
	s := start(t)
	said := make(reports, 100)
	phone := open(t, s, "a_microphone", "a_speaker", said.tell)
	heard := pump(t.Context(), phone, audiotest.Sine(1000, -12))
	awaitMore(t, heard, 200*time.Millisecond)
	server.Signal(syscall.SIGSTOP)
	report := <-said
	if report.Event != Lost {
		t.Errorf("the first report is %v", report)
	}
	awaitMore(t, heard, 400*time.Millisecond) // silence goes on while it hangs
	if err := phone.Close(); err == nil {
		t.Error("closing a device of a server that hangs says nothing")
	}
	server.Signal(syscall.SIGCONT)
	again := open(t, s, "a_microphone", "a_speaker", nil)
	if n, err := again.Read(make([]int16, 480)); n != 480 || err != nil {
		t.Errorf("when the server goes on, a new device reads %d, %v", n, err)
	}
}
