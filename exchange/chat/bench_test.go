package chat

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types/events"
)

func BenchmarkStartToReady(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		n := start(b, Options{})
		n.account("+15550100001", "Ann")
		n.close()
	}
}

func BenchmarkStartToTwoLinkedClients(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		n := start(b, Options{})
		ann, bob := n.newClient(), n.newClient()
		ann.linkQR(n.account("+15550100001", "Ann"))
		bob.linkQR(n.account("+15550100002", "Bob"))
		b.StopTimer()
		ann.Disconnect()
		bob.Disconnect()
		n.close()
		b.StartTimer()
	}
}

// pair is two linked clients of two accounts.
type pair struct {
	ann, bob *client
	b        *Account
}

func (n *network) pair(i int) pair {
	a, b := n.account(fmt.Sprintf("+1555020%04d", 2*i), "Ann"), n.account(fmt.Sprintf("+1555020%04d", 2*i+1), "Bob")
	p := pair{n.linked(a), n.linked(b), b}
	p.whole() // so that sessions exist
	return p
}

// ring offers a call and waits until the callee has its key.
func (p pair) ring() placed {
	call := p.ann.call(p.b)
	p.bob.offered(call.id)
	return call
}

func (p pair) whole() {
	call := p.ring()
	creator, bob := p.ann.Store.GetLID(), p.bob.Store.GetLID()
	p.bob.act(creator, "accept", call.id, creator)
	p.ann.send(call.to, terminateOf(call.id, p.ann, "accepted_elsewhere", call.to))
	p.ann.act(bob, "terminate", call.id, creator)
	p.ann.forget()
	p.bob.forget()
}

func BenchmarkOfferToRing(b *testing.B) {
	n := start(b, Options{Relays: noRelays{}})
	p := n.pair(0)
	b.ReportAllocs()
	for b.Loop() {
		call := p.ring()
		b.StopTimer()
		p.ann.send(call.to, terminateOf(call.id, p.ann, "", call.to, p.bob.Store.GetLID()))
		p.ann.forget()
		p.bob.forget()
		b.StartTimer()
	}
}

// BenchmarkCalls sets calls up, answers them and hangs up, one pair of clients
// per core; clients and server share the cores.
func BenchmarkCalls(b *testing.B) {
	n := start(b, Options{Relays: noRelays{}})
	pairs := make(chan pair, 8)
	for i := range cap(pairs) {
		pairs <- n.pair(i)
	}
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		p := <-pairs
		for pb.Next() {
			p.whole()
		}
		pairs <- p
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

// BenchmarkMemoryPerLinkedClient measures the server alone: it runs in a
// process of its own, whose resident memory is compared before and after.
func BenchmarkMemoryPerLinkedClient(b *testing.B) {
	const clients = 40
	for b.Loop() {
		p := startChild(b, b.TempDir())
		whatsmeow.WACertPubKey = p.root
		n := &network{t: b, dial: func() string { return p.address }}
		for i := range clients / maxCompanions {
			p.do(fmt.Sprintf("add +1555030%04d Somebody", i))
		}
		before := p.resident()
		for i := range clients {
			c := n.newClient()
			if err := c.ConnectContext(context.Background()); err != nil {
				b.Fatal(err)
			}
			p.do(fmt.Sprintf("scan +1555030%04d %s", i/maxCompanions, event[*events.QR](c, nil).Codes[0]))
			event[*events.Connected](c, nil)
		}
		b.ReportMetric(float64(p.resident()-before)/clients, "KiB/client")
		b.ReportMetric(float64(before), "KiB/idle")
		p.kill()
	}
}

// resident is the process's resident memory in KiB.
func (c *process) resident() int {
	c.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		c.t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	var kib int
	if _, err = fmt.Sscan(after, &kib); err != nil {
		c.t.Fatal(err)
	}
	return kib
}

// noRelays gives every call an empty block and remembers nothing.
type noRelays struct{}

func (noRelays) Allocate(CallRef) (caller, callee RelayBlock, err error) {
	return RelayBlock{UUID: "1"}, RelayBlock{UUID: "1"}, nil
}
func (noRelays) Accepted(string, string) (RelayBlock, bool) { return RelayBlock{}, false }
func (noRelays) Release(string)                             {}
