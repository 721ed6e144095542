package stanza

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types"

	"tring/signaling/whatsapp/stanza/stanzatest"
)

func parse(t *testing.T, name string) Signal {
	t.Helper()
	n, ok := delivered()[name]
	if !ok {
		t.Fatalf("no shape %q", name)
	}
	s, err := Parse(&n)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}

func TestTheOfferIsReadWhole(t *testing.T) {
	s := parse(t, "offer")
	b := s.Body
	if s.Kind != Offer || s.Ref != ref || s.Stanza != "66.77-88" || s.From != ann || s.PushName != "Bob" || s.Platform != "web" {
		t.Errorf("envelope: %+v", s)
	}
	if s.Time.Unix() != 1747220000 || s.Offline || s.Age != 0 {
		t.Errorf("times: %v offline %v age %v", s.Time, s.Offline, s.Age)
	}
	if !reflect.DeepEqual(b.Rates, []int{16000, 8000}) || b.Video || b.GroupCall || b.CallerPN != annPN {
		t.Errorf("body: %+v", b)
	}
	if !b.Capability.Has(MLow) || b.Metadata.BucketIDs != "117616,99772" {
		t.Errorf("capability %x, metadata %v", b.Capability, b.Metadata)
	}
	key, ok := b.Key(bob17)
	if !ok || key.Type != "pkmsg" || key.Count != 0 {
		t.Errorf("key: %+v %v", key, ok)
	}
	want := Settings{Known: true, RingTimeout: 90 * time.Second, Duration: true}
	if b.Settings != want {
		t.Errorf("settings %+v, want %+v", b.Settings, want)
	}
	if b.Relay == nil || len(b.Relay.Endpoints) != 2 || len(b.Relay.Tokens) != 3 || b.Relay.Key != "AAECAwQFBgcICQoLDA0ODw==" || b.Relay.Peer() != DeviceText(ann) {
		t.Errorf("relay: %+v", b.Relay)
	}
}

func TestEveryKindIsUnderstood(t *testing.T) {
	for name, want := range map[string]func(s Signal) bool{
		"video offer":  func(s Signal) bool { return s.Kind == Offer && s.Body.Video },
		"group offer":  func(s Signal) bool { return s.Body.GroupCall && s.Body.Video && len(s.Body.Members) == 1 },
		"offer notice": func(s Signal) bool { return s.Kind == OfferNotice && s.Body.GroupCall && s.Body.Video },
		"preaccept":    func(s Signal) bool { return s.Kind == Preaccept && s.Body.Capability.Has(MLow) },
		"accept": func(s Signal) bool {
			return s.Kind == Accept && s.Body.Relay != nil && s.Body.Offers(16000) && !s.Body.Offers(8000)
		},
		"reject":      func(s Signal) bool { return s.Kind == Reject && s.Body.Reason == "" },
		"reject busy": func(s Signal) bool { return s.Body.Reason == "busy" },
		"reject enc":  func(s Signal) bool { return s.Body.Reason == "enc" && s.Body.Count == 1 },
		"terminate":   func(s Signal) bool { return s.Kind == Terminate && s.Body.Reason == "accepted_elsewhere" },
		"transport":   func(s Signal) bool { return s.Kind == Transport && s.Body.Type == 1 },
		"relaylatency": func(s Signal) bool {
			return s.Body.Latency.RTT == 105*time.Millisecond && s.Body.Latency.Relay == "mxp2c01"
		},
		"mute_v2":      func(s Signal) bool { return s.Kind == Mute && s.Body.Muted },
		"video":        func(s Signal) bool { return s.Kind == Video && s.Body.VideoState == 11 },
		"enc_rekey":    func(s Signal) bool { return s.Kind == EncRekey && s.Body.Txn == 2 && s.Body.Enc[0].Count == 1 },
		"group_update": func(s Signal) bool { return s.Kind == GroupUpdate && len(s.Body.Members) == 3 },
	} {
		t.Run(name, func(t *testing.T) {
			if s := parse(t, name); !want(s) {
				t.Errorf("read as %+v", s)
			}
		})
	}
}

func TestOddButAllowedSpellings(t *testing.T) {
	t.Run("a sibling child does not hide the action", func(t *testing.T) {
		n := delivered()["terminate"]
		n.Content = append([]node{with("extra", nil)}, n.GetChildren()...)
		if s, err := Parse(&n); err != nil || s.Kind != Terminate {
			t.Errorf("%v %v", s.Kind, err)
		}
	})
	t.Run("a key inside a destination is found by device", func(t *testing.T) {
		n := with("call", attrs{"from": ann, "id": "1"}, with("offer", refAttrs(nil), with("destination", nil,
			with("to", attrs{"jid": bob}, raw("enc", attrs{"type": "msg"}, []byte{1})),
			with("to", attrs{"jid": bob17}, raw("enc", attrs{"type": "pkmsg"}, []byte{2})))))
		s, _ := Parse(&n)
		if e, ok := s.Body.Key(types.JID{User: bob.User, Device: 17, Server: "lid", RawAgent: 1}); !ok || e.Type != "pkmsg" {
			t.Errorf("key %+v %v", e, ok)
		}
		if _, ok := s.Body.Key(bob16); ok {
			t.Error("found a key for a device that has none")
		}
	})
	t.Run("the participant is the device", func(t *testing.T) {
		n := delivered()["terminate"]
		n.Attrs["participant"] = bob16
		if s, _ := Parse(&n); s.Device() != bob16 {
			t.Errorf("device %v", s.Device())
		}
	})
	t.Run("offline counts whatever it says", func(t *testing.T) {
		n := delivered()["offer"]
		n.Attrs["offline"] = "0"
		if s, _ := Parse(&n); !s.Offline {
			t.Error("not offline")
		}
	})
	t.Run("joinable alone is no group call", func(t *testing.T) {
		if parse(t, "offer").Body.GroupCall {
			t.Error("a call of two was taken for a group call")
		}
	})
	t.Run("compressed settings are ignored", func(t *testing.T) {
		if s := parseSettings(&node{Tag: "voip_settings", Content: []byte(stanzatest.SettingsJSON)}); s.Known {
			t.Errorf("%+v", s)
		}
	})
	t.Run("settings of other types than text are ignored", func(t *testing.T) {
		n := raw("voip_settings", attrs{"uncompressed": "1"}, []byte(`{"encode":{"use_mlow_codec_v1":false},"options":{"caller_timeout":90}}`))
		if s := parseSettings(&n); s.Opus || s.RingTimeout != 0 {
			t.Errorf("%+v", s)
		}
	})
}

func TestWhatIsNoCallIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		n    *node
		want error
	}{
		"nothing":              {nil, ErrNotCall},
		"another stanza":       {&node{Tag: "message"}, ErrNotCall},
		"no child":             {&node{Tag: "call", Attrs: attrs{"id": "1", "from": ann}}, ErrNoAction},
		"an unknown child":     {&node{Tag: "call", Content: []node{{Tag: "x"}}}, ErrNoAction},
		"no call id":           {&node{Tag: "call", Attrs: attrs{"id": "1", "from": ann}, Content: []node{{Tag: "offer", Attrs: attrs{"call-creator": ann}}}}, ErrNoRef},
		"no creator":           {&node{Tag: "call", Attrs: attrs{"id": "1", "from": ann}, Content: []node{{Tag: "offer", Attrs: attrs{"call-id": "1"}}}}, ErrNoRef},
		"no sender":            {&node{Tag: "call", Attrs: attrs{"id": "1"}, Content: []node{{Tag: "offer", Attrs: refAttrs(nil)}}}, ErrNoAddress},
		"an id with a newline": {&node{Tag: "call", Attrs: attrs{"id": "1", "from": ann}, Content: []node{{Tag: "offer", Attrs: attrs{"call-id": "a\nb", "call-creator": ann}}}}, ErrNoRef},
	} {
		if _, err := Parse(c.n); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestTheAckOfAnOfferIsReadWhole(t *testing.T) {
	n := deliveredAck()
	a, err := ParseAck(&n)
	if err != nil || a.Code != 0 || a.Stanza != "3EB0AA" || a.Type != Offer || a.CallID != ref.ID {
		t.Fatalf("%+v %v", a, err)
	}
	if a.Relay == nil || len(a.Devices) != 2 || a.Settings[bob17].RingTimeout != 90*time.Second {
		t.Errorf("%+v", a)
	}
	refused := with("ack", attrs{"class": "call", "id": "1", "error": "463"}, with("error", attrs{"call-id": ref.ID}))
	if a, err := ParseAck(&refused); err != nil || a.Code != 463 || a.CallID != ref.ID {
		t.Errorf("%+v %v", a, err)
	}
	odd := with("ack", attrs{"class": "call", "id": "1", "error": "none of your business"})
	if a, _ := ParseAck(&odd); a.Code != 500 {
		t.Errorf("an error that is no number reads as %d", a.Code)
	}
	other := with("ack", attrs{"class": "message", "id": "1"})
	if _, err := ParseAck(&other); !errors.Is(err, ErrNotAck) {
		t.Errorf("the ack of a message: %v", err)
	}
}

func TestAReceiptNamesItsCall(t *testing.T) {
	n := deliveredReceipt()
	r, err := ParseReceipt(&n)
	if err != nil || r.Kind != Offer || r.Ref != ref || r.From != bob17 {
		t.Errorf("%+v %v", r, err)
	}
	plain := with("receipt", attrs{"id": "1"})
	if _, err := ParseReceipt(&plain); !errors.Is(err, ErrNotReceipt) {
		t.Errorf("the receipt of a message: %v", err)
	}
}

func TestEveryShapeWithEachFieldDamagedIsSurvived(t *testing.T) {
	shapes := delivered()
	shapes["ack"], shapes["receipt"] = deliveredAck(), deliveredReceipt()
	total := 0
	for name, n := range shapes {
		stanzatest.Damaged(n, func(what string, broken node) {
			total++
			s, err := Parse(&broken)
			if err == nil && (s.Ref.ID == "" || s.Ref.Creator.IsEmpty() || s.From.IsEmpty() || s.Stanza == "") {
				t.Errorf("%s with %s: accepted without its reference: %+v", name, what, s)
			}
			if err == nil {
				use(s)
			}
			ParseAck(&broken)
			ParseReceipt(&broken)
		})
	}
	if total < 2000 {
		t.Errorf("only %d damaged stanzas were tried", total)
	}
}

// use reads a signal the way that its consumers do.
func use(s Signal) {
	s.Body.Key(bob17)
	s.Body.Offers(16000)
	_ = fmt.Sprint(s.Device(), s.WantsReceipt(), s.Body.Capability.Has(MLow), s.Body.Capability.Without(MLow))
	if s.WantsReceipt() {
		ReceiptFor(s)
	}
	AckFor(s)
	RekeyRetry(s, 1)
}
