package chat

import (
	"bytes"
	"testing"

	"go.mau.fi/whatsmeow/types/events"
)

func TestAnOfferReachesTheCalleeAndIsDecrypted(t *testing.T) {
	n := start(t, Options{Relays: &relays{}})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	ann, bob := n.linked(a), n.linked(b)

	p := ann.call(b)
	offer, key := bob.offered(p.id)
	if !bytes.Equal(key, p.key) {
		t.Fatal("the callee got another key")
	}
	if got, want := offer.CallCreatorAlt.String(), "15550100001:1@s.whatsapp.net"; got != want {
		t.Errorf("caller_pn is %s, want %s", got, want)
	}
	if got := text(offer.Data, "caller_country_code"); got != "US" {
		t.Errorf("caller_country_code is %q", got)
	}
	caller, callee := child(p.ack, "relay"), child(offer.Data, "relay")
	if text(&caller, "uuid") == "" || text(&caller, "uuid") != text(&callee, "uuid") {
		t.Errorf("the two sides have the relay uuids %q and %q", text(&caller, "uuid"), text(&callee, "uuid"))
	}

	bob.act(offer.From, "accept", p.id, offer.CallCreator, node{Tag: "audio", Attrs: attrs{"enc": "opus", "rate": "16000"}})
	accept := event[*events.CallAccept](ann, nil)
	if accept.From.Device != 1 || !hasChild(accept.Data, "relay") {
		t.Errorf("accepted by device %d, relay block: %v", accept.From.Device, hasChild(accept.Data, "relay"))
	}
	ann.send(p.to, terminateOf(p.id, ann, "accepted_elsewhere", lid(t, b.LID())))
	ann.act(accept.From, "terminate", p.id, ann.Store.GetLID())
	event[*events.CallTerminate](bob, nil)

	calls := n.s.Calls()
	if len(calls) != 1 || calls[0].State != CallEnded || calls[0].Reason != "hangup" || *calls[0].AcceptedBy != 1 {
		t.Errorf("calls: %+v", calls)
	}
	if r := n.s.Refusals(); len(r) > 0 {
		t.Errorf("refused: %+v", r)
	}
}
