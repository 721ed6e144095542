package relay

import (
	"net/netip"
	"testing"

	"github.com/pion/sctp"
)

// FuzzMessage feeds the channel of a leg that is bound by ICE and one that is
// not; whatever comes, nothing may be registered without its token and key.
func FuzzMessage(f *testing.F) {
	c, err := Open(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { c.Close() })
	g, err := c.Allocate("call", false)
	if err != nil {
		f.Fatal(err)
	}
	e := g.Endpoints[Caller][0]
	f.Add(newStun(allocateRequest, [12]byte{1}).add(attrToken, e.Auth).integrity([]byte("key")).b)
	f.Add(newStun(bindingRequest, [12]byte{1}).add(attrUsername, []byte("x:y")).integrity([]byte("key")).fingerprint().b)
	f.Add(newStun(bindingSuccess, [12]byte{1}).b)
	f.Add(rtp(1, "sound"))
	f.Add([]byte{0x80, 200, 0, 1, 0, 0, 0, 0})
	f.Add([]byte{9, 2, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		r := c.relays[0]
		for _, s := range []*seat{nil, r.seatByToken(e.Token)} {
			l := makeLeg(r, netip.MustParseAddrPort("127.0.0.1:9"))
			l.seat.Store(s)
			l.receive(nil, sctp.PayloadTypeWebRTCBinary, b)
			l.receive(nil, sctp.PayloadTypeWebRTCString, b)
			if l.allocated.Load() != 0 {
				t.Fatalf("registered by % x", b)
			}
			l.close("")
		}
		orderedChunks(b)
	})
}

// FuzzDatagram feeds a relay's socket with what is not DTLS.
func FuzzDatagram(f *testing.F) {
	c, err := Open(Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { c.Close() })
	g, err := c.Allocate("call", false)
	if err != nil {
		f.Fatal(err)
	}
	check := newStun(bindingRequest, [12]byte{5}).add(attrUsername, []byte(username(g.Endpoints[Caller][0].Auth)+":me"))
	f.Add(check.integrity([]byte("not the key")).fingerprint().b)
	f.Add([]byte{20, 254, 253, 0, 0})
	f.Add(rtp(1, "raw sound"))
	f.Fuzz(func(t *testing.T, b []byte) {
		const handshake = 22 // would start a real one; pion's own fuzzers cover it
		if len(b) == 0 || b[0] == handshake {
			return
		}
		c.relays[0].receive(b, netip.MustParseAddrPort("127.0.0.1:9"))
		for _, l := range c.relays[0].allLegs() {
			if l.seat.Load() != nil || l.started {
				t.Fatalf("a leg was opened by % x", b)
			}
			c.relays[0].forget(l)
		}
	})
}

// FuzzToken guesses at tokens and user names.
func FuzzToken(f *testing.F) {
	c, err := Open(Options{Relays: 2})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { c.Close() })
	g, err := c.Allocate("call", false)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(g.Endpoints[Callee][1].Token)
	f.Add(g.Endpoints[Callee][0].Auth)
	f.Add([]byte(username(g.Endpoints[Callee][1].Token) + ":"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, token []byte) {
		r := c.relays[0]
		m, err := parseStun(newStun(allocateRequest, [12]byte{}).add(attrToken, token[:min(len(token), 1200)]).integrity([]byte(g.KeyText())).b)
		if err != nil {
			t.Fatal(err)
		}
		l := makeLeg(r, netip.MustParseAddrPort("127.0.0.1:9"))
		if s, code, _ := l.admission(m); code == 0 && string(s.endpoint.Token) != string(token) {
			t.Fatalf("token % x was taken for another", token)
		}
		l.close("")
	})
}
