package relay

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pion/stun/v4"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func openCluster(t *testing.T, o Options) *Cluster {
	t.Helper()
	c, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func grant(t *testing.T, c *Cluster, id string) *Grant {
	t.Helper()
	g, err := c.Allocate(id, false)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// rtp is a media packet of a test: version 2, payload type 120.
func rtp(seq byte, payload string) []byte {
	return append([]byte{0x80, 120, 0, seq, 0, 0, 0, 0, 1, 2, 3, 4}, payload...)
}

func TestTwoPhonesOfACallHearEachOtherThroughARelay(t *testing.T) {
	for _, o := range []struct {
		name   string
		caller phoneOptions
		callee phoneOptions
	}{
		{"over ICE", phoneOptions{ice: true}, phoneOptions{ice: true}},
		{"straight over UDP", phoneOptions{}, phoneOptions{}},
		{"one of each, channel opened in band", phoneOptions{ice: true, inBand: true}, phoneOptions{}},
	} {
		t.Run(o.name, func(t *testing.T) {
			c := openCluster(t, Options{})
			g := grant(t, c, "call")
			o.caller.fingerprint = c.Fingerprint()
			caller := mustDial(t, g, g.Endpoints[Caller][0], o.caller)
			callee := mustDial(t, g, g.Endpoints[Callee][0], o.callee)
			caller.allocate()
			callee.allocate()
			caller.send(rtp(1, "hello"))
			if got := callee.next(); !bytes.Equal(got, rtp(1, "hello")) {
				t.Errorf("the callee heard % x", got)
			}
			callee.send(rtp(2, "hello yourself"))
			if got := caller.next(); !bytes.Equal(got, rtp(2, "hello yourself")) {
				t.Errorf("the caller heard % x", got)
			}
		})
	}
}

// eventually waits for something that another goroutine brings about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 10 s: %s", what)
		}
	}
}

// pair binds both sides of a new call on one relay.
func pair(t *testing.T, c *Cluster, id string, relay int) (g *Grant, caller, callee *testPhone) {
	t.Helper()
	g = grant(t, c, id)
	caller = mustDial(t, g, g.Endpoints[Caller][relay], phoneOptions{})
	callee = mustDial(t, g, g.Endpoints[Callee][relay], phoneOptions{})
	caller.allocate()
	callee.allocate()
	return g, caller, callee
}

func (r *Relay) count(what counter) uint64 { return r.counters[what].Load() }

// answerCode is the error code of the relay's answer, 0 for a success.
func answerCode(t *testing.T, m *stun.Message) int {
	t.Helper()
	if m.Type.Class == stun.ClassSuccessResponse {
		return 0
	}
	var code stun.ErrorCodeAttribute
	if err := code.GetFrom(m); err != nil {
		t.Fatalf("neither success nor error: %s", m)
	}
	return int(code.Code)
}

func TestRegistrationsAreRefusedWithTheirCode(t *testing.T) {
	c := openCluster(t, Options{Relays: 2})
	g, other := grant(t, c, "call"), grant(t, c, "other call")
	mine := g.Endpoints[Caller][0]
	for _, o := range []struct {
		name  string
		ice   bool
		key   string
		token []byte
		addr  netip.AddrPort
		want  int
	}{
		{name: "right token, right key", token: mine.Token, addr: mine.Addr, want: 0},
		{name: "right token over ICE", ice: true, token: mine.Token, addr: mine.Addr, want: 0},
		{name: "the other side's token over our ICE", ice: true, token: g.Endpoints[Callee][0].Token, addr: mine.Addr, want: 401},
		{name: "another call's token over our ICE", ice: true, token: other.Endpoints[Caller][0].Token, addr: mine.Addr, want: 401},
		{name: "key bytes instead of key text", key: string(g.Key[:]), token: mine.Token, addr: mine.Addr, want: 401},
		{name: "unknown token", token: []byte("no such token"), addr: mine.Addr, want: 456},
		{name: "no token", token: nil, addr: mine.Addr, want: 456},
		{name: "auth token instead of token", token: mine.Auth, addr: mine.Addr, want: 456},
		{name: "another relay's token", token: g.Endpoints[Caller][1].Token, addr: g.Endpoints[Caller][1].Addr, want: 456},
		{name: "another relay's address", token: mine.Token, addr: g.Endpoints[Caller][1].Addr, want: 452},
	} {
		t.Run(o.name, func(t *testing.T) {
			p := mustDial(t, g, mine, phoneOptions{ice: o.ice})
			if o.key != "" {
				p.key = o.key
			}
			if got := answerCode(t, p.ask(p.allocation(o.token, o.addr))); got != o.want {
				t.Errorf("answered with code %d, want %d", got, o.want)
			}
			if got := bound(t, c, "call", p); got != (o.want == 0) {
				t.Errorf("bound: %v", got)
			}
		})
	}
}

// Phones announce their streams in forms of their own (oxidezap/whatsapp-rust).
func TestWhatPhonesAddToARegistrationIsTakenUnread(t *testing.T) {
	c := openCluster(t, Options{Relays: 1})
	g := grant(t, c, "call")
	mine := g.Endpoints[Caller][0]
	p := mustDial(t, g, mine, phoneOptions{})
	m := p.message(stun.NewType(stun.MethodAllocate, stun.ClassRequest), [12]byte{1})
	m.Add(attrToken, mine.Token)
	for kind, value := range map[stun.AttrType]string{
		0x4023: "0112345678",
		0x4024: "0a150a05617564696f12044f50555318f0d9a2a3022000",
		0x4025: "0a130a1108f0d9a2a3021209080e1205617564696f",
	} {
		b, err := hex.DecodeString(value)
		if err != nil {
			t.Fatal(err)
		}
		m.Add(kind, b)
	}
	if err := p.integrity().AddTo(m); err != nil {
		t.Fatal(err)
	}
	if code := answerCode(t, p.ask(m)); code != 0 || !bound(t, c, "call", p) {
		t.Errorf("answered with code %d", code)
	}
}

// bound says whether a phone's address is registered for a call.
func bound(t *testing.T, c *Cluster, callID string, p *testPhone) bool {
	t.Helper()
	legs, err := c.Legs(callID)
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(p.dtls.LocalAddr().String())
	return slices.ContainsFunc(legs, func(l LegStatus) bool { return l.Allocated && strings.HasSuffix(l.Remote, ":"+port) })
}

func TestChecksWithoutTheRightCredentialGetNoAnswer(t *testing.T) {
	c := openCluster(t, Options{})
	g := grant(t, c, "call")
	e := g.Endpoints[Caller][0]
	for _, o := range []struct {
		name string
		phoneOptions
		ok bool
	}{
		{"auth token text and key text", phoneOptions{ice: true}, true},
		{"token text and key text", phoneOptions{ice: true, ufrag: username(e.Token)}, true},
		{"random user name", phoneOptions{ice: true, ufrag: "somebodyelse"}, false},
		{"wrong password", phoneOptions{ice: true, key: "AAAAAAAAAAAAAAAAAAAAAAAA"}, false},
	} {
		t.Run(o.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			refused := c.relays[0].count(bindingsRefused)
			if !o.ok {
				go func() {
					for c.relays[0].count(bindingsRefused) < refused+3 && ctx.Err() == nil {
						time.Sleep(time.Millisecond)
					}
					cancel()
				}()
			}
			if _, err := dialPhone(ctx, t, g, e, o.phoneOptions); (err == nil) != o.ok {
				t.Errorf("connected: %v (%v)", err == nil, err)
			}
		})
	}
}

func TestAPhoneThatPinsAnotherCertificateStaysAway(t *testing.T) {
	c := openCluster(t, Options{})
	g := grant(t, c, "call")
	other, err := NewCertificate()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dialPhone(t.Context(), t, g, g.Endpoints[Caller][0], phoneOptions{fingerprint: Fingerprint(other)}); !errors.Is(err, errPin) {
		t.Errorf("connected with %v, want %v", err, errPin)
	}
}

func TestAUserNameOf260CharactersIsTaken(t *testing.T) {
	c := openCluster(t, Options{Relays: 2})
	g := grant(t, c, "call")
	e := g.Endpoints[Caller][1]
	if n := len(username(e.Auth)); n != 260 {
		t.Fatalf("the second relay's user name has %d characters", n)
	}
	mustDial(t, g, e, phoneOptions{ice: true}).allocate()
}

func TestPingsAndBindingsAreAnsweredWithTheirID(t *testing.T) {
	c := openCluster(t, Options{})
	g := grant(t, c, "call")
	p := mustDial(t, g, g.Endpoints[Caller][0], phoneOptions{ice: true})
	ping := newStun(pingRequest, [12]byte{1, 2, 3}).b
	p.send(ping)
	if got, want := p.next(), newStun(pingAnswer, [12]byte{1, 2, 3}).b; !bytes.Equal(got, want) {
		t.Errorf("pong is % x, want % x", got, want)
	}
	for _, o := range []struct {
		name string
		with []stun.Setter
		want int
	}{
		{"without integrity", nil, 0},
		{"with the key text", []stun.Setter{p.integrity(), stun.Fingerprint}, 0},
		{"with another key", []stun.Setter{stun.NewShortTermIntegrity("other"), stun.Fingerprint}, 401},
	} {
		answer := p.ask(p.message(stun.BindingRequest, stun.NewTransactionID(), o.with...))
		if got := answerCode(t, answer); got != o.want {
			t.Errorf("Binding %s: code %d, want %d", o.name, got, o.want)
		}
	}
}

func TestCallsDoNotHearEachOtherNorThemselves(t *testing.T) {
	c := openCluster(t, Options{Relays: 2})
	g, caller, callee := pair(t, c, "call", 0)
	_, stranger, _ := pair(t, c, "other call", 0)
	elsewhere := mustDial(t, g, g.Endpoints[Callee][1], phoneOptions{})
	elsewhere.allocate()
	caller.send(rtp(1, "secret"))
	if got := callee.next(); !bytes.Equal(got, rtp(1, "secret")) {
		t.Errorf("the callee heard % x", got)
	}
	for name, p := range map[string]*testPhone{"the caller itself": caller, "another call": stranger, "the callee on the other relay": elsewhere} {
		p.send(newStun(pingRequest, [12]byte{}).b)
		if got := p.next(); !bytes.Equal(got, newStun(pingAnswer, [12]byte{}).b) {
			t.Errorf("%s heard % x", name, got)
		}
	}
}

func TestMediaWithoutARegistrationIsDropped(t *testing.T) {
	c := openCluster(t, Options{})
	g := grant(t, c, "call")
	caller := mustDial(t, g, g.Endpoints[Caller][0], phoneOptions{ice: true})
	callee := mustDial(t, g, g.Endpoints[Callee][0], phoneOptions{})
	callee.allocate()
	caller.send(rtp(1, "too early"))
	eventually(t, "the packet is counted as unproved", func() bool { return c.relays[0].count(droppedUnproved) == 1 })
	caller.allocate()
	caller.send(rtp(2, "now"))
	if got := callee.next(); !bytes.Equal(got, rtp(2, "now")) {
		t.Errorf("the callee heard % x", got)
	}
}

func TestASilentListenerIsHeardOnlyWhereRegistrationIsEnough(t *testing.T) {
	c := openCluster(t, Options{OnlyToSpeakers: true})
	_, caller, callee := pair(t, c, "call", 0)
	caller.send(rtp(1, "to nobody"))
	eventually(t, "the packet has no listener", func() bool { return c.relays[0].count(droppedNobody) == 1 })
	callee.send(rtp(2, "here I am"))
	if got := caller.next(); !bytes.Equal(got, rtp(2, "here I am")) {
		t.Errorf("the caller heard % x", got)
	}
	caller.send(rtp(3, "to you"))
	if got := callee.next(); !bytes.Equal(got, rtp(3, "to you")) {
		t.Errorf("the callee heard % x", got)
	}
}

func TestOfTwoRingingDevicesTheOneThatSpeaksIsHeard(t *testing.T) {
	c := openCluster(t, Options{})
	g, caller, first := pair(t, c, "call", 0)
	second := mustDial(t, g, g.Endpoints[Callee][0], phoneOptions{})
	second.allocate()
	first.send(rtp(1, "I answered"))
	caller.next()
	caller.send(rtp(2, "to the one who speaks"))
	if got := first.next(); !bytes.Equal(got, rtp(2, "to the one who speaks")) {
		t.Errorf("the speaker heard % x", got)
	}
	second.send(rtp(3, "no, I did"))
	caller.next()
	caller.send(rtp(4, "to the latest speaker"))
	if got := second.next(); !bytes.Equal(got, rtp(4, "to the latest speaker")) {
		t.Errorf("the latest speaker heard % x", got)
	}
}

func TestAMovedPhoneIsHeardOnItsNewRelayOnly(t *testing.T) {
	c := openCluster(t, Options{Relays: 2})
	g, caller, callee := pair(t, c, "call", 0)
	onSecond := mustDial(t, g, g.Endpoints[Caller][1], phoneOptions{})
	onSecond.allocate()
	if err := c.Move("call", Callee, 1); err != nil {
		t.Fatal(err)
	}
	callee.send(rtp(1, "from my new relay"))
	if got := onSecond.next(); !bytes.Equal(got, rtp(1, "from my new relay")) {
		t.Errorf("on the new relay the caller heard % x", got)
	}
	caller.send(rtp(2, "to your old relay"))
	eventually(t, "what goes to the old relay is dropped", func() bool { return c.relays[0].count(droppedMoved) == 1 })
	onSecond.send(rtp(3, "to your new relay"))
	if got := callee.next(); !bytes.Equal(got, rtp(3, "to your new relay")) {
		t.Errorf("the callee heard % x", got)
	}
}

func TestALegThatFallsSilentLosesItsLeaseAndGetsItBack(t *testing.T) {
	c := openCluster(t, Options{Timers: Timers{Lease: 50 * time.Millisecond, Consent: -1}})
	_, caller, callee := pair(t, c, "call", 0)
	eventually(t, "both leases end", func() bool { return c.relays[0].count(leasesExpired) == 2 })
	caller.send(rtp(1, "forgotten"))
	eventually(t, "media without lease is dropped", func() bool { return c.relays[0].count(droppedUnproved) == 1 })
	caller.allocate()
	callee.allocate()
	caller.send(rtp(2, "back"))
	if got := callee.next(); !bytes.Equal(got, rtp(2, "back")) {
		t.Errorf("the callee heard % x", got)
	}
}

func TestConsentKeepsALegOpenAndItsLackEndsIt(t *testing.T) {
	abandoned := make(chan Side, 2)
	c := openCluster(t, Options{
		StrictConsent: true,
		Timers:        Timers{Proof: 600 * time.Millisecond, Consent: 50 * time.Millisecond},
		Abandoned:     func(_ string, side Side) { abandoned <- side },
	})
	g := grant(t, c, "call")
	honest := mustDial(t, g, g.Endpoints[Callee][0], phoneOptions{})
	mute := mustDial(t, g, g.Endpoints[Caller][0], phoneOptions{silent: true})
	honest.allocate()
	mute.allocate()
	for range mute.in { // closed when the relay hangs up
	}
	if got := c.relays[0].count(consentsLost); got != 1 {
		t.Errorf("%d legs lost their consent, want 1", got)
	}
	select {
	case side := <-abandoned:
		if side != Caller {
			t.Errorf("the %s was reported, not the caller", side)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("nobody was told that the caller is gone")
	}
	if !bound(t, c, "call", honest) {
		t.Error("the phone that answers consent requests lost its leg")
	}
}

func TestAReleasedCallIsForgottenAndHungUp(t *testing.T) {
	c := openCluster(t, Options{Timers: Timers{Linger: 50 * time.Millisecond}})
	g, caller, callee := pair(t, c, "call", 0)
	c.Release("call")
	c.Release("call")
	c.Release("never existed")
	for range caller.in {
	}
	for range callee.in {
	}
	late := mustDial(t, g, g.Endpoints[Caller][0], phoneOptions{})
	if got := answerCode(t, late.ask(late.allocation(late.endpoint.Token, late.endpoint.Addr))); got != 456 {
		t.Errorf("the token of a released call: code %d, want 456", got)
	}
	eventually(t, "the call is forgotten", func() bool { _, err := c.Legs("call"); return err != nil })
	grant(t, c, "call")
}

func TestAKilledRelayIsGoneUntilItIsRevived(t *testing.T) {
	c := openCluster(t, Options{})
	g, _, _ := pair(t, c, "call", 0)
	e := g.Endpoints[Caller][0]
	if err := c.Kill(0); err != nil {
		t.Fatal(err)
	}
	if s := c.Status()[0]; s.Alive || s.Legs != 0 {
		t.Errorf("after the kill: %+v", s)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := dialPhone(ctx, t, g, e, phoneOptions{}); err == nil {
		t.Error("a dead relay was reached")
	}
	if err := c.Revive(0); err != nil {
		t.Fatal(err)
	}
	mustDial(t, g, e, phoneOptions{ice: true}).allocate()
}

func TestAFrozenRelaySwallowsEverythingUntilItThaws(t *testing.T) {
	c := openCluster(t, Options{})
	_, caller, callee := pair(t, c, "call", 0)
	if err := c.Freeze(0, true); err != nil {
		t.Fatal(err)
	}
	before := c.relays[0].count(datagramsOut)
	caller.send(rtp(1, "into the ice"))
	in := c.relays[0].count(datagramsIn)
	caller.send(rtp(2, "into the ice"))
	eventually(t, "the frozen relay is reached", func() bool { return c.relays[0].count(datagramsIn) > in })
	if got := c.relays[0].count(datagramsOut); got != before {
		t.Errorf("a frozen relay sent %d datagrams", got-before)
	}
	if err := c.Freeze(0, false); err != nil {
		t.Fatal(err)
	}
	caller.allocate()
	caller.send(rtp(3, "thawed"))
	for got := callee.next(); !bytes.Equal(got, rtp(3, "thawed")); got = callee.next() {
	}
}

func TestARelayThatNeverAnswersIsReachedByNobody(t *testing.T) {
	c := openCluster(t, Options{})
	g, err := c.Allocate("call", true)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := dialPhone(ctx, t, g, g.Endpoints[Caller][0], phoneOptions{}); err == nil {
		t.Error("a silent relay was reached")
	}
	if c.void.count(datagramsIn) == 0 {
		t.Error("the silent relay was not even tried")
	}
}

func TestALossyPathLosesItsShareOfSound(t *testing.T) {
	c := openCluster(t, Options{})
	_, caller, callee := pair(t, c, "call", 0)
	if err := c.Impair("call", Caller, &Paths{Up: Path{Loss: 0.3, Delay: 5 * time.Millisecond, Seed: 11}}); err != nil {
		t.Fatal(err)
	}
	const n = 200
	for i := range n {
		caller.send(rtp(byte(i), "sound"))
		time.Sleep(time.Millisecond)
	}
	if err := c.Impair("call", Caller, nil); err != nil {
		t.Fatal(err)
	}
	caller.send(rtp(0, "the end"))
	heard := 0
	for b := callee.next(); !bytes.Equal(b, rtp(0, "the end")); b = callee.next() {
		heard++
	}
	if lost := c.relays[0].count(droppedPath); lost < 30 || heard < n/2 || heard > n*8/10 {
		t.Errorf("heard %d of %d, %d datagrams lost; want 10 to 50 %% lost", heard, n, lost)
	}
}

func TestFaultsOnWhatDoesNotExistAreRefused(t *testing.T) {
	c := openCluster(t, Options{})
	grant(t, c, "call")
	for name, err := range map[string]error{
		"kill":         c.Kill(1),
		"revive":       c.Revive(-1),
		"freeze":       c.Freeze(7, true),
		"impair":       c.Impair("other", Caller, nil),
		"wrong path":   c.Impair("call", Caller, &Paths{Up: Path{Loss: 2}}),
		"wrong paths":  c.ImpairAll(&Paths{Down: Path{Rate: -1}}),
		"move call":    c.Move("other", Caller, 0),
		"move relay":   c.Move("call", Caller, 3),
		"grant twice":  func() error { _, err := c.Allocate("call", false); return err }(),
		"many relays":  func() error { _, err := Open(Options{Relays: MaxRelays + 1}); return err }(),
		"legs of none": func() error { _, err := c.Legs("other"); return err }(),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestSoundOnAnOrderedStreamIsCounted(t *testing.T) {
	c := openCluster(t, Options{})
	g := grant(t, c, "call")
	p := mustDial(t, g, g.Endpoints[Caller][0], phoneOptions{ordered: true})
	p.allocate()
	if got := c.relays[0].count(orderedMessages); got == 0 {
		t.Error("nothing was counted")
	}
	q := mustDial(t, g, g.Endpoints[Callee][0], phoneOptions{})
	before := c.relays[0].count(orderedMessages)
	q.allocate()
	if got := c.relays[0].count(orderedMessages) - before; got != 0 {
		t.Errorf("%d unordered messages were counted as ordered", got)
	}
}

func TestCallsLeaveNothingBehind(t *testing.T) {
	c := openCluster(t, Options{Timers: Timers{Linger: time.Millisecond}})
	start := runtime.NumGoroutine()
	for i := range 20 {
		id := strconv.Itoa(i)
		_, caller, callee := pair(t, c, id, 0)
		caller.close()
		callee.close()
		c.Release(id)
	}
	eventually(t, "goroutines are back at the start", func() bool { return runtime.NumGoroutine() <= start+2 })
	eventually(t, "no leg and no call is left", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		r := c.relays[0]
		return len(r.allLegs()) == 0 && len(c.calls) == 0 && len(r.tokens) == 0 && len(r.usernames) == 0
	})
}
