package whatsapp_test

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"

	"tring/audio"
	"tring/exchange"
	"tring/exchange/chat"
	"tring/phone"
	"tring/signaling/whatsapp"
	"tring/signaling/whatsapp/call"
)

// The ways in which open call stacks are known to fail people, each with the
// proof that this one does not. The numbers are those of docs/live-checklist.md.
func TestKnownFailureModes(t *testing.T) {
	for name, prove := range map[string]func(t *testing.T){
		"1 the call is cut after some twenty seconds":               theCallIsKeptAlive,
		"2 no inbound audio":                                        theOtherSideIsHeardThoughItMovesToAnotherRelay,
		"3 no outbound audio":                                       bothSidesAreHeard,
		"4 the callers phone rings on after our decline":            TestADeclineStopsTheCallersPhone,
		"5 the callees other devices ring on after one answered":    siblingsStopRinging,
		"6 the offer is sent but nothing rings":                     nothingRingsIsSaid,
		"7 a hosted device ends the call":                           aHostedDeviceDoesNotCount,
		"8 one busy device ends the call for all":                   oneBusyDeviceDoesNotEndTheCall,
		"9 a terminate is not understood":                           aTerminateWithCompanyIsUnderstood,
		"10 a passive companion holds up every call of the account": everyOfferIsConfirmed,
		"11 the server refuses the accept with 500":                 aRefusedAcceptEndsGracefully,
		"12 answering waits for the server":                         answeringDoesNotWait,
		"13 a stanza without an id is dropped":                      everyStanzaHasItsOwnID,
		"14 an old call rings after a reconnect":                    anOldCallDoesNotRing,
		"15 one call is announced twice":                            TestACallDeliveredTwiceRingsOnce,
		"16 a video upgrade is left unanswered":                     aVideoUpgradeIsRefused,
		"17 a companion does not hear the hang-up":                  TestTwoLinesTalkAndHangUp,
		"18 media stops when the phone changes networks":            theOtherSideIsHeardThoughItMovesToAnotherRelay,
		"19 works with one kind of client only":                     oneRateAndBothPorts,
		"20 a restricted account goes on dialling":                  aRestrictedCallIsNotRetried,
		"21 another client takes the call":                          TestAnsweredElsewhere,
		"22 a group call is run as a call of two":                   aGroupCallIsNoCallOfTwo,
	} {
		t.Run(name, prove)
	}
}

func theCallIsKeptAlive(t *testing.T) {
	strict := func(t *testing.T, heartbeat bool) (*town, phone.Leg, phone.Leg) {
		var provoked []chat.Rule
		if !heartbeat {
			provoked = append(provoked, chat.RuleHeartbeat)
		}
		x := networkOf(t, chat.Options{HeartbeatTimeout: 600 * time.Millisecond}, provoked...)
		w := populate(t, x, func(c *whatsapp.Config) {
			c.Timers, c.Choices = quick(), whatsapp.DefaultChoices()
			c.Choices.Heartbeat = heartbeat
		})
		a, b := w.talk()
		return w, a, b
	}
	t.Run("with heartbeats it lives", func(t *testing.T) {
		w, a, b := strict(t, true)
		time.Sleep(2 * time.Second)
		if err := a.Release(soon(t), phone.NormalClearing); err != nil {
			t.Errorf("release: %v", err)
		}
		w.bob.awaitReleased(b, phone.NormalClearing)
	})
	t.Run("without them the network ends it", func(t *testing.T) {
		w, a, _ := strict(t, false)
		w.ann.awaitReleased(a, phone.MediaTimeout)
	})
}

// hears reads packets off a leg until n came.
func hears(t *testing.T, leg phone.Leg, n int) {
	t.Helper()
	done := make(chan error, 1)
	go func() {
		var p audio.Packet
		for range n {
			if err := leg.Stream().ReadPacket(&p); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("read: %v", err)
		}
	case <-time.After(patience):
		t.Error("no sound came")
	}
}

func theOtherSideIsHeardThoughItMovesToAnotherRelay(t *testing.T) {
	w := newTown(t)
	w.must(w.SetMediaFault(exchange.Scope{Account: w.bob.account.Number()}, exchange.MediaFault{Move: new(1)}))
	a, b := w.talk()
	hears(t, a, 20)
	hears(t, b, 20)
	w.must(a.Release(soon(t), phone.NormalClearing))
}

func bothSidesAreHeard(t *testing.T) {
	w := newTown(t)
	a, b := w.talk()
	hears(t, a, 5)
	hears(t, b, 5)
	if n := b.Stream().Network(); n.Received == 0 || n.Encrypted != "end to end" || n.Path == "" {
		t.Errorf("network %+v", n)
	}
	w.must(b.Release(soon(t), phone.NormalClearing))
}

func siblingsStopRinging(t *testing.T) {
	w := newTown(t)
	leg, offer := w.ring()
	w.must(offer.Leg.Answer(soon(t)))
	c, err := w.bob.account.Handset().AwaitCall(soon(t), func(c chat.HandsetCall) bool { return c.ID == leg.ID() && c.State == chat.HandsetEnded })
	w.must(err)
	if c.Reason != "accepted_elsewhere" {
		t.Errorf("bob's phone stopped ringing because of %q", c.Reason)
	}
	w.must(leg.Release(soon(t), phone.NormalClearing))
}

func nothingRingsIsSaid(t *testing.T) {
	w := populate(t, networkOf(t, chat.Options{Settings: []byte(`{}`)}), func(c *whatsapp.Config) { c.Timers = quick(); c.Timers.Ring = 500 * time.Millisecond })
	w.bob.halt()
	w.bob.account.Handset().SetOnline(false)
	leg := w.ann.dial(w.bob)
	w.ann.awaitReleased(leg, phone.Unreachable)
	for _, e := range w.ann.seen() {
		if _, ok := e.(phone.LegAlerting); ok {
			t.Error("it is said to ring although no device has the offer")
		}
	}
}

func aHostedDeviceDoesNotCount(t *testing.T) {
	w := newTown(t)
	w.bob.account.SetHosted(true)
	leg, offer := w.ring()
	w.ann.transcribed(leg, call.Refusing.String()) // the hosted device has said that it cannot
	w.must(offer.Leg.Answer(soon(t)))
	if by := w.ann.awaitAccepted(leg).Device; !strings.HasSuffix(by, ":1@lid") {
		t.Errorf("answered by %s", by)
	}
	w.must(leg.Release(soon(t), phone.NormalClearing))
	w.bob.awaitReleased(offer.Leg, phone.NormalClearing)
}

// transcribed waits until something has happened in a call.
func (s *station) transcribed(leg phone.Leg, what string) {
	s.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		entries, err := leg.(*whatsapp.Leg).Transcript(soon(s.t))
		if err != nil {
			s.t.Fatal(err)
		}
		if slices.ContainsFunc(entries, func(e whatsapp.Entry) bool { return e.What == what }) {
			return
		}
	}
	s.t.Fatalf("%s: %q did not happen", s.Info().Name, what)
}

func oneBusyDeviceDoesNotEndTheCall(t *testing.T) {
	w := newTown(t)
	w.policy(w.bob, chat.Busy)
	leg, offer := w.ring()
	w.must(offer.Leg.Answer(soon(t)))
	w.ann.awaitAccepted(leg)
	w.must(leg.Release(soon(t), phone.NormalClearing))
}

func aTerminateWithCompanyIsUnderstood(t *testing.T) {
	w := newTown(t)
	w.inject(chat.Fault{Kind: chat.FaultCompany, Account: w.bob.account.Number()}) // of every stanza of the call
	leg, offer := w.ring()
	w.must(leg.Release(soon(t), phone.Cancelled))
	w.bob.awaitReleased(offer.Leg, phone.Cancelled)
	a, b := w.talk()
	w.must(a.Release(soon(t), phone.NormalClearing))
	w.bob.awaitReleased(b, phone.NormalClearing)
}

func everyOfferIsConfirmed(t *testing.T) {
	w := newTown(t)
	for range 3 {
		leg, _ := w.ring()
		w.must(leg.Release(soon(t), phone.Cancelled))
	}
	w.inject(chat.Fault{Kind: chat.FaultOffline, Account: w.bob.account.Number(), Device: new(uint16(1))})
	leg := w.ann.dial(w.bob)
	w.bob.await("a missed call", func(e phone.LineEvent) bool { _, ok := e.(phone.OfferMissed); return ok })
	w.must(leg.Release(soon(t), phone.Cancelled))
}

func aRefusedAcceptEndsGracefully(t *testing.T) {
	w := populate(t, network(t), func(c *whatsapp.Config) { c.Timers = quick(); c.Timers.Grace = 300 * time.Millisecond })
	w.inject(chat.Fault{Kind: chat.FaultAckError, Code: 500, Account: w.bob.account.Number(), Stanza: "accept", Times: 1})
	leg, offer := w.ring()
	w.must(offer.Leg.Answer(soon(t)))
	w.bob.awaitReleased(offer.Leg, phone.Failed)
	_ = leg.Release(soon(t), phone.Cancelled) // unless their end has ended it already
	fresh, again := w.ring()
	w.must(again.Leg.Answer(soon(t))) // the next call is none the worse
	w.ann.awaitAccepted(fresh)
	w.must(fresh.Release(soon(t), phone.NormalClearing))
}

func answeringDoesNotWait(t *testing.T) {
	w := newTown(t)
	w.inject(chat.Fault{Kind: chat.FaultWithhold, Account: w.bob.account.Number(), Stanza: "ack/accept"})
	leg, offer := w.ring()
	began := time.Now()
	w.must(offer.Leg.Answer(soon(t)))
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("answering took %v", took)
	}
	w.ann.awaitAccepted(leg)
	w.must(leg.Release(soon(t), phone.NormalClearing))
}

func everyStanzaHasItsOwnID(t *testing.T) {
	w := newTown(t) // strict mode drops a <call> without an id, and says so
	a, _ := w.talk()
	w.must(a.Mute(soon(t), true))
	w.must(a.Release(soon(t), phone.NormalClearing))
	if n := w.Chat().RefusalCounts()[chat.RuleNoID]; n != 0 {
		t.Errorf("%d stanzas had no id", n)
	}
}

func anOldCallDoesNotRing(t *testing.T) {
	w := newTown(t)
	w.bob.halt()
	leg := w.ann.dial(w.bob)
	w.must(leg.Release(soon(t), phone.Cancelled))
	w.bob.start()
	w.bob.awaitStatus(phone.LineReady)
	fresh := w.ann.dial(w.bob)
	w.bob.rings(fresh.ID())
	if n := w.bob.offers(); n != 1 {
		t.Errorf("%d calls rang", n)
	}
	w.must(fresh.Release(soon(t), phone.Cancelled))
}

func aVideoUpgradeIsRefused(t *testing.T) {
	w := newTown(t)
	id, err := w.ann.account.Handset().Call(w.bob.account.Number())
	w.must(err)
	offer := w.bob.rings(id)
	w.must(offer.Leg.Answer(soon(t)))
	_, err = w.ann.account.Handset().AwaitCall(soon(t), func(c chat.HandsetCall) bool { return c.ID == id && c.State == chat.HandsetConnected })
	w.must(err)
	w.must(w.ann.account.Handset().Send(id, waBinary.Node{Tag: "video", Attrs: waBinary.Attrs{"state": "11"}}))
	_, err = w.ann.account.Handset().AwaitCall(soon(t), func(c chat.HandsetCall) bool {
		return c.ID == id && strings.Contains(strings.Join(c.Log, " "), "video")
	})
	w.must(err)
	w.must(offer.Leg.Release(soon(t), phone.NormalClearing))
}

func oneRateAndBothPorts(t *testing.T) {
	w := newTown(t)
	phoneOfAnn := w.ann.account.Handset()
	id, err := phoneOfAnn.Call(w.bob.account.Number())
	w.must(err)
	offer := w.bob.rings(id)
	for _, state := range []chat.HandsetState{chat.HandsetAlerting, chat.HandsetConnected} {
		c, err := phoneOfAnn.AwaitCall(soon(t), func(c chat.HandsetCall) bool { return c.ID == id && c.State == state })
		w.must(err)
		if !slices.Equal(c.Rates, []int{16000}) {
			t.Errorf("%s: the answer takes the rates %v", state, c.Rates)
		}
		if state == chat.HandsetAlerting {
			w.must(offer.Leg.Answer(soon(t)))
		}
	}
	w.must(offer.Leg.Release(soon(t), phone.NormalClearing))
	aRelayIsFoundOnItsOtherPort(t)
}

// aRelayIsFoundOnItsOtherPort: the relays advertise a port on which nobody
// answers, and serve on the one that web clients know.
func aRelayIsFoundOnItsOtherPort(t *testing.T) {
	x := network(t)
	real := netip.MustParseAddrPort(x.Addresses().Relays[0].Addr).Port()
	w := populate(t, x, func(c *whatsapp.Config) { c.Media.OtherPort = real })
	w.must(x.SetMediaFault(exchange.Scope{}, exchange.MediaFault{Port: 9})) // discard
	a, b := w.talk()
	hears(t, a, 5)
	hears(t, b, 5)
	w.must(b.Release(soon(t), phone.NormalClearing))
	w.ann.awaitReleased(a, phone.NormalClearing)
	entries, err := a.(*whatsapp.Leg).Transcript(soon(t))
	w.must(err)
	if report := w.ann.Report(entries); !strings.Contains(report, "on the other port, in use") {
		t.Errorf("the report does not say that the other port served:\n%s", report)
	}
}

func aRestrictedCallIsNotRetried(t *testing.T) {
	w := populate(t, network(t, chat.RuleNoToken))
	w.bob.account.SetRestricted(true)
	w.dialFails(w.bob.number(), phone.Restricted)
	time.Sleep(500 * time.Millisecond)
	if n := w.Chat().RefusalCounts()[chat.RuleNoToken]; n != 1 {
		t.Errorf("the offer was sent %d times", n)
	}
}

func aGroupCallIsNoCallOfTwo(t *testing.T) {
	w := newTown(t)
	group, err := w.Chat().AddGroup("The \u202eFamily\x07")
	w.must(err)
	phoneOfAnn := w.ann.account.Handset()
	ended := func(id string) string {
		c, err := phoneOfAnn.AwaitCall(soon(t), func(c chat.HandsetCall) bool { return c.ID == id && c.State == chat.HandsetEnded })
		w.must(err)
		return c.Reason
	}
	t.Run("it is shown with the group's name and can be declined", func(t *testing.T) {
		id, err := phoneOfAnn.CallGroup(chat.GroupCall{Group: group}, w.bob.account.Number())
		w.must(err)
		offer := w.bob.rings(id)
		if !offer.Group || offer.From.Group != "The Family" || offer.From.Number != w.ann.account.Number() {
			t.Errorf("offer %+v", offer)
		}
		w.must(offer.Leg.Release(soon(t), phone.Declined))
		if why := ended(id); why != "rejected" {
			t.Errorf("the caller's side ended because of %q", why)
		}
	})
	t.Run("a call by a link is shown as one and can be declined", func(t *testing.T) {
		id, err := phoneOfAnn.CallGroup(chat.GroupCall{Link: "AbCdEf0123456789"}, w.bob.account.Number())
		w.must(err)
		offer := w.bob.rings(id)
		if !offer.Group || offer.From.Group != "call link" {
			t.Errorf("offer %+v", offer)
		}
		w.must(offer.Leg.Release(soon(t), phone.Declined))
		if why := ended(id); why != "rejected" {
			t.Errorf("the caller's side ended because of %q", why)
		}
	})
	t.Run("it is never answered, and rings on elsewhere", func(t *testing.T) {
		id, err := phoneOfAnn.CallGroup(chat.GroupCall{Group: group}, w.bob.account.Number())
		w.must(err)
		offer := w.bob.rings(id)
		if err := offer.Leg.Answer(soon(t)); !errors.Is(err, phone.Incompatible) {
			t.Errorf("answer: %v", err)
		}
		for _, c := range phoneOfAnn.Calls() {
			if c.ID == id && (c.State == chat.HandsetEnded || slices.Contains(c.Log, "preaccept")) {
				t.Errorf("the group's call is %+v", c)
			}
		}
		w.must(phoneOfAnn.HangUp(id))
	})
}
