package stanza

import (
	"encoding/hex"
	"regexp"
	"strings"
	"testing"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// tags lists the children of an element in order, with their telling
// attribute.
func tags(n node) string {
	var list []string
	for _, c := range n.GetChildren() {
		text := c.Tag
		for _, key := range []string{"rate", "medium", "keygen", "reason", "enc"} {
			if v, ok := c.Attrs[key].(string); ok && key != "enc" {
				text += "=" + v
			}
		}
		list = append(list, text)
	}
	return strings.Join(list, " ")
}

func keyFor(devices ...types.JID) (keys []node) {
	for _, d := range devices {
		keys = append(keys, with("to", attrs{"jid": d}, raw("enc", attrs{"v": "2", "type": "msg", "count": "0"}, []byte{1})))
	}
	return keys
}

func spec() OfferSpec {
	identity := raw("device-identity", nil, []byte{1})
	return OfferSpec{
		Ref: ref, Callee: bob, Devices: 2, Keys: keyFor(bob, bob17), Identity: &identity, Token: []byte{4, 1}, TokenTag: "privacy",
		Rates: []int{8000, 16000}, Capability: WebCapability.Without(MLow),
	}
}

func TestTheOfferHasTheOrderThatTheServerEnforces(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*OfferSpec)
		want string
	}{
		{"everything", func(*OfferSpec) {}, "privacy audio=8000 audio=16000 net=3 capability destination encopt=2 device-identity"},
		{"no token", func(s *OfferSpec) { s.Token = nil }, "audio=8000 audio=16000 net=3 capability destination encopt=2 device-identity"},
		{"all sessions known", func(s *OfferSpec) { s.Identity = nil }, "privacy audio=8000 audio=16000 net=3 capability destination encopt=2"},
		{"video", func(s *OfferSpec) { s.Video = true }, "privacy audio=8000 audio=16000 video net=3 capability destination encopt=2 device-identity"},
		{"one device", func(s *OfferSpec) { s.Devices, s.Keys = 1, keyFor(bob17) }, "privacy audio=8000 audio=16000 net=3 capability enc encopt=2 device-identity"},
		{"two devices, one encrypted", func(s *OfferSpec) { s.Keys = keyFor(bob17) }, "privacy audio=8000 audio=16000 net=3 capability destination encopt=2 device-identity"},
		{"no keys at all", func(s *OfferSpec) { s.Keys, s.Identity = nil, nil }, "privacy audio=8000 audio=16000 net=3 capability encopt=2"},
		{"wideband only", func(s *OfferSpec) { s.Rates = []int{16000} }, "privacy audio=16000 net=3 capability destination encopt=2 device-identity"},
		{"overlay before encopt", func(s *OfferSpec) { s.Overlay = OverlayBeforeEncopt }, "privacy audio=8000 audio=16000 net=3 capability destination voip_settings encopt=2 device-identity"},
		{"overlay last", func(s *OfferSpec) { s.Overlay = OverlayLast }, "privacy audio=8000 audio=16000 net=3 capability destination encopt=2 device-identity voip_settings"},
		{"the other token", func(s *OfferSpec) { s.TokenTag = "tctoken" }, "tctoken audio=8000 audio=16000 net=3 capability destination encopt=2 device-identity"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := spec()
			c.edit(&s)
			if got := tags(OfferDraft(s).Child); got != c.want {
				t.Errorf("children are\n%s, want\n%s", got, c.want)
			}
		})
	}
}

func TestAnOfferToOneDeviceIsAddressedToIt(t *testing.T) {
	s := spec()
	if to := OfferDraft(s).To; to != bob {
		t.Errorf("several devices: to %v", to)
	}
	s.Devices, s.Keys = 1, keyFor(bob17)
	if to := OfferDraft(s).To; to != bob17 {
		t.Errorf("one device: to %v", to)
	}
}

func TestStanzasAreAsCaptured(t *testing.T) {
	meta := &Metadata{Bucket: "b", BucketIDs: "1,2"}
	for _, c := range []struct {
		name  string
		draft Draft
		to    types.JID
		want  string // tag, attributes in alphabetical order, children
	}{
		{"preaccept", PreacceptDraft(ref, ann, WebCapability), ann, "preaccept | audio=16000 encopt=2 capability"},
		{"accept of WhatsApp Web", AcceptDraft(AcceptSpec{Ref: ref, To: ann, Metadata: meta}), ann, "accept | audio=16000 net=2 encopt=2 metadata"},
		{"accept that selects Opus", AcceptDraft(AcceptSpec{Ref: ref, To: ann, Capability: WebCapability, Overlay: true}), ann, "accept | audio=16000 net=2 encopt=2 capability voip_settings"},
		{"reject", RejectDraft(ref, ann, ""), ann, "reject count=0 |"},
		{"reject busy", RejectDraft(ref, ann, "busy"), ann, "reject count=0 reason=busy |"},
		{"reject enc", EncRejectDraft(ref, ann, 2, 258), ann, "reject count=2 reason=enc | registration"},
		{"terminate", TerminateDraft(ref, bob17, "", nil), bob17, "terminate |"},
		{"terminate of siblings", TerminateDraft(ref, bob, "accepted_elsewhere", []types.JID{bob, bob16}), bob, "terminate reason=accepted_elsewhere | destination"},
		{"transport", TransportDraft(ref, bob17), bob17, "transport p2p-cand-round=1 transport-message-type=1 | net=2"},
		{"mute", MuteDraft(ref, bob17, true), bob17, "mute_v2 mute-state=1 |"},
		{"unmute", MuteDraft(ref, bob17, false), bob17, "mute_v2 mute-state=0 |"},
		{"latency to all", LatencyDraft(ref, bob, "mxp2c01", 105*time.Millisecond, []byte{1}, []types.JID{bob}), bob, "relaylatency | te destination"},
		{"latency to one", LatencyDraft(ref, bob17, "mxp2c01", 105*time.Millisecond, []byte{1}, nil), bob17, "relaylatency | te"},
		{"heartbeat", HeartbeatDraft(ref), types.JID{User: ref.ID, Server: "call"}, "heartbeat |"},
		{"duration", DurationDraft(ref, bob17, 4197*time.Millisecond, false), types.JID{Server: "call"}, "duration audio_duration=4197 type=1x1 |"},
		{"duration in seconds", DurationDraft(ref, bob17, 4197*time.Millisecond, true), types.JID{Server: "call"}, "duration audio_duration=4 type=1x1 |"},
		{"video refused", VideoStateDraft(ref, bob17, 5), bob17, "video state=5 |"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := outline(c.draft.Child); got != c.want || c.draft.To != c.to {
				t.Errorf("%q to %v, want %q to %v", got, c.draft.To, c.want, c.to)
			}
			assertSendable(t, c.draft)
		})
	}
}

func outline(n node) string {
	text := n.Tag
	for _, key := range []string{"audio_duration", "count", "mute-state", "p2p-cand-round", "reason", "state", "transport-message-type", "type"} {
		if v, ok := n.Attrs[key].(string); ok {
			text += " " + key + "=" + v
		}
	}
	return strings.TrimSuffix(text+" | "+tags(n), " ")
}

// assertSendable puts a draft through the real encoder and back: ids, typed
// JIDs and the call's reference must survive.
func assertSendable(t *testing.T, d Draft) {
	t.Helper()
	b, err := waBinary.Marshal(d.With("3EB0"))
	if err != nil {
		t.Fatal(err)
	}
	n, err := waBinary.Unmarshal(b[1:])
	if err != nil {
		t.Fatal(err)
	}
	c := n.GetChildren()[0]
	if n.Attrs["id"] != "3EB0" || !SameDevice(jid(n, "to"), d.To) || !SameDevice(jid(&c, "call-creator"), ref.Creator) || text(&c, "call-id") != ref.ID {
		t.Errorf("after the encoder: %v", n)
	}
}

func TestLatenciesCarryTheFlagAndStayPlausible(t *testing.T) {
	for rtt, want := range map[time.Duration]string{105 * time.Millisecond: "33554537", 45 * time.Millisecond: "33554477", 0: "33554433", time.Hour: "33614432"} {
		d := LatencyDraft(ref, bob, "r", rtt, nil, nil)
		te := d.Child.GetChildren()[0]
		if te.Attrs["latency"] != want {
			t.Errorf("%v is written %v, want %v", rtt, te.Attrs["latency"], want)
		}
	}
}

func TestConfirmations(t *testing.T) {
	offer := parse(t, "offer")
	r := ReceiptFor(offer)
	if !offer.WantsReceipt() || r.Tag != "receipt" || r.Attrs["id"] != offer.Stanza || r.Attrs["to"] != offer.From || tags(r) != "offer" || r.Attrs["from"] != nil {
		t.Errorf("receipt %v", r)
	}
	for name := range delivered() {
		s := parse(t, name)
		if want := name == "offer" || strings.HasPrefix(name, "reject") || name == "accept" || name == "enc_rekey" || strings.HasSuffix(name, " offer"); s.WantsReceipt() != want {
			t.Errorf("%s: wants a receipt: %v", name, s.WantsReceipt())
		}
	}
	video := parse(t, "video")
	video.Participant, video.Recipient = bob16, bob
	if a := AckFor(video); a.Attrs["type"] != "video" || a.Attrs["class"] != "call" || a.Attrs["participant"] != bob16 || a.Attrs["recipient"] != bob {
		t.Errorf("ack %v", a)
	}
	retry := RekeyRetry(parse(t, "enc_rekey"), 258)
	reg, rekey := retry.GetChildByTag("registration"), retry.GetChildByTag("enc_rekey")
	if retry.Attrs["type"] != "enc_rekey_retry" || rekey.Attrs["count"] != "2" || hex.EncodeToString(reg.Content.([]byte)) != "00000102" {
		t.Errorf("retry %v", retry)
	}
}

func TestOnlyTheMLowBitChanges(t *testing.T) {
	for in, want := range map[string]string{
		"0105f709e4bb13": "0105f709e43b13", "0105f709e0bb13": "0105f709e03b13", "0105f709e0bb07": "0105f709e03b07", "0105f709e0fa13": "0105f709e07a13",
		"0104ff83cf04": "0104ff83cf04", "": "", "01": "01",
	} {
		blob, _ := hex.DecodeString(in)
		if got := hex.EncodeToString(Capability(blob).Without(MLow)); got != want {
			t.Errorf("%s becomes %s, want %s", in, got, want)
		}
	}
	if !WebCapability.Has(MLow) || WebCapability.Without(MLow).Has(MLow) || !WebCapability.Has(18) || LeanCapability.Has(18) || WebCapability.Has(500) || WebCapability.Has(-1) {
		t.Error("bits are read wrong")
	}
}

func TestCallIDsLookLikeThoseOfWhatsAppWeb(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		id := NewCallID()
		if !regexp.MustCompile(`^00[0-9A-F]{30}$`).MatchString(id) || seen[id] {
			t.Fatalf("call id %q", id)
		}
		seen[id] = true
	}
}

func TestDevicesAreWrittenForKeysWithTheirNumber(t *testing.T) {
	for j, want := range map[types.JID]string{bob: "100000000000002:0@lid", bob17: "100000000000002:17@lid", {User: "1", Device: 2, RawAgent: 1, Server: "lid"}: "1:2@lid"} {
		if got := DeviceText(j); got != want {
			t.Errorf("%v is written %s, want %s", j, got, want)
		}
	}
}
