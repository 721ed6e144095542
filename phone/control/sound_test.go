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
	w.refused("listen", `{"call":"`+id+`"}`, "failed")
	o.until("a recording", func(phone.Event) bool { c, _ := o.Call(id); return c.OnRecord })
	time.Sleep(1500 * time.Millisecond) // what will be played
	w.done("hangup", `{}`)
	o.is(id, phone.Terminated)

	events.say(`{"id":1,"do":"events"}`)
	w.done("listen", `{"call":"`+id+`"}`)
	var now Status
	if json.Unmarshal(w.done("status", ""), &now); now.Playing == nil || now.Playing.Call != id || now.Playing.Length < time.Second {
		t.Errorf("the status says %+v", now.Playing)
	}
	playback := func(what string) {
		t.Helper()
		e := events.heard(what, func(e phone.Event) bool { return e.Kind == phone.EventPlayback })
		if e.What != what || e.Playback.Call != id {
			t.Errorf("heard %q of %+v, want %q", e.What, e.Playback, what)
		}
	}
	playback("started")
	w.done("listen", `{"on":false}`)
	playback("stopped")
	w.done("listen", `{"call":"`+id+`"}`)
	playback("started")
	playback("ended")
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
