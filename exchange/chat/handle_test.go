package chat

import (
	"net"
	"testing"

	"go.mau.fi/whatsmeow/types"
)

// stand is a server with two accounts, whose clients are connections without a
// network: stanzas are handed in, and answers pile up in their queues.
type stand struct {
	s        *Server
	ann, bob *conn
	new      *conn // waits to be linked
}

func newStand(t testing.TB) *stand {
	t.Helper()
	s, err := New(Options{Relays: &relays{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	st := &stand{s: s}
	st.ann, st.bob = st.device("+15550100001"), st.device("+15550100002")
	st.new = st.conn()
	st.new.registration = &registration{conn: st.new, identity: randomBytes(32)}
	st.new.registration.newRef()
	return st
}

func (st *stand) conn() *conn {
	near, far := net.Pipe()
	_ = far.Close()
	return &conn{server: st.s, socket: near, queue: queue{wake: make(chan struct{}, 1)}}
}

func (st *stand) device(number string) *conn {
	a, err := st.s.AddAccount(number, "Somebody")
	if err != nil {
		panic(err)
	}
	c := st.conn()
	c.device = &device{
		account: a, id: 1, identity: randomBytes(32), registration: randomBytes(4), introduced: true,
		signed: publicKey{randomBytes(3), randomBytes(32), randomBytes(64)}, link: c, active: true, uploaded: true,
	}
	st.s.mu.Lock()
	defer st.s.mu.Unlock()
	a.devices[1] = c.device
	return c
}

// seeds are stanzas that reach deep.
func (st *stand) seeds() []node {
	ann, bob := st.ann.device.lid(), st.bob.device.lid()
	call := func(tag string, more attrs, content ...node) node {
		inner := attrs{"call-id": "00AB", "call-creator": ann}
		for k, v := range more {
			inner[k] = v
		}
		return node{Tag: "call", Attrs: attrs{"id": "1", "to": bob.ToNonAD()}, Content: []node{{Tag: tag, Attrs: inner, Content: content}}}
	}
	to := []node{
		{Tag: "to", Attrs: attrs{"jid": bob.ToNonAD()}, Content: []node{{Tag: "enc", Attrs: attrs{"type": "msg"}, Content: []byte{1}}}},
		{Tag: "to", Attrs: attrs{"jid": bob}, Content: []node{{Tag: "enc", Attrs: attrs{"type": "msg"}, Content: []byte{2}}}},
	}
	iq := func(ns, kind string, content ...node) node {
		return node{Tag: "iq", Attrs: attrs{"xmlns": ns, "type": kind, "id": "2", "to": types.ServerJID}, Content: content}
	}
	return []node{
		call("offer", nil, node{Tag: "audio"}, node{Tag: "net"}, node{Tag: "destination", Content: to}, node{Tag: "encopt"}),
		call("accept", nil), call("reject", attrs{"reason": "busy"}), call("terminate", nil, node{Tag: "destination", Content: to}),
		call("heartbeat", nil), call("duration", attrs{"audio_duration": "1000"}), call("relaylatency", nil, node{Tag: "te"}),
		{Tag: "message", Attrs: attrs{"id": "3", "to": bob.ToNonAD()}, Content: []node{{Tag: "participants", Content: to}}},
		{Tag: "receipt", Attrs: attrs{"id": "4", "to": bob, "type": "retry"}, Content: []node{{Tag: "retry"}}},
		{Tag: "ack", Attrs: attrs{"id": "5", "class": "call"}},
		{Tag: "presence", Attrs: attrs{"type": "subscribe", "to": bob.ToNonAD()}},
		{Tag: "chatstate", Attrs: attrs{"to": bob.ToNonAD()}, Content: []node{{Tag: "composing"}}},
		iq("encrypt", "get", node{Tag: "key", Content: []node{{Tag: "user", Attrs: attrs{"jid": bob}}}}),
		iq("encrypt", "get", node{Tag: "digest"}), iq("encrypt", "set", node{Tag: "rotate", Content: []node{{Tag: "skey"}}}),
		iq("usync", "get", node{Tag: "usync", Content: []node{
			{Tag: "query", Content: []node{{Tag: "devices"}, {Tag: "contact"}, {Tag: "lid"}}},
			{Tag: "list", Content: []node{{Tag: "user", Attrs: attrs{"jid": bob}}, {Tag: "user", Content: []node{{Tag: "contact", Content: "+15550100002"}}}}},
		}}),
		iq("w:sync:app:state", "set", node{Tag: "sync", Content: []node{{Tag: "collection", Attrs: attrs{"name": "regular", "version": "0"}, Content: []node{{Tag: "patch", Content: []byte{1}}}}}}),
		iq("blocklist", "set", node{Tag: "item", Attrs: attrs{"jid": bob, "action": "block"}}),
		iq("privacy", "set", node{Tag: "tokens", Content: []node{{Tag: "token", Attrs: attrs{"jid": bob, "type": "trusted_contact"}}}}),
		iq("md", "set", node{Tag: "link_code_companion_reg", Attrs: attrs{"stage": "companion_hello", "jid": bob.ToNonAD()}}),
		iq("md", "set", node{Tag: "link_code_companion_reg", Attrs: attrs{"stage": "companion_finish"}}),
		iq("md", "set", node{Tag: "passkey_prologue"}), iq("md", "get", node{Tag: "ref"}),
		iq("md", "set", node{Tag: "remove-companion-device", Attrs: attrs{"jid": ann}}),
		iq("passive", "set", node{Tag: "active"}),
	}
}

// FuzzHandle hands whatever decodes to a server that has a call going on, as a
// linked client, as its peer, and as a client that waits to be linked. Nothing
// may panic, and the call must still end.
func FuzzHandle(f *testing.F) {
	st := newStand(f)
	for _, n := range st.seeds() {
		frame, err := encode(n)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(frame)
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		n, err := decode(frame)
		if err != nil {
			return
		}
		st := newStand(t)
		offer := st.seeds()[0]
		st.s.handle(st.ann, &offer)
		for _, c := range []*conn{st.ann, st.bob, st.new} {
			st.s.handle(c, n)
		}
		for _, c := range st.s.Calls() {
			if c.State != CallEnded && !st.s.EndCall(c.ID, "timeout") {
				t.Error("a call cannot be ended any more")
			}
		}
	})
}

func TestEveryIQIsAnswered(t *testing.T) {
	st := newStand(t)
	for kind := range iqs {
		n := node{Tag: "iq", Attrs: attrs{"xmlns": kind[0], "type": kind[1], "id": "7"}}
		st.s.handle(st.ann, &n)
		batch, _ := st.ann.queue.take()
		if last := batch[len(batch)-1]; last.Tag != "iq" && last.Tag != "ib" || len(batch) == 0 {
			t.Errorf("%v was answered with <%s>", kind, last.Tag)
		}
	}
	unknown := node{Tag: "iq", Attrs: attrs{"xmlns": "w:unheard:of", "type": "get", "id": "8"}}
	st.s.handle(st.ann, &unknown)
	batch, _ := st.ann.queue.take()
	failure := child(&batch[0], "error")
	if failure.Attrs["code"] != errUnknown.code || st.s.RefusalCounts()[RuleUnknownStanza] != 1 {
		t.Errorf("an unknown iq was answered with %s", &batch[0])
	}
}
