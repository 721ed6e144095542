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

// BenchmarkForward sends packets through the whole relay: two phones, UDP,
// DTLS and SCTP on both sides. Allocations include pion's, in both phones and
// in the relay.
func BenchmarkForward(b *testing.B) {
	t := &testing.T{}
	c, err := Open(Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	g, err := c.Allocate("call", false)
	if err != nil {
		b.Fatal(err)
	}
	phones := [2]*testPhone{}
	for side := range phones {
		if phones[side], err = dialPhone(b.Context(), t, g, g.Endpoints[side][0], phoneOptions{}); err != nil {
			b.Fatal(err)
		}
		phones[side].allocate()
		b.Cleanup(phones[side].close)
	}
	var heard atomic.Int64
	go func() {
		for range phones[Callee].in {
			heard.Add(1)
		}
	}()
	packet := rtp(1, string(make([]byte, 120)))
	sent := int64(0)
	b.ReportAllocs()
	for b.Loop() {
		phones[Caller].send(packet)
		for sent++; sent-heard.Load() > 32; {
			time.Sleep(10 * time.Microsecond)
		}
	}
	b.ReportMetric(float64(heard.Load())/b.Elapsed().Seconds(), "packets/s")
}
