package relay_test

import (
	"context"
	"testing"
	"time"

	exchange "tring/exchange/relay"

	"tring/audio"
	"tring/signaling/whatsapp/e2e"
	"tring/signaling/whatsapp/relay"
)

const (
	callID   = "00112233445566778899AABBCCDDEEFF"
	callerID = "111111111111111:3@lid"
	calleeID = "222222222222222:44@lid"
)

var callKey = e2e.CallKey{1, 2, 3}

// call is both ends of a call over the exchange's relays.
type call struct {
	t       testing.TB
	cluster *exchange.Cluster
	blocks  [2]relay.Block
	options relay.Options
}

func newCall(t testing.TB, o exchange.Options, options relay.Options) *call {
	t.Helper()
	cluster, err := exchange.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	grant, err := cluster.Allocate(callID, false)
	if err != nil {
		t.Fatal(err)
	}
	c := &call{t: t, cluster: cluster, options: options}
	for side := range c.blocks {
		c.blocks[side] = blockOf(grant, side, cluster.Fingerprint())
	}
	return c
}

// blockOf is what signalling tells one side of a grant.
func blockOf(g *exchange.Grant, side int, fingerprint string) relay.Block {
	b := relay.Block{UUID: g.UUID, Key: g.KeyText(), HopKey: g.HopKey[:], SelfPID: side + 1, PeerPID: 2 - side}
	for i, e := range g.Endpoints[side] {
		b.Tokens = append(b.Tokens, e.Token)
		b.AuthTokens = append(b.AuthTokens, e.Auth)
		b.Endpoints = append(b.Endpoints, relay.Endpoint{
			ID: i, Name: e.Name, Addr: e.Addr, TokenID: i, AuthTokenID: i, FNA: e.FNA, RTT: e.RTT, Fingerprint: fingerprint,
		})
	}
	return b
}

// open opens one end; the other end's device is known.
func (c *call) open(side int) *relay.Session {
	c.t.Helper()
	own, peer := callerID, calleeID
	if side == 1 {
		own, peer = peer, own
	}
	s, err := relay.Open(context.Background(), relay.Config{
		Block: c.blocks[side], CallID: callID, CallKey: callKey, Own: own, Peer: peer,
		Caller: side == 0, Options: c.options,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { s.Close() })
	return s
}

// await reads events until one of a kind comes.
func await(t testing.TB, s *relay.Session, kind relay.EventKind) relay.Event {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		select {
		case e, ok := <-s.Events():
			if !ok {
				t.Fatalf("the session ended before %q", kind)
			}
			if e.Kind == kind {
				return e
			}
			if e.Kind == relay.Lost {
				t.Fatalf("the media were lost before %q: %v", kind, e.Err)
			}
		case <-deadline:
			t.Fatalf("%q did not come; legs: %+v", kind, s.Legs())
		}
	}
}

// talk writes a frame of speech every 60 ms until stop is closed.
func talk(s *relay.Session, stop <-chan struct{}) {
	tick := time.NewTicker(60 * time.Millisecond)
	defer tick.Stop()
	frame := make([]byte, 130)
	frame[0] = 0x58
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			s.WritePacket(frame, 960, false)
		}
	}
}

// hearSpeech reads until n packets of speech have come.
func hearSpeech(t testing.TB, s *relay.Session, n int) {
	t.Helper()
	var p audio.Packet
	for n > 0 {
		if err := s.ReadPacket(&p); err != nil {
			t.Fatalf("reading sound: %v", err)
		}
		if len(p.Payload) > 2 {
			n--
		}
	}
}

// eachTransport runs a test over all three, beside other tests: they wait for
// networks, not for processors.
func eachTransport(t *testing.T, test func(t *testing.T, options relay.Options)) {
	t.Parallel()
	for _, transport := range []relay.Transport{relay.ICESCTP, relay.PeerConnection, relay.DTLSUDP} {
		t.Run(string(transport), func(t *testing.T) {
			test(t, relay.Options{Transport: transport})
		})
	}
}
