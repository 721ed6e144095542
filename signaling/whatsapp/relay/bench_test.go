package relay

import (
	"io"
	"testing"
	"time"

	"tring/audio"
)

// discard is a channel to nowhere.
type discard struct{}

func (discard) Send([]byte) error           { return nil }
func (discard) Receive([]byte) (int, error) { return 0, io.EOF }
func (discard) Backlog() int                { return 0 }
func (discard) Close() error                { return nil }

// halves are the two sessions of a call, with one registered leg each that
// leads nowhere, so that only our own work is measured.
func halves(b testing.TB) (*Session, *Session, *leg) {
	b.Helper()
	_, _, blocks := newNet(1)
	var sessions [2]*Session
	devices := [2]string{callerID, calleeID}
	var l *leg
	for end := range sessions {
		s, err := newSession(Config{Block: blocks[end], CallID: testCallID, CallKey: testCallKey, Own: devices[end], Peer: devices[1-end]})
		if err != nil {
			b.Fatal(err)
		}
		l = newLeg(blocks[end].Endpoints[0], s.options)
		l.channel = discard{}
		r, now := opened()
		r.take(success(), now)
		r.answered = time.Now().Add(time.Hour) // the relay never falls silent
		r.heard = r.answered
		l.reg = *r
		s.legs, s.started = []*leg{l}, true
		sessions[end] = s
	}
	return sessions[0], sessions[1], l
}

func TestAPacketAllocatesNothingOfOurs(t *testing.T) {
	if raced {
		t.Skip("the race detector makes pools allocate")
	}
	caller, callee, l := halves(t)
	payload := speech(1)
	var p audio.Packet
	step := func() {
		if err := caller.WritePacket(payload, 960, false); err != nil {
			t.Fatal(err)
		}
		packet, err := caller.out.Packet(payload, 960)
		if err != nil {
			t.Fatal(err)
		}
		callee.receive(l, packet, time.Now())
		if err := callee.ReadPacket(&p); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 * inboxSize {
		step() // buffers grow, first events are told
	}
	if n := testing.AllocsPerRun(1000, step); n != 0 {
		t.Errorf("%v allocations for a packet sent and one received", n)
	}
}

func TestABeatAllocatesNothingOfOurs(t *testing.T) {
	if raced {
		t.Skip("the race detector makes pools allocate")
	}
	caller, _, _ := halves(t)
	now := time.Now()
	beat := func() {
		now = now.Add(60 * time.Millisecond)
		caller.beat(now)
	}
	for range 60 {
		beat()
	}
	if n := testing.AllocsPerRun(1000, beat); n != 0 {
		t.Errorf("%v allocations for a beat of pings, reports and comfort noise", n)
	}
}

func BenchmarkSend(b *testing.B) {
	caller, _, _ := halves(b)
	payload := speech(1)
	b.ReportAllocs()
	for b.Loop() {
		if err := caller.WritePacket(payload, 960, false); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSendAndReceive is a packet through all that is ours: header, SRTP,
// election, demultiplexing, statistics, inbox.
func BenchmarkSendAndReceive(b *testing.B) {
	caller, callee, l := halves(b)
	payload := speech(1)
	var p audio.Packet
	b.ReportAllocs()
	for b.Loop() {
		packet, err := caller.out.Packet(payload, 960)
		if err != nil {
			b.Fatal(err)
		}
		callee.receive(l, packet, time.Now())
		if err := callee.ReadPacket(&p); err != nil {
			b.Fatal(err)
		}
	}
}
