package control

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"tring/audio"
	"tring/audio/audiotest"
	"tring/phone"
	"tring/phone/phonetest"
)

// badLines are refused one by one, and the connection goes on.
var badLines = []struct{ line, code string }{
	{``, "malformed"},
	{`hang up`, "malformed"},
	{`{"id":7,"do":"hangup"`, "malformed"},
	{`[{"do":"status"}]`, "malformed"},
	{`{"do":"status"} {"do":"hangup"}`, "malformed"},
	{`{"do":5}`, "malformed"},
	{`{"id":"seven","do":"status"}`, "malformed"},
	{`{"id":99999999999999999999,"do":"status"}`, "malformed"},
	{`{"do":"status","then":"hangup"}`, "malformed"},
	{strings.Repeat(`[`, 40000), "malformed"},
	{"\xff\xfe\x00", "malformed"},
	{`{"do":""}`, "unknown"},
	{`{"do":"selfdestruct"}`, "unknown"},
	{`{"do":"` + strings.Repeat("x", 60000) + `"}`, "unknown"},
	{`{"do":"hangup","with":[]}`, "malformed"},
	{`{"do":"hangup","with":{"call":7}}`, "malformed"},
	{`{"do":"hangup","with":{"cal":"c1"}}`, "malformed"},
	{`{"do":"hangup","with":{"who":"Ada"}}`, "usage"},
	{`{"do":"log","with":{"query":{"since":"yesterday"}}}`, "malformed"},
	{`{"do":"presence","with":{"to":"asleep"}}`, "usage"},
	{`{"do":"contact","with":{}}`, "usage"},
	{`{"do":"link_confirm","with":{}}`, "usage"},
	{`{"do":"device","with":{"role":"loudspeaker"}}`, "usage"},
	{`{"do":"call","with":{"who":"+441632960002","yes":"me"}}`, "usage"},
	{`{"do":"listen","with":{}}`, "no_call"},
	{`{"do":"hangup","with":{"call":"c99"}}`, "no_call"},
	{`{"do":"play","with":{"file":"/etc/shadow"}}`, "no_call"},
}

func TestBadLinesAreRefusedAndTheConnectionGoesOn(t *testing.T) {
	o := newOffice(t)
	_, id := o.ring()
	w := o.dial()
	for _, x := range badLines {
		w.say(x.line)
		if r := w.hear(); r.Error == nil || r.Error.Code != x.code || r.Error.Message == "" || len(r.Error.Message) > 300 {
			t.Errorf("%.60q: answered %+v, want %s", x.line, r.Error, x.code)
		}
	}
	o.is(id, phone.Incoming)
	w.done("reject", `{}`)
}

func TestAnOversizedLineEndsTheConnectionWithAnError(t *testing.T) {
	o := newOffice(t)
	w := o.dial()
	go io.WriteString(w, strings.Repeat("x", MaxLine+1))
	if r := w.hear(); r.Error == nil || r.Error.Code != "too_long" {
		t.Errorf("answered %+v", r.Error)
	}
	if line := w.line(); line != nil {
		t.Errorf("the connection goes on: %s", line)
	}
}

// TestHalfALineIsNotCarriedOut leaves in the middle of a line, at every byte.
func TestHalfALineIsNotCarriedOut(t *testing.T) {
	o := newOffice(t)
	_, id := o.ring()
	whole := `{"id":1,"do":"hangup"}`
	for n := 1; n <= len(whole); n++ {
		w := o.dial()
		io.WriteString(w, whole[:n])
		w.Conn.(*net.UnixConn).CloseWrite()
		if r := w.hear(); r.Error == nil || r.Error.Code != "malformed" {
			t.Errorf("after %q: answered %+v", whole[:n], r)
		}
	}
	o.is(id, phone.Incoming)
}

func TestAFifthStreamOfOneClientIsRefused(t *testing.T) {
	o := newOffice(t)
	w := o.dial()
	for range maxStreams {
		w.say(`{"id":1,"do":"events"}`)
	}
	w.say(`{"id":2,"do":"events"}`)
	r := w.hear()
	for r.Event != nil {
		r = w.hear()
	}
	if r.ID != 2 || r.Error == nil || r.Error.Code != "crowded" {
		t.Errorf("answered %+v", r)
	}
	w.done("status", "")
}

// TestTheIdlestClientGivesWay fills the room with clients that ask for
// nothing, and then with ones that are busy.
func TestTheIdlestClientGivesWay(t *testing.T) {
	o := newOffice(t)
	first := o.dial()
	for range maxClients - 1 {
		o.dial()
	}
	last := o.dial()
	last.done("status", "")
	if r := first.hear(); r.Error == nil || r.Error.Code != "crowded" {
		t.Errorf("the first one heard %+v", r)
	}
	for range maxClients {
		w := o.dial()
		w.say(`{"id":1,"do":"events"}`)
		w.done("status", "")
	}
	late, err := net.Dial("unix", o.socket)
	if err != nil {
		t.Fatal(err)
	}
	defer late.Close()
	if _, err := Connect(o.socket); err == nil || !strings.Contains(err.Error(), "too many") {
		t.Errorf("among busy ones a newcomer hears %v", err)
	}
}

// TestThePhoneIsUnaffected keeps a call up, with sound both ways, while a
// client never reads what it asked for, a thousand others come, and garbage
// is sent: the call goes on and is obeyed as before.
func TestThePhoneIsUnaffected(t *testing.T) {
	o := newOffice(t)
	leg, id := o.ring()
	good := o.dial()
	good.say(`{"id":1,"do":"events"}`)
	good.done("answer", `{}`)
	o.is(id, phone.Established)
	ear := farEnd(t, leg)

	neverReads(t, o)
	thousand(t, o)
	for range 50 {
		w := o.dial()
		w.say("\x00garbage")
		w.Close()
	}
	half, long, deaf := o.dial(), o.dial(), o.dial()
	io.WriteString(half, `{"id":1,"do":"hangup"`)
	half.Close()
	go io.WriteString(long, strings.Repeat("x", MaxLine+1))
	deaf.say(`{"id":1,"do":"events","with":{"since":"2020-01-01T00:00:00Z"}}`) // and never reads
	o.is(id, phone.Established)
	if tone := audiotest.FindTone(ear.Heard(500*time.Millisecond), audio.DeviceRate); tone.Hz < 870 || tone.Hz > 890 {
		t.Errorf("the far end hears %.0f Hz at %.0f dB, want 880 Hz", tone.Hz, tone.Level)
	}
	w := o.dial()
	w.done("mute", `{"on":true}`)
	w.done("hangup", `{}`)
	o.is(id, phone.Terminated)
	for {
		if r := good.hear(); r.Event != nil && r.Event.Kind == phone.EventEnded {
			return // the reader that was there all the time has missed nothing
		}
	}
}

// neverReads asks for the whole log until nothing more can be written: the
// server waits for it, and only for it.
func neverReads(t *testing.T, o *office) {
	t.Helper()
	w := o.dial()
	w.SetWriteDeadline(time.Now().Add(time.Second))
	asked := 0
	for range 100_000 {
		if _, err := io.WriteString(w, `{"do":"status"}`+"\n"); err != nil {
			break
		}
		asked++
	}
	if asked == 100_000 {
		t.Error("a client that never reads is never stopped")
	}
}

// thousand connects a thousand clients at once that ask for nothing; each is
// greeted or told why not.
func thousand(t *testing.T, o *office) {
	t.Helper()
	for i := range 1000 {
		conn, err := net.Dial("unix", o.socket)
		if err != nil {
			t.Fatalf("client %d: %v", i, err)
		}
		t.Cleanup(func() { conn.Close() })
		conn.SetReadDeadline(time.Now().Add(within))
		first := make([]byte, 16)
		if _, err := io.ReadFull(conn, first); err != nil || first[0] != '{' {
			t.Fatalf("client %d: %q, %v", i, first, err)
		}
	}
}

// farEnd plays what a leg receives into a device and speaks back.
func farEnd(t *testing.T, leg phone.Leg) *audiotest.Device {
	t.Helper()
	device := audiotest.NewDevice(audiotest.Sine(1320, -12))
	enc, dec, _ := phonetest.Codecs(phonetest.Codec)
	session, err := audio.NewSession(audio.SessionConfig{Device: device, Stream: leg.Stream(), Encoder: enc, Decoder: dec})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- session.Run(t.Context()) }()
	t.Cleanup(func() { <-ended; device.Close() })
	return device
}

func FuzzRead(f *testing.F) {
	for _, x := range badLines {
		f.Add([]byte(x.line))
	}
	for _, name := range Verbs() {
		f.Add(fmt.Appendf(nil, `{"id":1,"do":%q,"with":{}}`, name))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		req, _, err := read(line)
		if _, known := verbs[req.Do]; err == nil && !known {
			t.Errorf("%q was read as the unknown request %q", line, req.Do)
		}
	})
}
