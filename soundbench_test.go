//go:build linux

package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/exchange"
	"tring/phone"
)

// hamlet is the built-in network with nobody on it but who calls.
type hamlet struct {
	*town
	app *app
}

func newHamlet(b *testing.B) *hamlet {
	a := &app{log: slog.New(slog.DiscardHandler)}
	a.cfg, _ = loadConfig("", nil, nil)
	t, err := a.openTown(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { t.exchange.Close() })
	return &hamlet{t, a}
}

func (h *hamlet) account(b *testing.B) *exchange.Account {
	owner, err := h.exchange.AddAccount(nextNumber(), "Ana")
	if err == nil {
		err = owner.Handset().SetContacts(townspeople()...)
	}
	if err != nil {
		b.Fatal(err)
	}
	return owner
}

// phone links a phone and runs it until the benchmark ends, or until stop.
func (h *hamlet) phone(b *testing.B, dir string, owner *exchange.Account, c phone.Config) (p *phone.Phone, stop func()) {
	line, err := h.app.personalLine("personal", dir, h.network)
	if err != nil {
		b.Fatal(err)
	}
	c.Lines = []phone.Line{line}
	p = phone.New(c)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	events := p.Watch(ctx)
	go func() { ended <- p.Run(ctx) }()
	stop = func() {
		if ctx.Err() == nil {
			cancel()
			<-ended
			line.Close()
		}
	}
	b.Cleanup(stop)
	if err := scanWhenAsked(ctx, p, events, owner); err != nil {
		b.Fatal(err)
	}
	return p, stop
}

// BenchmarkMouthToEarOnTheExchange is the time from the wire into one phone's
// microphone to the wire out of another's speaker, in a call on the built-in
// network: real devices, signaling, encryption and relay. Both ends are on the
// sound server's clock. Its parts stand beside it.
func BenchmarkMouthToEarOnTheExchange(b *testing.B) {
	server := audiotest.StartSoundServer(b)
	h := newHamlet(b)
	card := h.app.openSound()
	b.Cleanup(func() { card.Close() })
	var phones [2]*phone.Phone
	var owners [2]*exchange.Account
	for i, name := range []string{"a", "b"} {
		owners[i] = h.account(b)
		phones[i], _ = h.phone(b, b.TempDir(), owners[i], phone.Config{
			Sound: card.sound(), Choice: phone.SoundChoice{Input: name + "_microphone", Output: name + "_speaker"},
		})
	}
	call := connect(b, phones[0], phones[1], owners[1].Number())
	server.Say(b.Context(), "a_mouth", audiotest.Speech(b, "en-us", "The quick brown fox jumps over the lazy dog."))
	time.Sleep(4 * time.Second)
	var delays []time.Duration
	for b.Loop() {
		wires := server.Listen(5 * time.Second)
		delays = append(delays, audiotest.Align(wires[audiotest.MouthA], wires[audiotest.SpeakerB], audio.DeviceRate, 500*time.Millisecond).Delays...)
	}
	slices.Sort(delays)
	q := phones[1].Quality(call)
	const device = 20 * time.Millisecond // PortAudio's two periods, each way
	for unit, d := range map[string]time.Duration{
		"ms/p50": delays[len(delays)/2], "ms/p95": delays[len(delays)*95/100],
		"ms/frame": audio.OpusRelay.Frame, "ms/devices": 2 * device, "ms/buffer": q.Buffer, "ms/network": q.RTT / 2,
	} {
		b.ReportMetric(float64(d.Microseconds())/1000, unit)
	}
}

// connect has one phone call another and returns the other's call once both
// talk.
func connect(b *testing.B, from, to *phone.Phone, number string) (id string) {
	ctx, cancel := context.WithTimeout(b.Context(), 30*time.Second)
	defer cancel()
	events := to.Watch(ctx)
	if _, err := from.Dial(ctx, "", number); err != nil {
		b.Fatal(err)
	}
	for e := range events {
		switch {
		case e.Call == nil:
		case e.Kind == phone.EventOffer:
			if err := to.Answer(ctx, e.Call.ID); err != nil {
				b.Fatal(err)
			}
		case e.Call.State == phone.Established:
			return e.Call.ID
		}
	}
	b.Fatal("the phones did not come together")
	return ""
}

// BenchmarkProgram is ten seconds of the whole program in a call: screen, real
// devices, echo cancelling, encryption, relay. %core is of one processor,
// MB/over what it has beyond its supervisor, which is the same program waiting.
func BenchmarkProgram(b *testing.B) {
	server := audiotest.StartSoundServer(b)
	h := newHamlet(b)
	home := b.TempDir()
	owner, other := h.account(b), h.account(b)
	_, stop := h.phone(b, filepath.Join(home, "tring", "personal", "lines", "personal"), owner, phone.Config{})
	stop() // the program takes its link over
	card := h.app.openSound()
	b.Cleanup(func() { card.Close() })
	far, _ := h.phone(b, b.TempDir(), other, phone.Config{
		Sound: card.sound(), Choice: phone.SoundChoice{Input: "b_microphone", Output: "b_speaker"},
	})
	b.Setenv("TRING_EXCHANGE", h.network.ChatURL)
	b.Setenv("TRING_ROOT_KEY", fmt.Sprintf("%x", h.network.RootKey))
	server.Say(b.Context(), "a_mouth", audiotest.Collect(audiotest.Voice(1), 480000))
	server.Say(b.Context(), "b_mouth", audiotest.Collect(audiotest.Voice(2), 480000))
	s := startScreenIn(b, home, "--set", "sound.echo_cancel=on", "--set", "outgoing.confirm_new_people=false", "--set", "outgoing.quiet_hours=")
	s.sees("linked")
	answering(b, far)
	s.write(other.Number())
	s.press("Enter")
	s.sees("IN CALL")
	time.Sleep(3 * time.Second)
	program := s.processes()
	before, began := processorTime(b, program), time.Now()
	for b.Loop() {
		time.Sleep(10 * time.Second)
	}
	b.ReportMetric(100*float64(processorTime(b, program)-before)/float64(time.Since(began)), "%core")
	b.ReportMetric(residentMB(b, program[1]), "MB")
	b.ReportMetric(residentMB(b, program[1])-residentMB(b, program[0]), "MB/over")
}

// answering answers every call.
func answering(b *testing.B, p *phone.Phone) {
	events := p.Watch(b.Context())
	go func() {
		for e := range events {
			if e.Kind == phone.EventOffer {
				p.Answer(b.Context(), e.Call.ID)
			}
		}
	}()
}

// processes are the program's two: the supervisor and its child.
func (s *screen) processes() [2]int {
	s.t.Helper()
	shell := strings.TrimSpace(s.tmux("display-message", "-p", "-t", "s", "#{pane_pid}"))
	parent := onlyChild(s.t, shell)
	child := onlyChild(s.t, strconv.Itoa(parent))
	return [2]int{parent, child}
}

// onlyChild is the process that a process started.
func onlyChild(t testing.TB, of string) int {
	t.Helper()
	files, _ := filepath.Glob("/proc/" + of + "/task/*/children")
	for _, file := range files {
		text, _ := os.ReadFile(file)
		if words := strings.Fields(string(text)); len(words) > 0 {
			id, _ := strconv.Atoi(words[0])
			return id
		}
	}
	t.Fatalf("process %s has no child", of)
	return 0
}

// processorTime is what processes have used of all processors.
func processorTime(b *testing.B, processes [2]int) (used time.Duration) {
	b.Helper()
	for _, id := range processes {
		tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", id))
		if err != nil || len(tasks) == 0 {
			b.Fatalf("process %d has ended", id)
		}
		for _, task := range tasks {
			text, _ := os.ReadFile(task) // a thread may end meanwhile
			var ns int64
			fmt.Sscan(string(text), &ns)
			used += time.Duration(ns)
		}
	}
	return used
}

// residentMB is how much memory a process has.
func residentMB(b *testing.B, id int) float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", id))
	if err != nil {
		b.Fatal(err)
	}
	var size, pages float64
	fmt.Sscan(string(text), &size, &pages)
	return pages * float64(os.Getpagesize()) / (1 << 20)
}
