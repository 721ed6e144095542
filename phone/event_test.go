package phone_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"tring/phone"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(phone.EventSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("event.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("event.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// valid checks an event against the schema, and that it comes back the same.
func valid(t *testing.T, s *jsonschema.Schema, e phone.Event) {
	t.Helper()
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(doc); err != nil {
		t.Errorf("%s\n%v", text, err)
	}
	var back phone.Event
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || !bytes.Equal(text, again) {
		t.Errorf("written and read again it is\n%s, want\n%s (%v)", again, text, err)
	}
}

// full sets every field of a value that can be set, so that a field without a
// place in the schema is found.
func full(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		full(v.Elem())
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			full(v.Field(i))
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString("+1")
	case reflect.Float64:
		v.SetFloat(1)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint64:
		v.SetUint(1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		full(v.Index(0))
	}
}

func TestTheSchemaHasEveryField(t *testing.T) {
	var e phone.Event
	full(reflect.ValueOf(&e).Elem())
	e.Kind, e.Pairing = phone.EventEnded, nil
	e.Info.Kind, e.Info.Status = phone.PersonalLine, phone.LineReady
	e.Playback.Call = "c1"
	c := e.Call
	c.ID, c.LineKind, c.Direction, c.Action, c.Me, c.Outcome = "c1", phone.BusinessLine, phone.Inbound, phone.ActionRing, phone.DND, phone.OutcomeAnswered
	valid(t, schema(t), e)
}

func TestTheSchemaHasEveryWord(t *testing.T) {
	s := schema(t)
	began := time.Now()
	for _, state := range []phone.State{phone.Idle, phone.Calling, phone.Ringing, phone.Incoming, phone.Connecting, phone.Established, phone.Terminated} {
		valid(t, s, phone.Event{At: began, Kind: phone.EventState, Call: &phone.Call{
			ID: "c1", LineKind: phone.PersonalLine, Direction: phone.Outbound, State: state, Started: began,
		}})
	}
	for st := phone.LineOffline; st <= phone.LineReady; st++ {
		valid(t, s, phone.Event{At: began, Kind: phone.EventLine, Info: &phone.LineInfo{Kind: phone.BusinessLine, Status: st}})
	}
}

// TestEventsOfAStory validates everything that a long story tells.
func TestEventsOfAStory(t *testing.T) {
	s := schema(t)
	var d desk
	tell(t, d.sounding, func(st *story) {
		leg, c := st.ringFrom(st.far)
		farEnd(st, leg)
		st.must(st.Answer(st.ctx(), c.ID))
		st.must(leg.SendDigits(st.ctx(), "5"))
		st.must(st.Mute(st.ctx(), "", true))
		st.must(st.Hold(st.ctx(), ""))
		st.must(st.Note(st.ctx(), c.ID, "about the dog"))
		st.pass(3 * time.Second)
		st.must(st.HangUp(st.ctx(), c.ID))
		st.must(st.SendText(st.ctx(), "", farNumber, "hello"))
		st.ours.Tell(phone.OfferMissed{Offer: phone.IncomingOffer{ID: "M", From: phone.Party{LID: "1@lid"}}, Cause: phone.Cancelled})
		st.must(st.SetPresence(st.ctx(), phone.Away))
		st.mu.Lock()
		defer st.mu.Unlock()
		kinds := map[phone.EventKind]bool{}
		for _, e := range st.events {
			kinds[e.Kind] = true
			valid(t, s, e)
		}
		for _, k := range []phone.EventKind{
			phone.EventOffer, phone.EventState, phone.EventChanged, phone.EventDigit, phone.EventEnded,
			phone.EventMissed, phone.EventText, phone.EventPresence, phone.EventLine, phone.EventDevices, phone.EventContacts, phone.EventSnapshot,
		} {
			if !kinds[k] {
				t.Errorf("the story told no %q", k)
			}
		}
	})
}

func TestFollowReplaysAndGoesOn(t *testing.T) {
	tell(t, nil, func(s *story) {
		_, first := s.talk(s.far)
		s.must(s.HangUp(s.ctx(), ""))
		events := s.Follow(s.ctx(), time.Time{})
		_, second := s.talk(s.third) // happens while nobody reads
		s.must(s.HangUp(s.ctx(), ""))
		seqs := map[uint64]bool{}
		var ended []string
		for len(ended) < 2 {
			e := <-events
			if seqs[e.Seq] || e.Seq == 0 {
				t.Fatalf("event %d came twice, or is not stored: %+v", e.Seq, e)
			}
			seqs[e.Seq] = true
			if e.Kind == phone.EventEnded {
				ended = append(ended, e.Call.ID)
			}
		}
		if !slices.Equal(ended, []string{first.ID, second.ID}) {
			t.Errorf("ended %v", ended)
		}
		s.quitPhone()
		for range events {
		} // ends with the phone
	})
}

func TestAWatcherThatSleepsGetsANewPicture(t *testing.T) {
	tell(t, nil, func(s *story) {
		_, c := s.talk(s.far)
		asleep := s.Watch(s.ctx())
		for i := range 5000 {
			if err := s.Mute(s.ctx(), c.ID, i%2 == 0); err != nil {
				t.Fatal(err)
			}
		}
		s.must(s.Mute(s.ctx(), c.ID, true))
		n, pictures := 0, 0
		var last phone.Event
		for {
			s.pass(0)
			select {
			case e := <-asleep:
				n++
				if e.Kind == phone.EventSnapshot {
					pictures++
				}
				if e.Call != nil {
					last = e
				}
				continue
			default:
			}
			break
		}
		// What was being handed over, and what may wait behind it.
		if n > 2*1024+10 || pictures < 2 {
			t.Errorf("it was told %d events with %d pictures", n, pictures)
		}
		if !last.Call.Muted {
			t.Error("what it was told last is not the present")
		}
	})
}

func TestWatchStartsWithThePresent(t *testing.T) {
	tell(t, nil, func(s *story) {
		_, c := s.talk(s.far)
		events := s.Watch(s.ctx())
		var got []phone.EventKind
		for e := range events {
			if !e.Replayed {
				t.Errorf("%s is not marked as replayed", e.Kind)
			}
			if e.Call != nil && (e.Call.ID != c.ID || e.Call.State != phone.Established) {
				t.Errorf("the call is shown as %+v", e.Call)
			}
			if got = append(got, e.Kind); e.Kind == phone.EventSnapshot {
				break
			}
		}
		if want := []phone.EventKind{phone.EventLine, phone.EventState, phone.EventPresence, phone.EventSnapshot}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}
