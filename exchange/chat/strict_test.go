package chat

import (
	"slices"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// drop removes the children with a tag.
func drop(n node, tag string) node {
	n.Content = without(&n, tag)
	return n
}

// move puts the first child with a tag at the front.
func move(n node, tag string) node {
	c, _ := n.GetOptionalChildByTag(tag)
	n.Content = append([]node{c}, without(&n, tag)...)
	return n
}

// TestBadOffersAreRefusedAndNamed sends one offer per rule, each wrong in one
// thing only, from a client to an account with a handset and a companion.
func TestBadOffersAreRefusedAndNamed(t *testing.T) {
	n := start(t, Options{Relays: &relays{}})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	ann := n.linked(a)
	n.linked(b)
	to := lid(t, b.LID())
	stranger := types.NewJID("199999999999999", types.HiddenUserServer)
	for name, c := range map[string]struct {
		to    types.JID
		spoil func(offer node) node
		rule  Rule
		code  string
	}{
		"net before audio":             {to, func(o node) node { return move(o, "net") }, RuleChildOrder, "439"},
		"device-identity in front":     {to, func(o node) node { return move(o, "device-identity") }, RuleChildOrder, "439"},
		"a child that has no place":    {to, func(o node) node { o.Content = append(o.GetChildren(), node{Tag: "tctoken"}); return o }, RuleChildOrder, "439"},
		"two encopt":                   {to, func(o node) node { o.Content = append(o.GetChildren(), node{Tag: "encopt"}); return o }, RuleChildOrder, "439"},
		"pkmsg without its proof":      {to, func(o node) node { return drop(o, "device-identity") }, RuleNoIdentity, "400"},
		"creator without device":       {to, func(o node) node { return with(o, "call-creator", lid(t, a.LID())) }, RuleCreator, "400"},
		"creator is the number":        {to, func(o node) node { return with(o, "call-creator", ann.Store.GetJID()) }, RuleCreator, "400"},
		"addressed to a number":        {b.pnJID(), func(o node) node { return o }, RuleAddress, "400"},
		"addressed to oneself":         {lid(t, a.LID()), func(o node) node { return o }, RuleAddress, "400"},
		"no ciphertext":                {to, func(o node) node { return drop(o, "destination") }, RuleNoCallKey, "400"},
		"a device forgotten":           {to, forgetOne, RuleDeviceSet, "400"},
		"a device that does not exist": {to, func(o node) node { return addDevice(o, stranger) }, RuleDeviceSet, "400"},
		"a device of somebody else":    {to, func(o node) node { return addDevice(o, ann.Store.GetLID()) }, RuleDeviceSet, "400"},
		"nobody has this identity":     {stranger, func(o node) node { return o }, "", "404"},
	} {
		t.Run(name, func(t *testing.T) {
			before := n.s.RefusalCounts()
			offer := c.spoil(ann.offerNode(to, "00"+name, randomBytes(32)))
			ack := ann.send(c.to, offer)
			if got := text(ack, "error"); got != c.code {
				t.Errorf("error %q, want %s", got, c.code)
			}
			for rule, count := range n.s.RefusalCounts() {
				if grown := count - before[rule]; grown != 0 && (rule != c.rule || grown != 1) {
					t.Errorf("%s was counted %d times", rule, grown)
				}
			}
			if c.rule == "" {
				return
			}
			last := n.s.Refusals()[len(n.s.Refusals())-1]
			if last.Rule != c.rule || last.CallID != "00"+name || last.Device != "***001:1" || last.Stanza != "call offer" {
				t.Errorf("named as %+v", last)
			}
		})
	}
	if calls := n.s.Calls(); len(calls) != 0 {
		t.Errorf("a refused offer became a call: %+v", calls)
	}
}

func forgetOne(o node) node {
	destination := child(&o, "destination")
	destination.Content = destination.GetChildren()[:1]
	return replace(o, destination)
}

func addDevice(o node, j types.JID) node {
	destination := child(&o, "destination")
	destination.Content = append(destination.GetChildren(), node{Tag: "to", Attrs: attrs{"jid": j}})
	return replace(o, destination)
}

func replace(n, by node) node {
	content := slices.Clone(n.GetChildren())
	for i := range content {
		if content[i].Tag == by.Tag {
			content[i] = by
		}
	}
	n.Content = content
	return n
}

func TestLenientModeCountsAndLetsPass(t *testing.T) {
	n := start(t, Options{Lenient: true})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	ann, bob := n.linked(a), n.linked(b)
	ack := ann.send(lid(t, b.LID()), move(ann.offerNode(lid(t, b.LID()), "00AA", randomBytes(32)), "net"))
	if text(ack, "error") != "" {
		t.Errorf("refused: %s", ack)
	}
	bob.offered("00AA")
	if r := n.s.Refusals(); len(r) != 1 || !r[0].Passed {
		t.Errorf("refusals: %+v", r)
	}
}

func TestARestrictedCalleeNeedsAToken(t *testing.T) {
	n := start(t, Options{})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	ann := n.linked(a)
	n.linked(b)
	b.SetRestricted(true)
	to := lid(t, b.LID())
	privacy := func(token []byte) node {
		o := ann.offerNode(to, "00"+string(rune('A'+len(token))), randomBytes(32))
		o.Content = append([]node{{Tag: "privacy", Content: token}}, o.GetChildren()...)
		return o
	}
	if got := text(ann.send(to, ann.offerNode(to, "0001", randomBytes(32))), "error"); got != "463" {
		t.Errorf("without a token: error %q", got)
	}
	if got := text(ann.send(to, privacy(randomBytes(11))), "error"); got != "463" {
		t.Errorf("with a foreign token: error %q", got)
	}
	if err := b.Handset().Trust(a.Number()); err != nil {
		t.Fatal(err)
	}
	n.s.mu.Lock()
	good := b.issued[a.lid].Token
	n.s.mu.Unlock()
	if got := text(ann.send(to, privacy(good)), "error"); got != "" {
		t.Errorf("with the callee's token: error %q", got)
	}
	n.s.mu.Lock()
	b.issued[a.lid] = trusted{good, time.Now().Add(-tokenLife - time.Hour)}
	n.s.mu.Unlock()
	if got := text(ann.send(to, privacy(good)), "error"); got != "463" {
		t.Errorf("with an expired token: error %q", got)
	}
}

// TestBadActionsAreRefusedAndNamed breaks the rules inside a call.
func TestBadActionsAreRefusedAndNamed(t *testing.T) {
	n := start(t, Options{})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	ann, bob, eve := n.linked(a), n.linked(b), n.linked(n.account("+15550100003", "Eve"))
	p := ann.call(b)
	offer, _ := bob.offered(p.id)
	creator := ann.Store.GetLID()
	expect := func(name string, ack *node, code string, rule Rule) {
		t.Helper()
		all := n.s.Refusals()
		if text(ack, "error") != code || len(all) == 0 || all[len(all)-1].Rule != rule {
			t.Errorf("%s: error %q, refusals %+v", name, text(ack, "error"), all)
		}
	}
	expect("a stranger", eve.act(creator, "preaccept", p.id, creator), "404", RuleStranger)
	expect("creator without device", bob.act(creator, "preaccept", p.id, creator.ToNonAD()), "400", RuleCreator)
	expect("to the bare account", bob.act(creator.ToNonAD(), "accept", p.id, creator), "400", RuleAddress)
	expect("no such call", bob.act(creator, "accept", "00FFFF", creator), "404", RuleUnknownCall)
	expect("heartbeat to a person", ann.act(p.to, "heartbeat", p.id, creator), "400", RuleAddress)
	expect("no call-id", ann.send(p.to, node{Tag: "mute_v2"}), "", RuleNoCallID)

	bob.act(offer.From, "accept", p.id, creator)
	expect("hang-up past the device that answered", ann.act(p.to, "terminate", p.id, creator), "400", RuleAddress)
	ann.act(bob.Store.GetLID(), "terminate", p.id, creator)
	expect("after its own hang-up", ann.act(bob.Store.GetLID(), "mute_v2", p.id, creator), "404", RuleAfterEnd)
	count := len(n.s.Refusals())
	if got := text(bob.act(creator, "mute_v2", p.id, creator), "error"); got != "404" || len(n.s.Refusals()) != count {
		t.Errorf("what crosses the hang-up is answered %q and named %d times", got, len(n.s.Refusals())-count)
	}
	if got := text(ann.act(types.NewJID("", "call"), "duration", p.id, creator), "error"); got != "" {
		t.Errorf("the duration after the end is answered %q", got)
	}
}

func TestACallWithoutIDIsDropped(t *testing.T) {
	n := start(t, Options{})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	ann := n.linked(a)
	n.linked(b)
	to := lid(t, b.LID())
	refused := n.s.WatchRefusals(waiting(t))
	offer := ann.offerNode(to, "00AA", randomBytes(32))
	if err := ann.DangerousInternals().SendNode(waiting(t), node{Tag: "call", Attrs: attrs{"to": to}, Content: []node{offer}}); err != nil {
		t.Fatal(err)
	}
	if r := <-refused; r.Rule != RuleNoID {
		t.Errorf("refused for %s", r.Rule)
	}
	if len(n.s.Calls()) != 0 {
		t.Error("it was routed")
	}
}
