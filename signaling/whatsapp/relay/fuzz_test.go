package relay

import (
	"net/netip"
	"strings"
	"testing"
	"time"
)

func FuzzSTUN(f *testing.F) {
	a := allocation{Token: figureToken, Endpoint: netip.MustParseAddrPort("157.240.226.133:3478"), Key: figureKey}
	f.Add([]byte(a.message(figureID)))
	f.Add([]byte(answerBinding(figureID, figureKey)))
	f.Add([]byte(success()))
	f.Add([]byte(newSTUN(nil, allocateError, figureID).attribute(attrErrorCode, []byte{0, 0, 4, 56})))
	f.Add([]byte(newSTUN(nil, pingAnswer, figureID)))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := parseSTUN(b)
		if err != nil {
			return
		}
		r, now := opened()
		if answer, _ := r.take(m, now); answer != nil && m.kind() != bindingRequest {
			t.Errorf("answered a message of type %04x", m.kind())
		}
		if code := m.refusal().Code; code < 0 || code > 7*100+255 {
			t.Errorf("code %d", code)
		}
	})
}

// FuzzMessage throws anything at a session that a relay could send.
func FuzzMessage(f *testing.F) {
	f.Add([]byte(success()), false)
	f.Add(unhex("90f800070000000012345678debe000017b30591a2650ed7bbae9c5ab746c03a"), true)
	f.Add(unhex("80c8000612345678ec1515a4ecc540811df43bd3c0f9ec86cb75a187800000014e1dccc5783c23a962c8"), true)
	f.Add(unhex("0907338f2900020a00c801e000000000000090780001000331808cd481d5"), false)
	_, _, blocks := newNet(1)
	f.Fuzz(func(t *testing.T, message []byte, known bool) {
		c := Config{Block: blocks[0], CallID: testCallID, CallKey: testCallKey, Own: callerID, Devices: []string{calleeID}}
		if known {
			c.Peer = calleeID
		}
		s, err := newSession(c)
		if err != nil {
			t.Fatal(err)
		}
		s.started = true
		l := newLeg(blocks[0].Endpoints[0], s.options)
		l.channel = discard{}
		r, _ := opened()
		l.reg = *r
		for range 3 {
			s.receive(l, message, time.Now())
		}
		if len(s.inbox.full) != 0 {
			t.Error("sound was delivered that nobody protected")
		}
		if len(s.inbox.free) != cap(s.inbox.free) {
			t.Error("a packet of the inbox got lost")
		}
	})
}

func FuzzBlock(f *testing.F) {
	f.Add("te2", []byte(te2v4), "token_id", "0")
	f.Add("te2", []byte(te2v6), "c2r_rtt", "45")
	f.Add("token", []byte("x"), "id", "63")
	f.Add("key", []byte(relayKey), "", "")
	f.Add("participant", []byte(nil), "jid", calleeID)
	f.Fuzz(func(t *testing.T, tag string, content []byte, name, value string) {
		n := sample()
		n.Children = append(n.Children, Node{Tag: tag, Content: content, Attrs: map[string]string{name: value}})
		b := ParseBlock(n)
		if len(b.Tokens) > maxTableEntries || len(b.Endpoints) > maxEndpoints || len(b.Key) > maxText {
			t.Errorf("beyond the bounds: %d tokens, %d endpoints, key of %d", len(b.Tokens), len(b.Endpoints), len(b.Key))
		}
		merged := ParseBlock(sample()).Merge(b)
		if merged.Check() == nil && len(merged.usable()) == 0 {
			t.Error("a block without relays passed")
		}
		for _, e := range merged.usable() {
			a := allocation{Token: merged.token(e), Endpoint: e.Addr, Key: merged.Key}
			if m, err := parseSTUN(a.message(figureID)); err != nil || !m.authentic(merged.Key) {
				t.Errorf("our own registration is unreadable: %v", err)
			}
			if strings.ContainsAny(answer(target{Addr: e.Addr, User: merged.user(e)}), "\x00") {
				t.Error("a zero byte in the session description")
			}
		}
	})
}
