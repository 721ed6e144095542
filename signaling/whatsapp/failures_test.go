package whatsapp_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"tring/audio"
	"tring/exchange"
	"tring/exchange/chat"
	"tring/phone"
	"tring/signaling/whatsapp"
	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/stanza"
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
		x, err := exchange.Start(t.Context(), exchange.Options{Admin: "off", Chat: chat.Options{HeartbeatTimeout: 600 * time.Millisecond}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { x.Close() })
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
	x, err := exchange.Start(t.Context(), exchange.Options{Admin: "off", Chat: chat.Options{Settings: []byte(`{}`)}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	w := populate(t, x, func(c *whatsapp.Config) { c.Timers = quick(); c.Timers.Ring = 500 * time.Millisecond })
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

// someCall is a call to a phone, a companion and a hosted device.
func someCall() (c *call.Call, from func(device uint16, server string) call.Input) {
	lid := func(d uint16, server string) types.JID { return types.JID{User: "200", Device: d, Server: server} }
	us := types.JID{User: "100", Device: 1, Server: "lid"}
	p := call.Plan{
		Ref: stanza.Ref{ID: "00AA", Creator: us}, Outgoing: true, Own: us, Peer: lid(0, "lid"),
		Rung:    []types.JID{lid(0, "lid"), lid(17, "lid"), lid(99, "hosted.lid")},
		Choices: call.DefaultChoices(), Timers: call.DefaultTimers(),
	}
	c = call.New(p)
	c.Handle(call.Input{On: call.Place})
	c.Handle(call.Input{On: call.OfferAcked})
	return c, func(d uint16, server string) call.Input {
		return call.FromSignal(&stanza.Signal{Kind: stanza.Reject, From: lid(d, server), Body: stanza.Body{Reason: "uncallable"}}, time.Now())
	}
}

func aHostedDeviceDoesNotCount(t *testing.T) {
	c, uncallable := someCall()
	if c.Handle(uncallable(99, "hosted.lid")); !c.Alive() {
		t.Fatal("the hosted device ended the call")
	}
	c.Handle(uncallable(0, "lid"))
	if c.Handle(uncallable(17, "lid")); c.Alive() {
		t.Error("the call waits for the hosted device")
	}
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
	n := waBinary.Node{Tag: "call", Attrs: waBinary.Attrs{"id": "1", "from": types.NewJID("200", "lid"), "offline": "0"}, Content: []waBinary.Node{
		{Tag: "something"},
		{Tag: "terminate", Attrs: waBinary.Attrs{"call-id": "00AA", "call-creator": types.NewJID("200", "lid"), "reason": "timeout"}},
	}}
	if s, err := stanza.Parse(&n); err != nil || s.Kind != stanza.Terminate || s.Body.Reason != "timeout" {
		t.Errorf("%+v %v", s, err)
	}
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
	them := types.JID{User: "200", Device: 17, Server: "lid"}
	c := call.New(call.Plan{Ref: stanza.Ref{ID: "00AA", Creator: them}, Peer: stanza.Bare(them), Device: them, Mediable: true, Choices: call.DefaultChoices(), Timers: call.DefaultTimers()})
	c.Handle(call.Input{On: call.Offered})
	c.Handle(call.Input{On: call.Answer})
	c.Handle(call.Input{On: call.AcceptRefused, Ack: &stanza.Ack{Code: 500}})
	if c.State() != call.AcceptSent {
		t.Errorf("state %v", c.State())
	}
	if c.Handle(call.Input{On: call.GraceTimeout}); c.Cause() != phone.Failed {
		t.Errorf("cause %v", c.Cause())
	}
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
	ref := stanza.Ref{ID: "00AA", Creator: types.NewJID("1", "lid")}
	for _, d := range []stanza.Draft{stanza.PreacceptDraft(ref, ref.Creator, stanza.WebCapability), stanza.AcceptDraft(stanza.AcceptSpec{Ref: ref, To: ref.Creator})} {
		if rates := d.Child.GetChildrenByTag("audio"); len(rates) != 1 || rates[0].Attrs["rate"] != "16000" {
			t.Errorf("%s offers %v", d.Kind(), rates)
		}
	}
	// Which ports are tried is the relay package's; the line asks for nothing
	// that would keep it from trying both.
	bothSidesAreHeard(t)
}

func aRestrictedCallIsNotRetried(t *testing.T) {
	w := populate(t, network(t))
	w.bob.account.SetRestricted(true)
	w.dialFails(w.bob.number(), phone.Restricted)
	time.Sleep(500 * time.Millisecond)
	if n := w.Chat().RefusalCounts()[chat.RuleNoToken]; n != 1 {
		t.Errorf("the offer was sent %d times", n)
	}
}

func aGroupCallIsNoCallOfTwo(t *testing.T) {
	them := types.JID{User: "200", Device: 17, Server: "lid"}
	c := call.New(call.Plan{Ref: stanza.Ref{ID: "00AA", Creator: them}, Peer: stanza.Bare(them), Device: them, Group: true, Choices: call.DefaultChoices(), Timers: call.DefaultTimers()})
	for _, a := range c.Handle(call.Input{On: call.Offered}) {
		switch a.(type) {
		case call.Send, call.OpenMedia:
			t.Errorf("a group offer leads to %T", a)
		}
	}
	if c.Handle(call.Input{On: call.Answer}); !errors.Is(c.Cause(), phone.Incompatible) {
		t.Errorf("answering a group call: %v", c.Cause())
	}
}
