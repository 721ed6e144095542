package relay

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tring/audio"
	"tring/signaling/whatsapp/e2e"
)

const (
	testCallID = "00112233445566778899AABBCCDDEEFF"
	callerID   = "111111111111111:3@lid"
	calleeID   = "222222222222222:44@lid"
	relayKey   = "AAECAwQFBgcICQoLDA0ODw=="
)

var testCallKey = e2e.CallKey{1, 2, 3, 4, 5, 6, 7, 8}

// pair is both ends of a call over relays in memory.
type pair struct {
	t              *testing.T
	net            *memoryNet
	relays         []*memoryRelay
	register       bool // as in Options
	caller, callee *phoneEnd
}

// phoneEnd is one end: a session, what it told and what it heard.
type phoneEnd struct {
	*Session
	mu     sync.Mutex
	events []Event
	heard  []audio.Packet
	stop   chan struct{}
	tasks  sync.WaitGroup
}

// newNet makes n relays, whose blocks for both ends name the same addresses.
func newNet(n int) (*memoryNet, []*memoryRelay, [2]Block) {
	net := &memoryNet{relays: map[netip.AddrPort]*memoryRelay{}}
	var relays []*memoryRelay
	var blocks [2]Block
	for end := range blocks {
		blocks[end] = Block{
			UUID: "test", Key: relayKey, SelfPID: end + 1, PeerPID: 2 - end,
			Participants: []Participant{{callerID, 1}, {calleeID, 2}},
		}
	}
	for i := range n {
		addr := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(i + 1)}), 3478)
		r := &memoryRelay{net: net, key: relayKey, tokens: map[string]int{}, delay: 20 * time.Millisecond}
		net.relays[addr] = r
		relays = append(relays, r)
		for end := range blocks {
			token := fmt.Sprintf("token %d of end %d", i, end)
			r.tokens[token] = end
			b := &blocks[end]
			b.Tokens = append(b.Tokens, []byte(token))
			b.Endpoints = append(b.Endpoints, Endpoint{ID: i, Name: fmt.Sprintf("relay%d", i), Addr: addr, TokenID: i, AuthTokenID: -1})
		}
	}
	return net, relays, blocks
}

// inMemory runs a test in virtual time over n relays in memory.
func inMemory(t *testing.T, n int, test func(t *testing.T, p *pair)) {
	prepared(t, n, func(*pair) {}, test)
}

// prepared is inMemory with something done before the call is opened.
func prepared(t *testing.T, n int, prepare func(p *pair), test func(t *testing.T, p *pair)) {
	synctest.Test(t, func(t *testing.T) {
		net, relays, blocks := newNet(n)
		p := &pair{t: t, net: net, relays: relays}
		prepare(p)
		p.caller = p.open(blocks[0], callerID, calleeID)
		p.callee = p.open(blocks[1], calleeID, callerID)
		defer p.close()
		test(t, p)
	})
}

func (p *pair) open(b Block, own, peer string) *phoneEnd {
	p.t.Helper()
	s, err := Open(context.Background(), Config{
		Block: b, CallID: testCallID, CallKey: testCallKey, Own: own, Peer: peer,
		Caller: own == callerID, Options: Options{dial: p.net.dial, Register: p.register},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return watch(s)
}

// watch collects what a session tells and hears until it is closed.
func watch(s *Session) *phoneEnd {
	e := &phoneEnd{Session: s, stop: make(chan struct{})}
	e.tasks.Go(func() {
		for event := range s.Events() {
			e.mu.Lock()
			e.events = append(e.events, event)
			e.mu.Unlock()
		}
	})
	e.tasks.Go(func() {
		var p audio.Packet
		for s.ReadPacket(&p) == nil {
			e.mu.Lock()
			e.heard = append(e.heard, audio.Packet{Sequence: p.Sequence, Timestamp: p.Timestamp, Arrival: p.Arrival, Payload: append([]byte(nil), p.Payload...)})
			e.mu.Unlock()
		}
	})
	return e
}

func (p *pair) close() {
	p.caller.close()
	p.callee.close()
}

func (e *phoneEnd) close() {
	close(e.stop)
	e.Close()
	e.tasks.Wait()
}

// start lets media flow at both ends.
func (p *pair) start() {
	p.caller.StartMedia()
	p.callee.StartMedia()
}

// speech is a packet that looks like a frame of speech, numbered.
func speech(n int) []byte {
	b := make([]byte, 100)
	b[0], b[1], b[2] = 0x58, byte(n>>8), byte(n)
	return b
}

// talk writes a numbered frame every 60 ms until the end is closed.
func (e *phoneEnd) talk() {
	e.tasks.Go(func() {
		tick := time.NewTicker(60 * time.Millisecond)
		defer tick.Stop()
		for n := 0; ; n++ {
			select {
			case <-e.stop:
				return
			case <-tick.C:
				e.WritePacket(speech(n), 960, false)
			}
		}
	})
}

// kinds are the events so far.
func (e *phoneEnd) kinds() []EventKind {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []EventKind
	for _, event := range e.events {
		all = append(all, event.Kind)
	}
	return all
}

func (e *phoneEnd) count(kind EventKind) int {
	n := 0
	for _, k := range e.kinds() {
		if k == kind {
			n++
		}
	}
	return n
}

// hearing returns what was heard since a moment, without comfort noise.
func (e *phoneEnd) hearing(since time.Time) []audio.Packet {
	e.mu.Lock()
	defer e.mu.Unlock()
	var all []audio.Packet
	for _, p := range e.heard {
		if !p.Arrival.Before(since) && len(p.Payload) > 2 {
			all = append(all, p)
		}
	}
	return all
}

// longestGap is the longest time without speech from a moment until now.
func (e *phoneEnd) longestGap(since time.Time) time.Duration {
	gap, last := time.Duration(0), since
	for _, p := range e.hearing(since) {
		gap, last = max(gap, p.Arrival.Sub(last)), p.Arrival
	}
	return max(gap, time.Since(last))
}

// lastSequence is that of the newest speech heard.
func (e *phoneEnd) lastSequence() uint16 {
	all := e.hearing(time.Time{})
	if len(all) == 0 {
		return 0
	}
	return all[len(all)-1].Sequence
}
