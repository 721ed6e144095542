package relay

import (
	"net/netip"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkRoute is our own share of forwarding a packet: classify it, check
// the sender, find the listener, count. It must not allocate.
func BenchmarkRoute(b *testing.B) {
	c, err := Open(Options{Timers: Timers{Lease: time.Hour, Proof: time.Hour}})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	g, err := c.Allocate("call", false)
	if err != nil {
		b.Fatal(err)
	}
	legs := [2]*leg{}
	for side := range legs {
		s := c.relays[0].seatByToken(g.Endpoints[side][0].Token)
		legs[side] = makeLeg(c.relays[0], netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(9+side)))
		legs[side].claim(s)
		s.sit(legs[side])
		legs[side].allocated.Store(1)
	}
	packet := rtp(1, string(make([]byte, 120)))
	b.ReportAllocs()
	for b.Loop() {
		if classify(packet) == mediaPacket {
			legs[Caller].forward(packet)
		}
	}
}

// benchPhones binds the given sides of one call.
func benchPhones(b *testing.B, sides ...Side) (*Cluster, []*testPhone) {
	c, err := Open(Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	g, err := c.Allocate("call", false)
	if err != nil {
		b.Fatal(err)
	}
	phones := make([]*testPhone, len(sides))
	for i, side := range sides {
		if phones[i], err = dialPhone(b.Context(), b, g, g.Endpoints[side][0], phoneOptions{}); err != nil {
			b.Fatal(err)
		}
		phones[i].allocate()
	}
	return c, phones
}

// pump sends packets, at most 32 ahead of what done counts.
func pump(b *testing.B, p *testPhone, done func() int64) {
	packet := rtp(1, string(make([]byte, 120)))
	start := done()
	b.ReportAllocs()
	for sent := start; b.Loop(); {
		p.send(packet)
		for sent++; sent-done() > 32; {
			time.Sleep(10 * time.Microsecond)
		}
	}
	b.ReportMetric(float64(done()-start)/b.Elapsed().Seconds(), "packets/s")
}

// BenchmarkForward sends packets through the whole relay: two phones, UDP,
// DTLS and SCTP on both sides. Allocations include pion's, in both phones and
// in the relay.
func BenchmarkForward(b *testing.B) {
	_, phones := benchPhones(b, Caller, Callee)
	var heard atomic.Int64
	go func() {
		for range phones[1].in {
			heard.Add(1)
		}
	}()
	pump(b, phones[0], heard.Load)
}

// BenchmarkHop sends packets to a relay that has nobody to forward them to:
// one phone's sending and the relay's receiving, which is half of a forward.
func BenchmarkHop(b *testing.B) {
	c, phones := benchPhones(b, Caller)
	pump(b, phones[0], func() int64 { return int64(c.relays[0].count(droppedNobody)) })
}
