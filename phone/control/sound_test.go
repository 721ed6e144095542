package control

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"tring/phone"
)

// heard reads a stream of events until one fits.
func (w *wire) heard(what string, fits func(phone.Event) bool) phone.Event {
	w.t.Helper()
	for end := time.Now().Add(within); time.Now().Before(end); {
		if e := w.hear().Event; e != nil && fits(*e) {
			return *e
		}
	}
	w.t.Fatalf("%s: not within %v", what, within)
	return phone.Event{}
}

func TestARecordingIsListenedToOverTheSocket(t *testing.T) {
	o := newOffice(t)
	leg, id := o.ring()
	w, events := o.dial(), o.dial()
	w.done("answer", `{}`)
	o.is(id, phone.Established)
	farEnd(t, leg)
	w.done("record", `{"on":true}`)
	o.until("a recording", func(phone.Event) bool { c, _ := o.Call(id); return c.OnRecord })
	w.refused("listen", `{"call":"`+id+`"}`, "in_call")
	time.Sleep(1500 * time.Millisecond) // what will be played
	w.done("hangup", `{}`)
	o.is(id, phone.Terminated)

	events.say(`{"id":1,"do":"events"}`)
	events.done("status", "")
	listen := func() *wire {
		t.Helper()
		w := o.dial()
		w.say(`{"id":1,"do":"listen","with":{"call":"` + id + `"}}`)
		if now := w.hear().Playback; now == nil || now.Call != id || now.Length < time.Second {
			t.Fatalf("it sounds: %+v", now)
		}
		return w
	}
	ends := func(w *wire, how string) {
		t.Helper()
		if w != nil {
			r := w.hear()
			fits(t, "results/listen", r.Result)
			if want := `{"how":"` + how + `"}`; string(r.Result) != want {
				t.Errorf("it ended with %s %+v, want %s", r.Result, r.Error, want)
			}
		}
		for _, what := range []string{"started", how} {
			e := events.heard(what, func(e phone.Event) bool { return e.Kind == phone.EventPlayback })
			if e.What != what || e.Playback.Call != id || e.Seq != 0 {
				t.Errorf("heard %q of %+v, want %q", e.What, e.Playback, what)
			}
		}
	}
	first := listen()
	var now Status
	if json.Unmarshal(w.done("status", ""), &now); now.Playing == nil || now.Playing.Call != id {
		t.Errorf("the status says %+v", now.Playing)
	}
	w.done("listen_stop", "")
	ends(first, "stopped")
	second := listen()
	second.Close()
	ends(nil, "stopped")
	ends(listen(), "ended")
}

func TestADeviceIsChosenByAPartOfItsName(t *testing.T) {
	o := newOffice(t)
	w, events := o.dial(), o.dial()
	events.say(`{"id":1,"do":"events"}`)
	events.done("status", "")
	w.done("device", `{"role":"microphone","name":"desk"}`)
	if e := events.heard("a choice", func(e phone.Event) bool { return e.Kind == phone.EventDevices }); e.What != "microphone" || e.Seq != 0 {
		t.Errorf("heard of %q with seq %d", e.What, e.Seq)
	}
	w.done("device", `{"role":"speaker","name":"Headset"}`)
	w.refused("device", `{"role":"microphone","name":"mic"}`, "ambiguous")
	w.refused("device", `{"role":"speaker","name":"Desk Mic"}`, "no_device")
	var got Devices
	json.Unmarshal(w.done("devices", ""), &got)
	if names := []string{got.Microphone, got.Speaker, got.Ringer}; len(got.Devices) != 3 || !slices.Equal(names, []string{"Desk Mic", "Headset", ""}) {
		t.Errorf("chosen are %q of %+v", names, got.Devices)
	}
	w.done("device", `{"role":"microphone","name":""}`)
	if json.Unmarshal(w.done("devices", ""), &got); got.Microphone != "" {
		t.Errorf("the default became %q", got.Microphone)
	}
}
