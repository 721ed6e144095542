package chat

import (
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types/events"
)

func (c *callers) inject(f Fault) int {
	c.t.Helper()
	id, err := c.s.Inject(f)
	if err != nil {
		c.t.Fatal(err)
	}
	return id
}

func (c *client) count(match func(any) bool) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.seen {
		if match(e) {
			n++
		}
	}
	return n
}

func TestStanzasGoWrongOnRequest(t *testing.T) {
	clientRaces(t)
	c := meet(t, Options{})
	texts := func(body string) func(any) bool {
		return func(e any) bool {
			m, ok := e.(*events.Message)
			return ok && m.Message.GetConversation() == body
		}
	}
	one := uint16(1) // bob, not his other device

	c.inject(Fault{Kind: FaultDuplicate, Account: c.b.Number(), Device: &one, Stanza: "notification", Times: 1})
	c.inject(Fault{Kind: FaultReorder, Account: c.b.Number(), Device: &one, Stanza: "message", Times: 1})
	c.ann.write(c.b, "first")
	c.ann.write(c.b, "second")
	c.bob.got("second")
	c.bob.got("first")
	if c.bob.count(texts("second")) != 1 {
		t.Error("a message arrived twice")
	}
	c.bob.mu.Lock()
	for _, e := range c.bob.seen {
		if texts("first")(e) {
			t.Error("the first message was not overtaken")
		}
		if texts("second")(e) {
			break
		}
	}
	c.bob.mu.Unlock()

	began := time.Now()
	c.inject(Fault{Kind: FaultDelay, Account: c.b.Number(), Stanza: "message", Delay: 150 * time.Millisecond, Times: 3})
	c.ann.write(c.b, "late")
	c.bob.got("late")
	if took := time.Since(began); took < 150*time.Millisecond {
		t.Errorf("a delayed message took %v", took)
	}

	c.inject(Fault{Kind: FaultWithhold, Account: c.b.Number(), Device: &one, Stanza: "message", Times: 1})
	c.ann.write(c.b, "withheld")
	c.bobsOther.got("withheld")
	if c.bob.count(texts("withheld")) != 0 {
		t.Error("a withheld message arrived")
	}
	// It was never confirmed, so it comes when the client comes back.
	if _, err := c.s.DropSockets(c.b.Number()); err != nil {
		t.Fatal(err)
	}
	c.bob.got("withheld")
	if left := c.s.Faults(); len(left) != 0 && left[0].Kind != FaultDuplicate {
		t.Errorf("faults that should be used up: %+v", left)
	}
}

func TestCallsGoWrongOnRequest(t *testing.T) {
	c := meet(t, Options{})
	to := lid(t, c.b.LID())

	c.inject(Fault{Kind: FaultNoRelay, Account: c.a.Number(), Times: 1})
	p := c.ann.call(c.b)
	offer, _ := c.bob.offered(p.id)
	if hasChild(p.ack, "relay") || hasChild(offer.Data, "relay") {
		t.Error("there is a relay block")
	}

	c.inject(Fault{Kind: FaultAckError, Account: c.a.Number(), Code: 463, Times: 1})
	if got := text(c.ann.send(to, c.ann.offerNode(to, "0001", randomBytes(32))), "error"); got != "463" {
		t.Errorf("error %q", got)
	}

	c.inject(Fault{Kind: FaultStale, Account: c.b.Number(), Stanza: "offer", Delay: 2 * time.Minute, Times: 3})
	p = c.ann.call(c.b)
	if offer, _ = c.bob.offered(p.id); time.Since(offer.Timestamp) < time.Minute {
		t.Errorf("the offer is of %v", offer.Timestamp)
	}

	c.inject(Fault{Kind: FaultBadKey, Account: c.b.Number(), Times: 3})
	p = c.ann.call(c.b)
	event(c.ann, func(e *events.CallReject) bool { return text(e.Data, "reason") == "enc" && e.From.Device == 0 })
	if c.s.RefusalCounts()[RuleUndecryptable] != 1 {
		t.Errorf("refused: %+v", c.s.Refusals())
	}
	// The same key once more, for the handset alone.
	again := c.ann.offerNode(to, p.id, p.key)
	ack := c.ann.send(to, again)
	if text(ack, "error") != "" {
		t.Fatalf("the repeated offer was refused: %s", ack)
	}
	if _, err := c.b.Handset().AwaitCall(waiting(t), func(h HandsetCall) bool { return h.ID == p.id && h.KeyRead }); err != nil {
		t.Error(err, c.s.Refusals(), c.s.Faults(), c.b.Handset().Calls())
	}

	c.inject(Fault{Kind: FaultWithhold, Account: c.a.Number(), Stanza: "ack/offer", Times: 1})
	in := c.ann.DangerousInternals()
	id := c.ann.GenerateMessageID()
	answer := in.WaitResponse(id)
	if err := in.SendNode(waiting(t), node{Tag: "call", Attrs: attrs{"id": id, "to": to}, Content: []node{c.ann.offerNode(to, "00AC", randomBytes(32))}}); err != nil {
		t.Fatal(err)
	}
	c.bob.offered("00AC")
	select {
	case n := <-answer:
		t.Errorf("the acknowledgement came: %s", n)
	default:
	}
}

func TestFaultsAreListedAndLifted(t *testing.T) {
	c := meet(t, Options{})
	id := c.inject(Fault{Kind: FaultWithhold, Account: "+1 555 010-0002"})
	if got := c.s.Faults(); len(got) != 1 || got[0].ID != id || got[0].Account != c.b.Number() {
		t.Errorf("faults: %+v", got)
	}
	if err := c.s.Lift(id); err != nil {
		t.Error(err)
	}
	for what, f := range map[string]Fault{
		"kind":   {Kind: "earthquake"},
		"number": {Kind: FaultDelay, Account: "nobody"},
		"code":   {Kind: FaultAckError},
	} {
		if _, err := c.s.Inject(f); err == nil {
			t.Errorf("a fault with a bad %s was taken", what)
		}
	}
	if err := c.s.Lift(id); err == nil {
		t.Error("a fault was lifted twice")
	}
}

func TestADeviceWithoutKeysIsLeftOut(t *testing.T) {
	c := meet(t, Options{})
	two := uint16(2)
	c.inject(Fault{Kind: FaultNoKeys, Account: c.b.Number(), Device: &two})
	to := lid(t, c.b.LID())
	offer := c.ann.offerForSome(to, "00AB", randomBytes(32), 1)
	if got := text(c.ann.send(to, offer), "error"); got != "" {
		t.Errorf("error %q: %+v", got, c.s.Refusals())
	}
	c.bob.offered("00AB")
}

func TestBundlesMayComeWithoutASpareKey(t *testing.T) {
	c := meet(t, Options{})
	before := c.b.Handset().Companions()[0].PreKeys
	c.inject(Fault{Kind: FaultNoSpare, Account: c.b.Number()})
	p := c.ann.call(c.b)
	if _, key := c.bob.offered(p.id); string(key) != string(p.key) {
		t.Error("the callee got another key")
	}
	if got := c.b.Handset().Companions()[0].PreKeys; got != before {
		t.Errorf("of %d spare keys %d are left", before, got)
	}
}
