package hooks

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/phone"
	"tring/phone/calllog"
	"tring/phone/linetest"
	"tring/phone/phonetest"
)

// The child of TestKilledPhoneKeepsEverything finds its files and its receiver
// by these.
const (
	childDir      = "TRING_TEST_DIR"
	childReceiver = "TRING_TEST_RECEIVER"
)

// plant is a phone with log, recordings and a webhook in one directory, which
// the child and the test itself run in turn.
type plant struct {
	*phone.Phone
	store *calllog.Log
	hook  Webhook
}

func newPlant(t *testing.T, dir, receiver string, lines ...phone.Line) plant {
	t.Helper()
	store, err := calllog.Open(filepath.Join(dir, "calls.db"))
	if err != nil {
		t.Fatal(err)
	}
	newest, err := store.LastEvent()
	if err != nil {
		t.Fatal(err)
	}
	return plant{
		store: store,
		hook:  Webhook{URL: receiver, After: newest, Secret: []byte("s3cret"), Cursor: filepath.Join(dir, "webhook.json"), Log: silent},
		Phone: phone.New(phone.Config{
			Lines: lines, Store: store, Recordings: dir, Recording: phone.RecordingRules{NoNotice: true},
			Sound: phone.Sound{Codecs: phonetest.Codecs, Open: func(phone.SoundChoice) (audio.Device, error) {
				return audiotest.NewDevice(audiotest.Sine(880, -12)), nil
			}},
		}),
	}
}

// TestChild is no test: it is the phone that TestKilledPhoneKeepsEverything
// kills. It talks and records for ever and prints the calls' events.
func TestChild(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		t.Skip("runs as a child of TestKilledPhoneKeepsEverything")
	}
	net := phonetest.NewNetwork()
	net.Delay, net.MediaAtAnswer = time.Millisecond, true
	far := linetest.Drive(t, net.NewLine("far", "+441632960002"), time.Minute)
	p := newPlant(t, dir, os.Getenv(childReceiver), net.NewLine("home", "+441632960001"))
	go p.Run(t.Context())
	go p.hook.Run(t.Context(), p)
	go func() {
		out := json.NewEncoder(os.Stdout)
		for e := range p.Watch(t.Context()) {
			out.Encode(e)
		}
	}()
	far.Ready()
	for n := 1; ; {
		if talk(t.Context(), p.Phone, far, n) {
			n++
		}
	}
}

// talk has one recorded call of a tenth of a second; false while the line is
// not up yet.
func talk(ctx context.Context, p *phone.Phone, far *linetest.Driver, n int) bool {
	events := p.Watch(ctx)
	c, err := p.Dial(ctx, "", "+441632960002")
	if err != nil {
		time.Sleep(time.Millisecond)
		return false
	}
	far.Offer(n).Leg.Answer(ctx)
	for e := range events {
		switch {
		case e.Call == nil || e.Call.ID != c.ID:
		case e.Kind == phone.EventEnded:
			return true
		case e.Kind == phone.EventState && e.Call.State == phone.Established:
			p.Record(ctx, c.ID, true)
		case e.Kind == phone.EventChanged && e.What == "recording" && e.Call.OnRecord:
			time.AfterFunc(100*time.Millisecond, func() { p.HangUp(ctx, c.ID) })
		}
	}
	return true
}

// receiver refuses every fortieth webhook, takes the others and remembers their events.
type receiver struct {
	mu    sync.Mutex
	asked int
	took  []uint64
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	var e phone.Event
	signed := Sign([]byte("s3cret"), req.Header.Get("Tring-Timestamp"), body) == req.Header.Get("Tring-Signature")
	if r.asked++; r.asked%40 == 0 || !signed || json.Unmarshal(body, &e) != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	r.took = append(r.took, e.Seq)
}

func (r *receiver) taken() []uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.took)
}

// TestKilledPhoneKeepsEverything kills a phone at random points of a hundred
// recorded calls (fewer with -short): whatever anybody was told must be in the log, every
// recording must be there and play, and every event must reach the receiver.
func TestKilledPhoneKeepsEverything(t *testing.T) {
	want := 100
	if testing.Short() {
		want = 8
	}
	dir := t.TempDir()
	inbox := &receiver{}
	server := httptest.NewServer(inbox)
	defer server.Close()
	rng := rand.New(rand.NewPCG(3, 4))
	var told []phone.Event
	kills := 0
	for calls := 0; calls < want; kills++ {
		before := len(told)
		told = append(told, runAndKill(t, dir, server.URL, 20+rng.IntN(120))...)
		for _, e := range told[before:] {
			if e.Kind == phone.EventDialled && !e.Replayed {
				calls++
			}
		}
	}
	t.Logf("%d kills, %d events told, %d delivered so far", kills, len(told), len(inbox.taken()))

	p := newPlant(t, dir, server.URL, phonetest.NewNetwork().NewLine("home", "+441632960001"))
	defer p.store.Close()
	newest := p.closeCrashed(t)
	p.logged(t, told)
	p.recorded(t, want*6/10)
	p.delivered(t, inbox, newest)
}

// runAndKill runs the child until it told some events, kills it, and returns
// all that it had told.
func runAndKill(t *testing.T, dir, receiver string, after int) []phone.Event {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestChild$")
	child.Env = append(os.Environ(), childDir+"="+dir, childReceiver+"="+receiver)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Wait()
	defer child.Process.Kill()
	var told []phone.Event
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var e phone.Event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return told // cut off by the kill
		}
		if told = append(told, e); len(told) == after {
			child.Process.Kill()
		}
	}
	if len(told) < after {
		t.Fatalf("the child ended by itself after %d events", len(told))
	}
	return told
}

// closeCrashed runs the phone once more, which ends the last crashed call, and
// tells the newest event.
func (p plant) closeCrashed(t *testing.T) uint64 {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	if _, err := p.Log(ctx, phone.Query{}); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	all, err := p.store.Events(0, time.Time{}, 1<<20)
	if err != nil || len(all) == 0 {
		t.Fatal(len(all), err)
	}
	return all[len(all)-1].Seq
}

// logged checks that everything told is stored, and every call ended.
func (p plant) logged(t *testing.T, told []phone.Event) {
	t.Helper()
	for _, e := range told {
		if e.Seq == 0 || e.Replayed {
			continue
		}
		stored, err := p.store.Events(e.Seq-1, time.Time{}, 1)
		if err != nil || len(stored) != 1 || stored[0].Seq != e.Seq || stored[0].Kind != e.Kind {
			t.Fatalf("event %d (%s) was told and is not stored: %v", e.Seq, e.Kind, err)
		}
	}
	if open, err := p.store.Unended(); err != nil || len(open) > 0 {
		t.Errorf("%d calls are still open, %v", len(open), err)
	}
}

// recorded checks that every recording that the log names is there and plays,
// and that there are at least so many.
func (p plant) recorded(t *testing.T, atLeast int) {
	t.Helper()
	named, crashed := 0, 0
	err := p.store.Digests(func(d phone.Digest) bool {
		entries, err := p.store.Calls([]string{d.ID})
		if err != nil || len(entries) != 1 {
			t.Fatal(d.ID, err)
		}
		c := entries[0]
		if c.Recording == "" {
			return true
		}
		named++
		if c.Cause == phone.Crashed {
			crashed++
		}
		if err := plays(c.Recording); err != nil {
			t.Errorf("%s, which ended with %v: %v", c.ID, c.Cause, err)
		}
		return true
	})
	if err != nil || named < atLeast {
		t.Errorf("the log names only %d recordings, %v", named, err)
	}
	t.Logf("%d recordings, %d of them cut short by a kill", named, crashed)
}

// plays reads a recording from one end to the other.
func plays(path string) error {
	r, err := audio.OpenFile(path, phonetest.Codecs)
	if err != nil {
		return err
	}
	defer r.Close()
	frame := make([]int16, 960)
	for {
		if _, err := r.Read(frame); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("%s cannot be read to its end: %w", path, err)
		}
	}
}

// delivered runs the webhook until the receiver has the newest event, and
// checks that it got each of them, in order, none more than once a kill.
func (p plant) delivered(t *testing.T, inbox *receiver, newest uint64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	done := make(chan struct{})
	go func() { p.hook.Run(ctx, stored{p.store}); close(done) }()
	for ctx.Err() == nil && !slices.Contains(inbox.taken(), newest) {
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
	<-done
	took := inbox.taken()
	twice := 0
	for i, want := 0, took[0]; want <= newest; i++ {
		switch {
		case i == len(took):
			t.Fatalf("event %d of %d never reached the receiver", want, newest)
		case took[i] == want:
			want++
		case took[i] == want-1:
			twice++ // a kill came between delivery and the note of it
		default:
			t.Fatalf("event %d came, want %d", took[i], want)
		}
	}
	t.Logf("%d events delivered, %d of them twice", len(took)-twice, twice)
}

// stored is a Source of what is stored already.
type stored struct{ log *calllog.Log }

func (s stored) Follow(ctx context.Context, since time.Time) <-chan phone.Event {
	return s.tell(ctx, 0, since)
}

func (s stored) FollowAfter(ctx context.Context, after uint64) <-chan phone.Event {
	return s.tell(ctx, after, time.Time{})
}

func (s stored) tell(ctx context.Context, after uint64, since time.Time) <-chan phone.Event {
	out := make(chan phone.Event)
	go func() {
		defer close(out)
		all, _ := s.log.Events(after, since, 1<<20)
		for _, e := range all {
			select {
			case out <- e:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}
