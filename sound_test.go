//go:build linux

package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/phone"
	"tring/phone/linetest"
	"tring/phone/phonetest"
)

// headset is a sound device that can be plugged in and pulled.
type headset struct {
	server *audiotest.SoundServer
	id     string
}

func (h *headset) plug() {
	h.id = h.server.Control("load-module", "module-null-sink", "sink_name=headset",
		"sink_properties=device.description=Headset", "rate=48000", "channels=1", "norewinds=1")
}

func (h *headset) pull() { h.server.Control("unload-module", h.id) }

// A headset is pulled in the middle of a call and plugged in again: the screen
// says so, and the call goes on with what is there.
func TestAHeadsetIsPulledAndPluggedInDuringACall(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a program of its own, which the race detector does not see")
	}
	sound := audiotest.StartSoundServer(t)
	headset := headset{server: sound}
	headset.plug()
	tone := make([]int16, audio.DeviceRate.N(time.Second))
	audiotest.Sine(1000, -14)(tone)
	sound.Say(t.Context(), "a_mouth", tone)
	s := startScreen(t, "demo", "--set", "calls.ringback=off", "--set", "sound.noise_suppression=false",
		"--set", "sound.auto_gain=false", "--set", "sound.echo_cancel=off", "--set", "sound.output=Headset")
	s.sees("built-in handset")
	s.press("s")
	s.sees("Contacts")
	s.sees("Echo")
	s.write("+15550100201") // it sends back what it hears
	s.press("Enter")
	s.sees("IN CALL")
	hears(t, sound, 0) // what comes back goes to the headset

	headset.pull()
	s.sees("The speaker Headset is gone: now it is a_speaker")
	hears(t, sound, 1000)
	headset.plug()
	s.sees("The speaker is now Headset")
	hears(t, sound, 0)
	s.sees("IN CALL")
}

// Whoever watches the phone hears of devices that come and go, and that the
// list is another.
func TestDevicesThatComeAndGoAreEvents(t *testing.T) {
	server := audiotest.StartSoundServer(t)
	headset := headset{server: server}
	headset.plug()
	card := (&app{log: slog.New(slog.DiscardHandler)}).openSound()
	defer card.Close()
	net := phonetest.NewNetwork()
	net.MediaAtAnswer = true
	sound := card.sound()
	sound.Codecs = phonetest.Codecs
	p := phone.New(phone.Config{
		Lines: []phone.Line{net.NewLine("home", "+442079460001")}, Region: "GB",
		Sound: sound, Choice: phone.SoundChoice{Output: "Headset"},
	})
	far := linetest.Drive(t, net.NewLine("Ada", "+442079460002"), time.Minute)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	defer func() { cancel(); <-ended }()
	go card.follow(ctx, p)
	events := p.Watch(ctx)

	awaitEvent(t, events, "the line", func(e phone.Event) bool { return e.Info != nil && e.Info.Status == phone.LineReady })
	call, err := p.Dial(ctx, "home", "+442079460002")
	if err != nil {
		t.Fatal(err)
	}
	if err := far.Offer(1).Leg.Answer(ctx); err != nil {
		t.Fatal(err)
	}
	opened := func(e phone.Event) bool { return e.Kind == phone.EventDevices && e.What == "opened" }
	awaitEvent(t, events, "the headset in use", opened)
	listed := func(e phone.Event) bool { return e.Kind == phone.EventDevices && e.What == "list" }
	headset.pull()
	awaitEvent(t, events, "the sentence", func(e phone.Event) bool {
		return e.Kind == phone.EventNotice && strings.Contains(e.What, "The speaker Headset is gone")
	})
	awaitEvent(t, events, "the new list", listed)
	headset.plug()
	awaitEvent(t, events, "the sentence", func(e phone.Event) bool {
		return e.Kind == phone.EventNotice && strings.Contains(e.What, "The speaker is now Headset")
	})
	awaitEvent(t, events, "the new list", listed)
	devices, _, err := p.Devices(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range devices {
		if d.Name == "Headset" && !d.InUse {
			t.Errorf("the headset is not in use: %+v", d)
		}
	}
	if err := p.HangUp(ctx, call.ID); err != nil {
		t.Errorf("the call did not live on: %v", err)
	}
}

// Each microphone's level is seen and each speaker heard before it is chosen.
func TestDevicesAreTriedBeforeTheyAreChosen(t *testing.T) {
	server := audiotest.StartSoundServer(t)
	server.Say(t.Context(), "b_mouth", audiotest.Collect(audiotest.Sine(440, -20), 48000))
	card := (&app{log: slog.New(slog.DiscardHandler)}).openSound()
	defer card.Close()
	p := phone.New(phone.Config{Sound: card.sound()})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	defer func() { cancel(); <-ended }()

	level := func(input string) func() phone.Levels {
		levels, stop, err := p.Listen(ctx, input)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(stop)
		return levels
	}
	silent, loud := level("a_microphone"), level("b_microphone")
	for range 100 {
		if got := loud().Mic; got > -26 && got < -20 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if got := loud().Mic; got < -26 || got > -20 {
		t.Errorf("the microphone that hears a tone of -23 dBFS shows %.0f dBFS", got)
	}
	if got := silent().Mic; got > -60 {
		t.Errorf("the one that hears nothing shows %.0f dBFS", got)
	}
	heard := make(chan [4][]int16, 1)
	go func() { heard <- server.Listen(2500 * time.Millisecond) }()
	if err := p.TestSpeaker(ctx, "b_speaker"); err != nil {
		t.Fatal(err)
	}
	wires := <-heard
	if a, b := audiotest.Level(wires[audiotest.SpeakerA]), audiotest.Level(wires[audiotest.SpeakerB]); b < -50 || a > -60 {
		t.Errorf("the speaker that was tried plays %.0f dBFS, the other %.0f dBFS", b, a)
	}
}

// awaitEvent reads events until one fits.
func awaitEvent(t *testing.T, events <-chan phone.Event, what string, fits func(phone.Event) bool) {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		select {
		case e := <-events:
			if fits(e) {
				return
			}
		case <-late:
			t.Fatalf("no event told of %s", what)
		}
	}
}
