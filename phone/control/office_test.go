package control

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/phone"
	"tring/phone/calllog"
	"tring/phone/linetest"
	"tring/phone/phonetest"
)

const (
	ourNumber = "+441632960001"
	farNumber = "+441632960002"
)

// office is a phone with its socket, on a network made of nothing, and a far
// line that is driven by hand.
type office struct {
	*phone.Phone
	t      *testing.T
	ours   *phonetest.Line
	far    *linetest.Driver
	socket string
	offers int
}

// within bounds every wait of these tests.
const within = 20 * time.Second

func newOffice(t *testing.T, changes ...func(*phone.Config)) *office {
	t.Helper()
	dir, err := os.MkdirTemp("", "tring-") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	net := phonetest.NewNetwork()
	net.MediaAtAnswer, net.Delay = true, time.Millisecond
	o := &office{t: t, ours: net.NewLine("home", ourNumber), socket: filepath.Join(dir, "s")}
	o.far = linetest.Drive(t, net.NewLine("Ada", farNumber), within)
	store, err := calllog.Open(filepath.Join(dir, "calls.db"))
	if err != nil {
		t.Fatal(err)
	}
	cfg := phone.Config{
		Lines: []phone.Line{o.ours}, Region: "GB", Store: store, Recordings: dir,
		Sound:     phone.Sound{Open: openDevice, Devices: twoCards, Codecs: phonetest.Codecs},
		Recording: phone.RecordingRules{NoNotice: true},
	}
	for _, change := range changes {
		change(&cfg)
	}
	o.Phone = phone.New(cfg)
	o.run(store)
	o.far.Ready()
	o.ready()
	return o
}

func twoCards() ([]phone.SoundDevice, error) {
	return []phone.SoundDevice{
		{Name: "Headset Mic", HostAPI: "test", Input: true, Default: true},
		{Name: "Desk Mic", HostAPI: "test", Input: true},
		{Name: "Headset", HostAPI: "test", Output: true, Default: true},
	}, nil
}

func openDevice(phone.SoundChoice) (audio.Device, error) {
	return audiotest.NewDevice(audiotest.Sine(880, -12)), nil
}

// run serves until the test ends, and checks that both end well.
func (o *office) run(store io.Closer) {
	l, err := Listen(o.socket)
	if err != nil {
		o.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(o.t.Context()))
	ended, served := make(chan error, 1), make(chan error, 1)
	server := &Server{Phone: o.Phone, Profile: "test", Log: slog.New(slog.DiscardHandler)}
	go func() { ended <- o.Run(ctx) }()
	go func() { served <- server.Serve(ctx, l) }()
	o.t.Cleanup(func() {
		stop()
		for what, end := range map[string]chan error{"the phone": ended, "the server": served} {
			select {
			case err := <-end:
				if err != nil {
					o.t.Errorf("%s ended with %v", what, err)
				}
			case <-time.After(within):
				o.t.Errorf("%s does not end", what)
			}
		}
		store.Close()
	})
}

// until waits for the first event of the phone that fits.
func (o *office) until(what string, fits func(phone.Event) bool) phone.Event {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), within)
	defer cancel()
	for e := range o.Watch(ctx) {
		if fits(e) {
			return e
		}
	}
	o.t.Fatalf("%s: not within %v", what, within)
	return phone.Event{}
}

func (o *office) ready() {
	o.until("a line that is ready", func(e phone.Event) bool { return e.Info != nil && e.Info.Status == phone.LineReady })
}

// is waits until a call is in a state; the end is seen in the log.
func (o *office) is(id string, want phone.State) {
	o.t.Helper()
	if want == phone.Terminated {
		o.until("the end of "+id, func(phone.Event) bool { _, lives := o.Call(id); return !lives })
		return
	}
	o.until(id+" "+want.String(), func(e phone.Event) bool { return e.Call != nil && e.Call.ID == id && e.Call.State == want })
}

// ring has the far line call us and returns its leg and our call.
func (o *office) ring() (phone.Leg, string) {
	o.t.Helper()
	leg, err := o.far.Line.Dial(o.t.Context(), "", phone.Party{Number: ourNumber}, phone.DialOptions{})
	if err != nil {
		o.t.Fatal(err)
	}
	e := o.until("a call that comes in", func(e phone.Event) bool {
		return e.Call != nil && e.Call.NetworkID == leg.ID() && e.Call.State == phone.Incoming
	})
	return leg, e.Call.ID
}

// offered is the leg of our next call at the far end.
func (o *office) offered() phone.Leg {
	o.offers++
	return o.far.Offer(o.offers).Leg
}

// wire is a client that says exactly what a test wants, and checks everything
// that comes and goes by the schema.
type wire struct {
	net.Conn
	t     *testing.T
	lines *bufio.Scanner
	next  int64
}

// dial connects and reads the greeting.
func (o *office) dial() *wire {
	o.t.Helper()
	conn, err := net.Dial("unix", o.socket)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { conn.Close() })
	w := &wire{Conn: conn, t: o.t, lines: bufio.NewScanner(conn)}
	w.lines.Buffer(nil, 1<<24)
	fits(o.t, "greeting", w.line())
	return w
}

// line is the next line from the server; nil at its end.
func (w *wire) line() []byte {
	w.t.Helper()
	w.SetReadDeadline(time.Now().Add(within))
	if !w.lines.Scan() {
		return nil
	}
	return w.lines.Bytes()
}

// say writes a line as it is.
func (w *wire) say(line string) {
	w.t.Helper()
	if _, err := io.WriteString(w, line+"\n"); err != nil {
		w.t.Fatal(err)
	}
}

// hear reads the next response.
func (w *wire) hear() reply {
	w.t.Helper()
	line := w.line()
	if line == nil {
		w.t.Fatalf("the connection ended: %v", w.lines.Err())
	}
	fits(w.t, "response", line)
	var r reply
	if err := json.Unmarshal(line, &r); err != nil {
		w.t.Fatal(err)
	}
	return r
}

// ask sends one request and returns its response; events that come first are
// passed over.
func (w *wire) ask(do, with string) reply {
	w.t.Helper()
	w.next++
	line, _ := json.Marshal(Request{ID: w.next, Do: do, With: json.RawMessage(with)})
	fits(w.t, "requests/"+do, line)
	w.say(string(line))
	r := w.hear()
	for r.Event != nil {
		r = w.hear()
	}
	if r.ID != w.next {
		w.t.Fatalf("%s: the answer has id %d, want %d", do, r.ID, w.next)
	}
	if r.Error == nil {
		fits(w.t, "results/"+do, r.Result)
	}
	return r
}

// done is ask for a request that must succeed.
func (w *wire) done(do, with string) json.RawMessage {
	w.t.Helper()
	r := w.ask(do, with)
	if r.Error != nil {
		w.t.Fatalf("%s %s: %s, %s", do, with, r.Error.Code, r.Error.Message)
	}
	return r.Result
}

// refused is ask for a request that must fail with a code.
func (w *wire) refused(do, with, code string) {
	w.t.Helper()
	if r := w.ask(do, with); r.Error == nil || r.Error.Code != code {
		w.t.Errorf("%s %s: answered %s %v, want the error %s", do, with, r.Result, r.Error, code)
	}
}

// fits checks one JSON value by a definition of the schema.
func fits(t *testing.T, definition string, text []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%q is not JSON: %v", text, err)
	}
	if err := compiled(t, definition).Validate(doc); err != nil {
		t.Errorf("not a %s: %s\n%v", definition, text, err)
	}
}

// definitions are the compiled ones, by name.
var definitions sync.Map

func compiled(t *testing.T, definition string) *jsonschema.Schema {
	t.Helper()
	if s, done := definitions.Load(definition); done {
		return s.(*jsonschema.Schema)
	}
	const base = "https://tring.invalid/"
	c := jsonschema.NewCompiler()
	for name, text := range map[string][]byte{"control.schema.json": Schema, "event.schema.json": phone.EventSchema} {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource(base+name, doc); err != nil {
			t.Fatal(err)
		}
	}
	s, err := c.Compile(base + "control.schema.json#/$defs/" + definition)
	if err != nil {
		t.Fatal(err)
	}
	definitions.Store(definition, s)
	return s
}
