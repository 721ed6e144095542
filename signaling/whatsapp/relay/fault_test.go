package relay_test

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
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

// listener is one end and what it heard: no durations, because the machine is
// shared. How long a failover takes is tested in virtual time.
type listener struct {
	*relay.Session
	mu    sync.Mutex
	heard map[uint16]bool // by sequence number
	last  uint16
}

func startTalking(t *testing.T, o exchange.Options, options relay.Options) *talking {
	t.Helper()
	k := &talking{call: newCall(t, o, options)}
	k.caller, k.callee = newListener(k.open(0)), newListener(k.open(1))
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

func newListener(s *relay.Session) *listener {
	return &listener{Session: s, heard: map[uint16]bool{}}
}

func (l *listener) listen() {
	var p audio.Packet
	for l.ReadPacket(&p) == nil {
		if len(p.Payload) > 2 {
			l.mu.Lock()
			l.heard[p.Sequence], l.last = true, p.Sequence
			l.mu.Unlock()
		}
	}
}

// count is how many packets of speech were heard.
func (l *listener) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.heard)
}

// hears waits until n more packets were heard.
func (l *listener) hears(t *testing.T, n int) {
	t.Helper()
	want := l.count() + n
	for deadline := time.Now().Add(30 * time.Second); l.count() < want; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("heard %d of %d packets in 30 s; legs %+v", n+l.count()-want, n, l.Legs())
		}
	}
}

// share is how many of the packets between two were heard.
func (l *listener) share(from, to uint16) float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	came := 0
	for seq := from; seq != to; seq++ {
		if l.heard[seq] {
			came++
		}
	}
	return float64(came) / float64(to-from)
}

func (l *listener) newest() uint16 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// elects waits until an end sends its sound over a relay that fits.
func (l *listener) elects(t *testing.T, fits func(relay int) bool) int {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		for i, leg := range l.Legs() {
			if leg.Elected && fits(i) {
				return i
			}
		}
	}
	t.Fatalf("no such leg is elected: %+v", l.Legs())
	return 0
}

func anyRelay(int) bool { return true }

func TestACallGoesOnWhenItsRelaysFreezeAndDie(t *testing.T) {
	eachTransport(t, func(t *testing.T, options relay.Options) {
		t.Parallel()
		k := startTalking(t, exchange.Options{Relays: 3}, options)
		frozen := k.caller.elects(t, anyRelay)
		k.goesOn(t, func() error { return k.cluster.Freeze(frozen, true) })
		killed := k.caller.elects(t, func(i int) bool { return i != frozen })
		k.goesOn(t, func() error { return k.cluster.Kill(killed) })
	})
}

// goesOn fails the test if a fault ends what either end hears. Two seconds of
// sound are more than what was on its way.
func (k *talking) goesOn(t *testing.T, fault func() error) {
	t.Helper()
	if err := fault(); err != nil {
		t.Fatal(err)
	}
	k.caller.hears(t, 33)
	k.callee.hears(t, 33)
}

func TestACallFollowsAPhoneToAnotherRelay(t *testing.T) {
	t.Parallel()
	k := startTalking(t, exchange.Options{Relays: 3}, relay.Options{})
	to := (k.caller.elects(t, anyRelay) + 1) % 3
	k.goesOn(t, func() error { return k.cluster.Move(callID, 1, to) })
	k.caller.elects(t, func(i int) bool { return i == to })
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
		k.caller.hears(t, 10)
		if d := k.caller.Dropped(); d.Forged != 0 {
			t.Errorf("the keys did not survive: %+v", d)
		}
	})
}

// Nothing is repeated and nothing waits for what was lost: a stream that did
// either would lose nothing.
func TestATenthOfThePacketsLostDelaysNoneOfTheOthers(t *testing.T) {
	eachTransport(t, func(t *testing.T, options relay.Options) {
		t.Parallel()
		k := startTalking(t, exchange.Options{Relays: 2}, options)
		if err := k.cluster.ImpairAll(&exchange.Paths{Up: exchange.Path{Loss: .05, Seed: 1}, Down: exchange.Path{Loss: .05, Seed: 2}}); err != nil {
			t.Fatal(err)
		}
		from := k.callee.newest()
		k.callee.hears(t, 100)
		if share := k.callee.share(from, k.callee.newest()); share < .75 || share == 1 {
			t.Errorf("heard %.0f %% of the packets, want about 90", 100*share)
		}
		for _, r := range k.cluster.Status() {
			if n := r.Counters["ordered_messages"]; n != 0 {
				t.Errorf("%d messages went over an ordered stream", n)
			}
		}
	})
}

func TestACallSurvivesRelaysThatWantConsentAndProof(t *testing.T) {
	timers := exchange.Timers{Consent: time.Second, Proof: 3 * time.Second}
	eachTransport(t, func(t *testing.T, options relay.Options) {
		t.Parallel()
		k := startTalking(t, exchange.Options{Relays: 1, StrictConsent: true, OnlyToSpeakers: true, Timers: timers}, options)
		time.Sleep(2 * timers.Proof)
		k.caller.hears(t, 10)
		for len(k.caller.Events()) > 0 {
			if e := <-k.caller.Events(); e.Kind == relay.Reconnecting {
				t.Errorf("the leg was lost: %+v", k.caller.Legs())
			}
		}
	})
}

func TestARelayThatHangsUpIsKnownToHaveDoneSo(t *testing.T) {
	eachTransport(t, func(t *testing.T, options relay.Options) {
		t.Parallel()
		k := startTalking(t, exchange.Options{Relays: 1, Timers: exchange.Timers{Linger: 50 * time.Millisecond}}, options)
		k.cluster.Release(callID)
		await(t, k.caller.Session, relay.Reconnecting)
		deadline := time.Now().Add(30 * time.Second)
		// It closes the channel; a registration that comes before that finds the
		// call forgotten.
		hungUp := func(err error) bool {
			var refusal relay.Refusal
			return errors.Is(err, io.EOF) || errors.As(err, &refusal) && refusal.Code == 456
		}
		for !hungUp(k.caller.Legs()[0].Err) {
			if time.Now().After(deadline) {
				t.Fatalf("the leg is %+v", k.caller.Legs()[0])
			}
			time.Sleep(20 * time.Millisecond)
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
