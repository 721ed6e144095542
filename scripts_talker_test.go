package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/phone"
)

// talker is a softphone of somebody, in this process, with a voice.
type talker struct {
	phone  *phone.Phone
	mu     sync.Mutex
	device *audiotest.Device
}

// open gives a call a new device: a microphone keeps no past.
func (t *talker) open() audio.Device {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.device = audiotest.NewDevice(audiotest.Sine(probeHz, -12))
	return t.device
}

// heard is what the talker heard in the last ten seconds.
func (t *talker) heard() []int16 {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.device == nil {
		return nil
	}
	return t.device.Heard(10 * time.Second)
}

type talkersKey struct{ name string }

// talkers are those of all scripts, by script and name.
var talkers sync.Map

func talkerOf(ts *testscript.TestScript, name string) *talker {
	t, ok := talkers.Load(talkersKey{sceneOf(ts).owner.Number() + name})
	if !ok {
		ts.Fatalf("%s has not called; write: speaks %s", name, name)
	}
	return t.(*talker)
}

// speakTo links a softphone to somebody's account and calls.
func speakTo(ts *testscript.TestScript, neg bool, words []string) {
	account := callerOf(ts, words[0])
	ts.Check(account.Handset().SetContacts(townspeople()...))
	a := &app{log: slog.New(slog.DiscardHandler)}
	a.cfg, _ = loadConfig("", nil, nil)
	line, err := a.personalLine(words[0], ts.MkAbs(words[0]+"-softphone"), world().network)
	ts.Check(err)
	t := &talker{}
	sound := (&soundCard{cfg: a.cfg, log: a.log}).silentSound(t.open)
	t.phone = phone.New(phone.Config{Lines: []phone.Line{line}, Sound: sound})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	events := t.phone.Watch(ctx)
	go func() { ended <- t.phone.Run(ctx) }()
	ts.Defer(func() { cancel(); <-ended; line.Close() })
	ts.Check(scanWhenAsked(ctx, t.phone, events, account))
	_, err = t.phone.Dial(ctx, "", sceneOf(ts).owner.Number())
	ts.Check(err)
	talkers.Store(talkersKey{sceneOf(ts).owner.Number() + words[0]}, t)
}

// near is how far, in hertz, a tone may be from the one that is meant.
const near = 15

func hasTone(pcm []int16, hz float64) bool {
	window := audio.DeviceRate.N(200 * time.Millisecond)
	for len(pcm) >= window {
		if t := audiotest.FindTone(pcm[:window], audio.DeviceRate); level(pcm[:window]) > loud && t.Hz > hz-near && t.Hz < hz+near {
			return true
		}
		pcm = pcm[window/2:]
	}
	return false
}

func hertz(ts *testscript.TestScript, word string) float64 {
	hz, err := strconv.ParseFloat(word, 64)
	ts.Check(err)
	return hz
}

func awaitTone(ts *testscript.TestScript, neg bool, words []string) {
	t, hz := talkerOf(ts, words[0]), hertz(ts, words[1])
	for range 300 {
		if hasTone(t.heard(), hz) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	ts.Fatalf("%s hears no %v Hz in 30 s", words[0], hz)
}

func awaitOver(ts *testscript.TestScript, neg bool, words []string) {
	t := talkerOf(ts, words[0])
	for range 600 {
		if len(t.phone.Calls()) == 0 {
			awaitNoCall(ts, callerOf(ts, words[0]))
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("%s's call is not over after 30 s", words[0])
}

// theirs is the right channel of a recording in WAV: what they said.
func theirs(wav []byte) (pcm []int16) {
	const header = 44
	for at := header; at+4 <= len(wav); at += 4 {
		pcm = append(pcm, int16(binary.LittleEndian.Uint16(wav[at+2:])))
	}
	return pcm
}

func wantToneIn(ts *testscript.TestScript, neg bool, words []string) {
	files, err := filepath.Glob(ts.MkAbs(words[0]))
	ts.Check(err)
	for _, name := range files {
		data, err := os.ReadFile(name)
		ts.Check(err)
		if hasTone(theirs(data), hertz(ts, words[1])) {
			return
		}
	}
	ts.Fatalf("none of %v has a tone of %s Hz", files, words[1])
}

// makeSine makes a WAV file: RIFF, 16 bit, one channel, at the device's rate.
func makeSine(ts *testscript.TestScript, neg bool, words []string) {
	pcm := audiotest.Collect(audiotest.Sine(hertz(ts, words[1]), -12), audio.DeviceRate.N(time.Second))
	var b bytes.Buffer
	put := func(v any) { binary.Write(&b, binary.LittleEndian, v) }
	b.WriteString("RIFF")
	put(uint32(36 + 2*len(pcm)))
	b.WriteString("WAVEfmt ")
	put([]uint32{16})
	put([]uint16{1, 1})
	put([]uint32{uint32(audio.DeviceRate), uint32(2 * audio.DeviceRate)})
	put([]uint16{2, 16})
	b.WriteString("data")
	put(uint32(2 * len(pcm)))
	put(pcm)
	ts.Check(os.WriteFile(ts.MkAbs(words[0]), b.Bytes(), 0o600))
}
