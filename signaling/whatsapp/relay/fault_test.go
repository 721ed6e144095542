package relay_test

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	exchange "tring/exchange/relay"

	"tring/audio"
	"tring/signaling/whatsapp/relay"
)

// talking is a call over the exchange in which both ends talk; what each hears
// is noted.
type talking struct {
	*call
	caller, callee *listener
}

// listener is one end with the longest time in which it heard no speech.
type listener struct {
	*relay.Session
	heard    atomic.Int64 // packets
	since    atomic.Int64 // start of the measurement, Unix nanoseconds
	gap      atomic.Int64 // longest pause since then
	lastSeen atomic.Int64
}

func startTalking(t *testing.T, o exchange.Options, options relay.Options) *talking {
	t.Helper()
	k := &talking{call: newCall(t, o, options)}
	k.caller, k.callee = &listener{Session: k.open(0)}, &listener{Session: k.open(1)}
	stop := make(chan struct{})
	t.Cleanup(func() { close(stop) })
	for _, l := range []*listener{k.caller, k.callee} {
		l.StartMedia()
		go talk(l.Session, stop)
		go l.listen()
	}
	for _, l := range []*listener{k.caller, k.callee} {
		await(t, l.Session, relay.FirstMedia)
	}
	time.Sleep(500 * time.Millisecond) // the election settles
	return k
}

func (l *listener) listen() {
	var p audio.Packet
	for l.ReadPacket(&p) == nil {
		if len(p.Payload) <= 2 {
			continue
		}
		now := time.Now().UnixNano()
		if last := max(l.lastSeen.Swap(now), l.since.Load()); l.since.Load() != 0 {
			l.gap.Store(max(l.gap.Load(), now-last))
		}
		l.heard.Add(1)
	}
}

// measure starts to look for pauses.
func (l *listener) measure() {
	l.gap.Store(0)
	l.since.Store(time.Now().UnixNano())
}

// pause is the longest one since measure, the current one included.
func (l *listener) pause() time.Duration {
	current := time.Now().UnixNano() - max(l.lastSeen.Load(), l.since.Load())
	return time.Duration(max(l.gap.Load(), current))
}

// elected is the relay that carries an end's sound.
func (l *listener) elected(t *testing.T) int {
	t.Helper()
	for i, leg := range l.Legs() {
		if leg.Elected {
			return i
		}
	}
	t.Fatalf("no leg is elected: %+v", l.Legs())
	return 0
}

// tooLong is well above patience and one packet, because the machine is
// shared; a failover by timers of SCTP or ICE takes seconds.
const tooLong = 1500 * time.Millisecond

func TestACallGoesOnWhenItsRelaysFreezeAndDie(t *testing.T) {
	eachTransport(t, func(t *testing.T, options relay.Options) {
		t.Parallel()
		k := startTalking(t, exchange.Options{Relays: 3}, options)
		frozen := k.caller.elected(t)
		k.goesOn(t, "frozen", func() error { return k.cluster.Freeze(frozen, true) })
		killed := k.caller.elected(t)
		if killed == frozen {
			t.Fatal("the caller still sends to the frozen relay")
		}
		k.goesOn(t, "killed", func() error { return k.cluster.Kill(killed) })
	})
}

// goesOn fails the test if a fault interrupts the call for too long.
func (k *talking) goesOn(t *testing.T, name string, fault func() error) {
	t.Helper()
	k.caller.measure()
	k.callee.measure()
	if err := fault(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * time.Second) // longer than an election takes
	if a, b := k.caller.pause(), k.callee.pause(); a > tooLong || b > tooLong {
		t.Errorf("%s: pauses of %v and %v", name, a, b)
	}
}

func TestACallFollowsAPhoneToAnotherRelay(t *testing.T) {
	t.Parallel()
	k := startTalking(t, exchange.Options{Relays: 3}, relay.Options{})
	to := (k.caller.elected(t) + 1) % 3
	k.goesOn(t, "moved", func() error { return k.cluster.Move(callID, 1, to) })
	if got := k.caller.elected(t); got != to {
		t.Errorf("the caller sends over relay %d, the phone moved to %d", got, to)
	}
}

func TestAllRelaysGoneForAWhileAreWaitedOut(t *testing.T) {
	eachTransport(t, func(t *testing.T, options relay.Options) {
		t.Parallel()
		k := startTalking(t, exchange.Options{Relays: 2}, options)
		for r := range 2 {
			k.cluster.Kill(r)
		}
		await(t, k.caller.Session, relay.Reconnecting)
		time.Sleep(time.Second)
		for r := range 2 {
			if err := k.cluster.Revive(r); err != nil {
				t.Fatal(err)
			}
		}
		await(t, k.caller.Session, relay.Reconnected)
		before := k.caller.heard.Load()
		for deadline := time.Now().Add(20 * time.Second); k.caller.heard.Load() < before+10; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("heard nothing after it; dropped %+v", k.caller.Dropped())
			}
		}
		if d := k.caller.Dropped(); d.Forged != 0 {
			t.Errorf("the keys did not survive: %+v", d)
		}
	})
}

func TestATenthOfThePacketsLostDelaysNoneOfTheOthers(t *testing.T) {
	eachTransport(t, func(t *testing.T, options relay.Options) {
		t.Parallel()
		k := startTalking(t, exchange.Options{Relays: 2}, options)
		if err := k.cluster.ImpairAll(&exchange.Paths{Up: exchange.Path{Loss: .05, Seed: 1}, Down: exchange.Path{Loss: .05, Seed: 2}}); err != nil {
			t.Fatal(err)
		}
		sent, heard := k.caller.Network().Sent, k.callee.heard.Load()
		k.callee.measure()
		time.Sleep(4 * time.Second)
		sent, heard = k.caller.Network().Sent-sent, k.callee.heard.Load()-heard
		if float64(heard) < .75*float64(sent) || sent < 20 {
			t.Errorf("heard %d of %d packets", heard, sent)
		}
		// An ordered stream waits for its retransmissions, a second at least.
		if p := k.callee.pause(); p > 800*time.Millisecond {
			t.Errorf("a pause of %v", p)
		}
	})
}

func TestACallSurvivesRelaysThatWantConsentAndProof(t *testing.T) {
	timers := exchange.Timers{Consent: 300 * time.Millisecond, Proof: 1500 * time.Millisecond}
	eachTransport(t, func(t *testing.T, options relay.Options) {
		t.Parallel()
		k := startTalking(t, exchange.Options{Relays: 1, StrictConsent: true, OnlyToSpeakers: true, Timers: timers}, options)
		k.caller.measure()
		time.Sleep(3 * time.Second)
		if p := k.caller.pause(); p > tooLong {
			t.Errorf("a pause of %v", p)
		}
	})
}

func TestARelayThatHangsUpIsKnownToHaveDoneSo(t *testing.T) {
	eachTransport(t, func(t *testing.T, options relay.Options) {
		t.Parallel()
		k := startTalking(t, exchange.Options{Relays: 1, Timers: exchange.Timers{Linger: 50 * time.Millisecond}}, options)
		k.cluster.Release(callID)
		await(t, k.caller.Session, relay.Reconnecting)
		deadline := time.Now().Add(10 * time.Second)
		for k.caller.Legs()[0].Open && time.Now().Before(deadline) {
			time.Sleep(20 * time.Millisecond)
		}
		if l := k.caller.Legs()[0]; l.Open || !errors.Is(l.Err, io.EOF) {
			t.Errorf("the leg is %+v", l)
		}
	})
}

func TestARelayWithAnotherCertificateIsNotTrusted(t *testing.T) {
	eachTransport(t, func(t *testing.T, options relay.Options) {
		t.Parallel()
		options.OtherPort = 9 // nobody is there
		c := newCall(t, exchange.Options{Relays: 1}, options)
		c.blocks[0].Endpoints[0].Fingerprint = relay.WhatsAppFingerprint
		e := lost(t, c.open(0))
		if !errors.Is(e.Err, relay.ErrFingerprint) || !strings.Contains(e.Err.Error(), "certificate") {
			t.Errorf("lost with %v", e.Err)
		}
	})
}

func TestAPinInTheOptionsHoldsWhereNoneIsAnnounced(t *testing.T) {
	t.Parallel()
	c := newCall(t, exchange.Options{Relays: 1}, relay.Options{})
	c.options.Fingerprint = strings.ToLower(c.cluster.Fingerprint())
	c.blocks[0].Endpoints[0].Fingerprint = ""
	await(t, c.open(0), relay.LegOpen)
}

func TestARelayOnTheOtherPortIsReached(t *testing.T) {
	eachTransport(t, func(t *testing.T, options relay.Options) {
		t.Parallel()
		c := newCall(t, exchange.Options{Relays: 1}, options)
		// The advertised port is held by somebody who never answers.
		deaf, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		defer deaf.Close()
		e := &c.blocks[0].Endpoints[0]
		c.options.OtherPort = e.Addr.Port()
		e.Addr = netip.AddrPortFrom(e.Addr.Addr(), deaf.LocalAddr().(*net.UDPAddr).AddrPort().Port())
		s := c.open(0)
		// The relay refuses the endpoint that was made up for it here, which shows
		// that it was reached.
		var refusal relay.Refusal
		if e := lost(t, s); !errors.As(e.Err, &refusal) || refusal.Code != 452 || !s.Legs()[0].OtherPort {
			t.Errorf("lost with %v; legs %+v", e.Err, s.Legs())
		}
	})
}

// lost waits for the end of a session's media, before which nothing is told.
func lost(t *testing.T, s *relay.Session) relay.Event {
	t.Helper()
	select {
	case e := <-s.Events():
		if e.Kind != relay.Lost {
			t.Fatalf("told %v", e.Kind)
		}
		return e
	case <-time.After(30 * time.Second):
		t.Fatalf("nothing was told; legs %+v", s.Legs())
		return relay.Event{}
	}
}
