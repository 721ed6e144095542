package chat

import (
	"context"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// callers are an account with one client, and one with a handset and two.
type callers struct {
	*network
	a, b           *Account
	ann            *client
	bob, bobsOther *client
	relays         *relays
}

func meet(t *testing.T, o Options) *callers {
	t.Helper()
	c := &callers{relays: &relays{}}
	o.Relays = c.relays
	c.network = start(t, o)
	c.a, c.b = c.account("+15550100001", "Ann"), c.account("+15550100002", "Bob")
	c.ann, c.bob, c.bobsOther = c.linked(c.a), c.linked(c.b), c.linked(c.b)
	return c
}

func ended(id string) func(*events.CallTerminate) bool {
	return func(e *events.CallTerminate) bool { return e.CallID == id }
}

func (c *callers) info(id string) CallInfo {
	c.t.Helper()
	for _, i := range c.s.Calls() {
		if i.ID == id {
			return i
		}
	}
	c.t.Fatalf("there is no call %s", id)
	return CallInfo{}
}

func (c *callers) noRefusals() {
	c.t.Helper()
	if r := c.s.Refusals(); len(r) > 0 {
		c.t.Errorf("refused: %+v", r)
	}
}

func TestTheFirstToAcceptWins(t *testing.T) {
	c := meet(t, Options{})
	p := c.ann.call(c.b)
	creator := c.ann.Store.GetLID()
	for _, bob := range []*client{c.bob, c.bobsOther} {
		offer, key := bob.offered(p.id)
		if string(key) != string(p.key) {
			t.Error("a device got another key")
		}
		relay := child(offer.Data, "relay")
		if text(&relay, "peer_pid") != "1" {
			t.Errorf("the other side is participant %q", text(&relay, "peer_pid"))
		}
		bob.act(creator, "preaccept", p.id, creator)
		event(c.ann, func(e *events.CallPreAccept) bool { return e.From == bob.Store.GetLID() })
	}
	event(c.ann, func(e *events.CallPreAccept) bool { return e.From.Device == 0 }) // of the handset
	c.bob.act(creator, "accept", p.id, creator)
	event(c.ann, func(e *events.CallAccept) bool { return e.From == c.bob.Store.GetLID() })
	c.bobsOther.act(creator, "accept", p.id, creator)
	if lost := event(c.bobsOther, ended(p.id)); lost.Reason != "accepted_elsewhere" {
		t.Errorf("the loser was told %q", lost.Reason)
	}
	c.ann.send(p.to, terminateOf(p.id, c.ann, "accepted_elsewhere", p.to, c.bobsOther.Store.GetLID()))
	if _, err := c.b.Handset().AwaitCall(waiting(t), func(h HandsetCall) bool { return h.ID == p.id && h.Reason == "accepted_elsewhere" && h.KeyRead }); err != nil {
		t.Error(err)
	}
	if got := c.relays.accepted[p.id]; got != c.b.lid+":1@lid" {
		t.Errorf("the relays were told that %q answered", got)
	}
	// From now on both sides reach each other's device, mute and all.
	c.ann.act(c.bob.Store.GetLID(), "mute_v2", p.id, creator)
	event(c.bob, func(e *events.UnknownCallEvent) bool { return first(e.Node).Tag == "mute_v2" })
	c.ann.act(types.JID{User: p.id, Server: "call"}, "heartbeat", p.id, creator)
	c.bob.act(creator, "terminate", p.id, creator)
	event(c.ann, ended(p.id))
	if i := c.info(p.id); i.State != CallEnded || i.Reason != "hangup" || len(i.Ringing) != 3 {
		t.Errorf("the call is %+v", i)
	}
	if len(c.relays.released) != 1 {
		t.Errorf("the relays were released %d times", len(c.relays.released))
	}
	c.noRefusals()
}

func TestADeclineEndsTheCallForAll(t *testing.T) {
	c := meet(t, Options{})
	p := c.ann.call(c.b)
	creator := c.ann.Store.GetLID()
	c.bob.offered(p.id)
	c.bob.act(creator, "reject", p.id, creator)
	event(c.ann, func(e *events.CallReject) bool { return e.CallID == p.id })
	c.ann.send(p.to, terminateOf(p.id, c.ann, "rejected_elsewhere", p.to, c.bobsOther.Store.GetLID()))
	if e := event(c.bobsOther, ended(p.id)); e.Reason != "rejected_elsewhere" {
		t.Errorf("the other device was told %q", e.Reason)
	}
	if i := c.info(p.id); i.State != CallEnded || i.Reason != "rejected" {
		t.Errorf("the call is %+v", i)
	}
	c.noRefusals()
}

func TestABusyDeviceLeavesTheCallToTheOthers(t *testing.T) {
	c := meet(t, Options{})
	p := c.ann.call(c.b)
	creator := c.ann.Store.GetLID()
	c.bob.offered(p.id)
	c.bob.send(creator, node{Tag: "reject", Attrs: attrs{"call-id": p.id, "call-creator": creator, "reason": "busy"}})
	busy := event(c.ann, func(e *events.CallReject) bool { return e.CallID == p.id })
	if text(busy.Data, "reason") != "busy" || c.info(p.id).State != CallRinging {
		t.Errorf("reason %q, call %+v", text(busy.Data, "reason"), c.info(p.id))
	}
	c.bobsOther.act(creator, "accept", p.id, creator)
	event(c.ann, func(e *events.CallAccept) bool { return e.From == c.bobsOther.Store.GetLID() })
}

func TestACallerWhoLeavesDevicesRingingIsNamed(t *testing.T) {
	c := meet(t, Options{})
	c.s.limits.dismiss = 50 * time.Millisecond
	p := c.ann.call(c.b)
	creator := c.ann.Store.GetLID()
	c.bob.offered(p.id)
	c.bobsOther.offered(p.id)
	c.bob.act(creator, "accept", p.id, creator)
	if e := event(c.bobsOther, ended(p.id)); e.Reason != "accepted_elsewhere" {
		t.Errorf("the other device was told %q", e.Reason)
	}
	if c.s.RefusalCounts()[RuleNotDismissed] != 1 {
		t.Errorf("refused: %+v", c.s.Refusals())
	}
}

func TestTheCallerGivesUp(t *testing.T) {
	c := meet(t, Options{})
	p := c.ann.call(c.b)
	c.bob.offered(p.id)
	c.ann.send(p.to, terminateOf(p.id, c.ann, "timeout", p.to, c.bob.Store.GetLID(), c.bobsOther.Store.GetLID()))
	for _, bob := range []*client{c.bob, c.bobsOther} {
		event(bob, ended(p.id))
	}
	if i := c.info(p.id); i.State != CallEnded || i.Reason != "timeout" {
		t.Errorf("the call is %+v", i)
	}
	c.noRefusals()
}

func TestNoCallRingsForEver(t *testing.T) {
	c := meet(t, Options{})
	c.s.limits.ring = 50 * time.Millisecond
	p := c.ann.call(c.b)
	for _, x := range []*client{c.ann, c.bob, c.bobsOther} {
		if e := event(x, ended(p.id)); e.Reason != "timeout" {
			t.Errorf("a device was told %q", e.Reason)
		}
	}
}

func TestASideThatStaysAwayHasLeftTheCall(t *testing.T) {
	c := meet(t, Options{})
	c.s.limits.lost = 50 * time.Millisecond
	p := c.ann.call(c.b)
	creator := c.ann.Store.GetLID()
	c.bob.offered(p.id)
	c.bob.act(creator, "accept", p.id, creator)
	c.bob.Disconnect()
	if e := event(c.ann, ended(p.id)); e.Reason != "timeout" {
		t.Errorf("the caller was told %q", e.Reason)
	}
}

func TestACallSurvivesAShortCut(t *testing.T) {
	clientRaces(t)
	c := meet(t, Options{})
	p := c.ann.call(c.b)
	creator := c.ann.Store.GetLID()
	c.bob.offered(p.id)
	c.bob.act(creator, "accept", p.id, creator)
	c.bob.forget()
	if _, err := c.s.DropSockets(c.b.Number()); err != nil {
		t.Fatal(err)
	}
	c.ann.act(c.bob.Store.GetLID(), "mute_v2", p.id, creator)
	event(c.bob, func(e *events.UnknownCallEvent) bool { return first(e.Node).Tag == "mute_v2" })
	if i := c.info(p.id); i.State != CallAccepted {
		t.Errorf("the call is %+v", i)
	}
}

func TestHeartbeatsKeepACallAlive(t *testing.T) {
	c := meet(t, Options{HeartbeatTimeout: 400 * time.Millisecond})
	p := c.ann.call(c.b)
	creator := c.ann.Store.GetLID()
	c.bob.offered(p.id)
	c.bob.act(creator, "accept", p.id, creator)
	to := types.JID{User: p.id, Server: "call"}
	for range 10 {
		c.ann.act(to, "heartbeat", p.id, creator)
		c.bob.act(to, "heartbeat", p.id, creator)
		time.Sleep(60 * time.Millisecond)
	}
	if i := c.info(p.id); i.State != CallAccepted {
		t.Fatalf("with heartbeats the call is %+v", i)
	}
	if e := event(c.ann, ended(p.id)); e.Reason != "timeout" {
		t.Errorf("without, the caller was told %q", e.Reason)
	}
	if c.s.RefusalCounts()[RuleHeartbeat] != 1 {
		t.Errorf("refused: %+v", c.s.Refusals())
	}
}

func TestMissedCallsAreNoticed(t *testing.T) {
	c := meet(t, Options{})
	c.bob.Disconnect()
	p := c.ann.call(c.b)
	c.ann.send(p.to, terminateOf(p.id, c.ann, "", p.to, c.bob.Store.GetLID(), c.bobsOther.Store.GetLID()))
	if err := c.bob.ConnectContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	notice := event(c.bob, func(e *events.CallOfferNotice) bool { return e.CallID == p.id })
	if notice.Media != "audio" || notice.CallCreatorAlt.User != "15550100001" {
		t.Errorf("noticed as %+v", notice)
	}
	event[*events.OfflineSyncCompleted](c.bob, nil)
	c.bob.mu.Lock()
	defer c.bob.mu.Unlock()
	for _, e := range c.bob.seen {
		if is[*events.CallOffer](e) || is[*events.CallTerminate](e) {
			t.Errorf("it rang: %T", e)
		}
	}
}

func TestACallStillRingingIsOfferedToWhoComesBack(t *testing.T) {
	c := meet(t, Options{})
	c.bob.Disconnect()
	p := c.ann.call(c.b)
	if err := c.bob.ConnectContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, key := c.bob.offered(p.id); string(key) != string(p.key) {
		t.Error("the key is another one")
	}
}

func TestReceiptsCarryTheCallersOwnID(t *testing.T) {
	c := meet(t, Options{})
	in := c.ann.DangerousInternals()
	id := c.ann.GenerateMessageID()
	ack := in.WaitResponse(id)
	to := lid(t, c.b.LID())
	err := in.SendNode(waiting(t), node{Tag: "call", Attrs: attrs{"id": id, "to": to}, Content: []node{c.ann.offerNode(to, "00AB", randomBytes(32))}})
	if err != nil {
		t.Fatal(err)
	}
	<-ack
	// The handset confirms its offer with a receipt by itself.
	event(c.ann, func(r *events.Receipt) bool { return r.MessageIDs[0] == id && r.Sender.Device == 0 })
}

func TestTheHandsetTakesPartInCalls(t *testing.T) {
	for name, x := range map[string]struct {
		do     CallAction
		reason string // as the call ends at the server
		seen   func(any) bool
	}{
		"answers":  {Answer, "", is[*events.CallAccept]},
		"declines": {Decline, "rejected", is[*events.CallReject]},
		"is busy":  {Busy, "", is[*events.CallReject]},
	} {
		t.Run(name, func(t *testing.T) {
			c := meet(t, Options{})
			if err := c.b.Handset().SetPolicy(CallPolicy{Do: x.do}); err != nil {
				t.Fatal(err)
			}
			p := c.ann.call(c.b)
			c.ann.await(name, x.seen)
			if got := c.info(p.id).Reason; got != x.reason {
				t.Errorf("the call's reason is %q", got)
			}
			if x.do == Answer {
				if err := c.b.Handset().HangUp(p.id); err != nil {
					t.Fatal(err)
				}
				event(c.ann, ended(p.id))
			}
		})
	}
}

func TestAHandsetCalls(t *testing.T) {
	c := meet(t, Options{})
	id, err := c.a.Handset().Call(c.b.Number())
	if err != nil {
		t.Fatal(err)
	}
	offer, key := c.bob.offered(id)
	if len(key) != 32 || offer.From.Device != 0 {
		t.Fatalf("a key of %d bytes from %s", len(key), offer.From)
	}
	c.bob.act(offer.From, "preaccept", id, offer.CallCreator)
	c.bob.act(offer.From, "accept", id, offer.CallCreator)
	if _, err = c.a.Handset().AwaitCall(waiting(t), func(h HandsetCall) bool { return h.ID == id && h.State == HandsetConnected }); err != nil {
		t.Fatal(err)
	}
	if e := event(c.bobsOther, ended(id)); e.Reason != "accepted_elsewhere" {
		t.Errorf("the other device was told %q", e.Reason)
	}
	if err = c.a.Handset().HangUp(id); err != nil {
		t.Fatal(err)
	}
	event(c.bob, ended(id))
	c.noRefusals()
}

func TestACallerCannotAnswerItself(t *testing.T) {
	c := meet(t, Options{})
	p := c.ann.call(c.b)
	for _, tag := range []string{"accept", "reject"} {
		if got := text(c.ann.act(p.to, tag, p.id, c.ann.Store.GetLID()), "error"); got != "400" {
			t.Errorf("%s is answered %q", tag, got)
		}
	}
	if i := c.info(p.id); i.State != CallRinging || c.s.RefusalCounts()[RuleStranger] != 2 {
		t.Errorf("the call is %+v, refused: %+v", i, c.s.Refusals())
	}
}

func TestADeviceThatGivesUpEndsTheCall(t *testing.T) {
	c := meet(t, Options{})
	c.s.limits.dismiss = 50 * time.Millisecond
	p := c.ann.call(c.b)
	creator := c.ann.Store.GetLID()
	c.bob.offered(p.id)
	c.bobsOther.offered(p.id)
	c.bob.act(creator, "terminate", p.id, creator)
	event(c.ann, ended(p.id))
	event(c.bobsOther, ended(p.id)) // whom the caller has not stopped
}

func TestAHandsetThatIsSwitchedOffHasLeftTheCall(t *testing.T) {
	c := meet(t, Options{})
	c.s.limits.lost = 50 * time.Millisecond
	if err := c.b.Handset().SetPolicy(CallPolicy{Do: Answer}); err != nil {
		t.Fatal(err)
	}
	p := c.ann.call(c.b)
	event(c.ann, func(e *events.CallAccept) bool { return e.From.Device == 0 })
	c.b.Handset().SetOnline(false)
	if e := event(c.ann, ended(p.id)); e.Reason != "timeout" {
		t.Errorf("the caller was told %q", e.Reason)
	}
}

func TestAnOfferThatNobodyGetsInTimeIsNoticed(t *testing.T) {
	c := meet(t, Options{})
	c.s.limits.fresh = time.Nanosecond
	c.bob.Disconnect()
	p := c.ann.call(c.b)
	if err := c.bob.ConnectContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	event(c.bob, func(e *events.CallOfferNotice) bool { return e.CallID == p.id })
}

func TestTheExchangeEndsACallFromOutside(t *testing.T) {
	c := meet(t, Options{})
	p := c.ann.call(c.b)
	c.bob.offered(p.id)
	if !c.s.EndCall(p.id, "timeout") || c.s.EndCall(p.id, "timeout") {
		t.Error("the call did not end exactly once")
	}
	for _, x := range []*client{c.ann, c.bob, c.bobsOther} {
		event(x, ended(p.id))
	}
}
