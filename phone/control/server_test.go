package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tring/phone"
)

// TestEveryRequest asks for everything there is, in the order of a day.
func TestEveryRequest(t *testing.T) {
	o := newOffice(t)
	w := o.dial()
	asked := map[string]bool{eventsVerb: true, linkVerb: true, listenVerb: true} // in tests of their own
	done := func(do, with string) json.RawMessage { t.Helper(); asked[do] = true; return w.done(do, with) }
	refused := func(do, with, code string) { t.Helper(); asked[do] = true; w.refused(do, with, code) }

	done("status", "")
	refused("inspect", `{}`, "unsupported")
	refused("checkup", `{}`, "unsupported")
	refused("permission", `{"who":"`+farNumber+`"}`, "unsupported")
	refused("ask", `{"who":"`+farNumber+`","text":"May we call?"}`, "unsupported")
	done("contact", `{"contacts":[{"number":"`+farNumber+`","label":"Ada","tags":["work"]}]}`)
	done("contacts", "")

	_, id := o.ring()
	done("silence", `{"call":"`+id+`"}`)
	done("answer", `{"call":"`+id+`","muted":true}`)
	o.is(id, phone.Established)
	done("mute", `{"on":false}`)
	done("mute", `{}`)
	done("record", `{"on":true}`)
	done("hold", `{}`)
	done("resume", `{"call":"`+id+`"}`)
	done("dtmf", `{"digits":"12#"}`)
	done("play", `{"file":""}`)
	done("note", `{"call":"`+id+`","text":"about the dog"}`)
	refused("swap", `{}`, "no_call")
	done("status", "")
	done("hangup", `{}`)
	o.is(id, phone.Terminated)

	_, id = o.ring()
	done("reject", `{"say":"not now"}`)
	o.is(id, phone.Terminated)

	var c phone.Call
	json.Unmarshal(done("call", `{"who":"Ada"}`), &c)
	o.offered()
	done("hangup", `{"call":"`+c.ID+`"}`)
	o.is(c.ID, phone.Terminated)
	json.Unmarshal(done("redial", ""), &c)
	done("hangup", `{}`)
	o.is(c.ID, phone.Terminated)

	done("text", `{"who":"Ada","text":"hello"}`)
	done("block", `{"who":"Ada"}`)
	done("presence", `{"to":"away"}`)
	done("log", `{"query":{"text":"ada","outcomes":["answered"],"limit":5}}`)
	done("log", `{}`)
	done("seen", "")
	done("leads", `{}`)
	done("stats", `{"since":"2020-01-01T00:00:00Z"}`)
	done("forget", `{"who":"Ada"}`)
	done("devices", "")
	done("device", `{"role":"microphone","name":"desk"}`)
	done("listen_stop", "")
	refused("link_passkey", `{"text":"{}"}`, "not_linking")
	refused("link_confirm", `{"on":true}`, "not_linking")
	refused("link_cancel", "", "not_linking")
	done("start", `{"line":"home"}`)
	refused("start", `{"line":"nowhere"}`, "no_line")
	done("unlink", "")
	for _, name := range Verbs() {
		if !asked[name] {
			t.Errorf("%q was not asked for", name)
		}
	}
}

func TestAPathThatIsTooLongForASocketIsSaidSo(t *testing.T) {
	dir := t.TempDir()
	longest := filepath.Join(dir, strings.Repeat("x", MaxPath-len(dir)-1))
	l, err := Listen(longest)
	if err != nil {
		t.Fatalf("with %d bytes: %v", len(longest), err)
	}
	l.Close()
	if _, err := Listen(longest + "x"); !errors.Is(err, ErrLongPath) {
		t.Errorf("listen: %v", err)
	}
	if _, err := Connect(longest + "x"); !errors.Is(err, ErrLongPath) {
		t.Errorf("connect: %v", err)
	}
}

// TestMuteMeansTheConversation has a second call ring meanwhile.
func TestMuteMeansTheConversation(t *testing.T) {
	o := newOffice(t)
	w := o.dial()
	w.refused("mute", `{}`, "no_call")
	_, first := o.ring()
	w.done("answer", `{}`)
	o.is(first, phone.Established)
	o.ring()
	w.done("mute", `{}`)
	w.done("record", `{"on":true}`)
	if c, _ := o.Call(first); !c.Muted {
		t.Error("the conversation is not muted")
	}
	w.done("hangup", `{"call":"`+first+`"}`)
	w.refused("mute", `{}`, "no_call")
}

func TestErrorsKeepTheirMeaningAcrossTheSocket(t *testing.T) {
	o := newOffice(t)
	c, err := Connect(o.socket)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.Greeting.PID != os.Getpid() || c.Greeting.Profile != "test" {
		t.Errorf("greeted by %+v", c.Greeting)
	}
	for _, x := range []struct {
		do   string
		with With
		want error
	}{
		{"hangup", With{}, phone.ErrNoCall},
		{"answer", With{}, phone.ErrNoIncoming},
		{"call", With{Who: "+441632960999"}, phone.NotOnNetwork},
		{"call", With{Who: "112"}, phone.Forbidden},
	} {
		if err := c.Do(t.Context(), x.do, x.with, nil); !errors.Is(err, x.want) {
			t.Errorf("%s %+v: %v, want %v", x.do, x.with, err, x.want)
		}
	}
}

func TestNobodyElseMayOpenTheSocket(t *testing.T) {
	o := newOffice(t)
	info, err := os.Stat(o.socket)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket's mode is %v, %v", info.Mode(), err)
	}
}

func TestNoInstanceIsSaidSo(t *testing.T) {
	if _, err := Connect(filepath.Join(t.TempDir(), "s")); !errors.Is(err, ErrNotRunning) {
		t.Errorf("without a socket: %v", err)
	}
	o := newOffice(t)
	dead := o.socket + "2"
	l, err := Listen(dead)
	if err != nil {
		t.Fatal(err)
	}
	l.(interface{ SetUnlinkOnClose(bool) }).SetUnlinkOnClose(false)
	l.Close()
	if _, err := Connect(dead); !errors.Is(err, ErrNotRunning) {
		t.Errorf("with the socket of a dead instance: %v", err)
	}
	if l, err = Listen(dead); err != nil {
		t.Errorf("the socket of a dead instance is in the way: %v", err)
	} else {
		l.Close()
	}
}

// TestAReaderThatComesBackMissesNothing reads a few events at a time over ever
// new connections, while calls go on.
func TestAReaderThatComesBackMissesNothing(t *testing.T) {
	o := newOffice(t)
	began := time.Now()
	const calls = 12
	var calling sync.WaitGroup
	defer calling.Wait()
	calling.Go(func() {
		for range calls {
			c, err := o.Dial(t.Context(), "", farNumber)
			if err != nil {
				t.Error(err)
				return
			}
			o.offered().Release(t.Context(), phone.Declined)
			o.is(c.ID, phone.Terminated)
		}
	})
	var got []phone.Event
	for ended := 0; ended < calls; {
		c, err := Connect(o.socket)
		if err != nil {
			t.Fatal(err)
		}
		after := uint64(0)
		if len(got) > 0 {
			after = got[len(got)-1].Seq
		}
		few := 1 + len(got)%4
		ctx, cancel := context.WithTimeout(t.Context(), within)
		err = c.Events(ctx, began, after, func(e phone.Event) bool {
			if e.Seq == 0 {
				return true // never stored: told to those who are there
			}
			got = append(got, e)
			if e.Kind == phone.EventEnded {
				ended++
			}
			few--
			return few > 0 && ended < calls
		})
		if err != nil || ctx.Err() != nil {
			t.Fatalf("after %d events: %v, %v", len(got), err, ctx.Err())
		}
		cancel()
		c.Close()
	}
	for i := 1; i < len(got); i++ {
		if got[i].Seq != got[i-1].Seq+1 {
			t.Fatalf("event %d follows %d", got[i].Seq, got[i-1].Seq)
		}
	}
}

func TestWhatAClientAskedForIsFinishedWhenItLeaves(t *testing.T) {
	o := newOffice(t)
	w := o.dial()
	w.say(`{"id":1,"do":"call","with":{"who":"` + farNumber + `"}}`)
	w.Close()
	o.offered()
	e := o.until("our call", func(e phone.Event) bool { return e.Call != nil && e.Call.Direction == phone.Outbound })
	w = o.dial()
	w.done("hangup", fmt.Sprintf(`{"call":%q}`, e.Call.ID))
	o.is(e.Call.ID, phone.Terminated)
}

// TestAProgramsYesIsCounted calls strangers with and without a yes.
func TestAProgramsYesIsCounted(t *testing.T) {
	var yes atomic.Int32
	o := newOffice(t, func(c *phone.Config) {
		c.Limits.ConfirmNew = true
		c.Limits.Unattended = func(time.Time) error {
			if yes.Add(1) > 1 {
				return fmt.Errorf("that was the last one: %w", phone.RateLimited)
			}
			return nil
		}
	})
	w := o.dial()
	hangUp := func(placed json.RawMessage) {
		t.Helper()
		var c phone.Call
		json.Unmarshal(placed, &c)
		o.offered()
		w.done("hangup", `{"call":"`+c.ID+`"}`)
		o.is(c.ID, phone.Terminated)
		w.done("forget", `{"who":"`+farNumber+`"}`) // strangers again
	}
	w.refused("call", `{"who":"+44 1632 960 002"}`, AskFirst)
	w.refused("call", `{"who":"+44 1632 960 002"}`, AskFirst)
	hangUp(w.done("call", `{"who":"`+farNumber+`","yes":"program"}`))
	w.refused("call", `{"who":"`+farNumber+`","yes":"program"}`, "rate_limited")
	hangUp(w.done("call", `{"who":"`+farNumber+`","yes":"person"}`))
	if yes.Load() != 2 {
		t.Errorf("%d calls were counted", yes.Load())
	}
}
