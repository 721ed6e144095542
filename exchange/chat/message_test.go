package chat

import (
	"context"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"google.golang.org/protobuf/proto"
)

func textOf(body string) *waE2E.Message { return &waE2E.Message{Conversation: proto.String(body)} }

// got waits for a text message.
func (c *client) got(body string) *events.Message {
	c.t.Helper()
	return event(c, func(m *events.Message) bool { return m.Message.GetConversation() == body })
}

func (c *client) write(to *Account, body string) string {
	c.t.Helper()
	sent, err := c.SendMessage(context.Background(), lid(c.t, to.LID()), textOf(body))
	if err != nil {
		c.t.Fatal(err)
	}
	return sent.ID
}

func waiting(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

func TestTextsReachEveryDevice(t *testing.T) {
	n := start(t, Options{})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	ann, bob, bobsOther := n.linked(a), n.linked(b), n.linked(b)

	id := ann.write(b, "hello")
	for _, c := range []*client{bob, bobsOther} {
		m := c.got("hello")
		if m.Info.Sender.ToNonAD().String() != a.LID() || m.Info.SenderAlt.User != "15550100001" || m.Info.PushName != "Ann" {
			t.Errorf("it came from %s (%s, %q)", m.Info.Sender, m.Info.SenderAlt, m.Info.PushName)
		}
	}
	ctx := waiting(t)
	if _, err := b.Handset().AwaitText(ctx, func(x Text) bool { return x.Body == "hello" && x.From == a.Number() }); err != nil {
		t.Error(err)
	}
	if _, err := a.Handset().AwaitText(ctx, func(x Text) bool { return x.Body == "hello" && x.FromMe && x.To == b.Number() }); err != nil {
		t.Error("the sender's own handset:", err, n.s.Refusals())
	}
	event(ann, func(r *events.Receipt) bool { return r.MessageIDs[0] == id && r.Sender.Device == 1 })
	event(ann, func(r *events.Receipt) bool { return r.MessageIDs[0] == id && r.Sender.Device == 2 })

	bob.write(a, "and back")
	ann.got("and back")
	bobsOther.got("and back") // as a copy of what another own device sent
}

func TestAHandsetWrites(t *testing.T) {
	n := start(t, Options{})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	bob, annsOther := n.linked(b), n.linked(a)
	id, err := a.Handset().SendText(b.Number(), "from the phone")
	if err != nil {
		t.Fatal(err)
	}
	if m := bob.got("from the phone"); m.Info.ID != id || m.Info.Sender.Device != 0 {
		t.Errorf("message %s of %s", m.Info.ID, m.Info.Sender)
	}
	annsOther.got("from the phone")
	// Writing to somebody hands out a token, by which they may call.
	deadline := time.Now().Add(patience)
	for {
		token, err := bob.Store.PrivacyTokens.GetPrivacyToken(context.Background(), lid(t, a.LID()))
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("no token: %v", err)
		}
		if token != nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
}

func TestWhatIsMissedWaits(t *testing.T) {
	n := start(t, Options{})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	ann, bob := n.linked(a), n.linked(b)
	bob.Disconnect()
	ann.write(b, "one")
	ann.write(b, "two")
	b.Handset().SetOnline(false)
	ann.write(b, "three")
	bob.forget()

	if err := bob.ConnectContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	preview := event[*events.OfflineSyncPreview](bob, nil)
	if preview.Messages < 2 {
		t.Errorf("the preview says %d messages", preview.Messages)
	}
	for _, body := range []string{"one", "two", "three"} {
		bob.got(body)
	}
	event[*events.OfflineSyncCompleted](bob, nil)
	b.Handset().SetOnline(true)
	if _, err := b.Handset().AwaitText(waiting(t), func(x Text) bool { return x.Body == "three" }); err != nil {
		t.Error(err)
	}
}

func TestTheBlockedAreNotHeard(t *testing.T) {
	n := start(t, Options{Relays: &relays{}})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	ann, bob := n.linked(a), n.linked(b)
	ctx := context.Background()

	list, err := bob.UpdateBlocklist(ctx, lid(t, a.LID()), events.BlocklistChangeActionBlock)
	if err != nil {
		t.Fatal(err)
	}
	if len(list.JIDs) != 1 || list.JIDs[0].String() != a.LID() || b.Handset().Blocked()[0] != a.Number() {
		t.Fatalf("the block list is %v", list.JIDs)
	}
	ann.write(b, "unheard")
	p := ann.call(b) // it is taken, and rings nowhere
	if !hasChild(p.ack, "relay") {
		t.Error("a blocked caller sees a difference")
	}
	ann.send(p.to, terminateOf(p.id, ann, ""))

	if err = b.Handset().Block(a.Number(), false); err != nil {
		t.Fatal(err)
	}
	change := event[*events.Blocklist](bob, nil)
	if len(change.Changes) != 1 || change.Changes[0].Action != events.BlocklistChangeActionUnblock {
		t.Errorf("the client was told %+v", change)
	}
	ann.write(b, "heard")
	bob.got("heard")
	bob.mu.Lock()
	defer bob.mu.Unlock()
	for _, e := range bob.seen {
		if m, ok := e.(*events.Message); ok && m.Message.GetConversation() == "unheard" || is[*events.CallOffer](e) {
			t.Errorf("the blocked got through: %T", e)
		}
	}
}

func TestPresenceIsToldToWhoAsks(t *testing.T) {
	n := start(t, Options{})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	ann, bob := n.linked(a), n.linked(b)
	event(bob, func(e *events.AppStateSyncComplete) bool { return e.Name == appstate.WAPatchCriticalBlock })
	ctx := context.Background()
	if err := ann.SubscribePresence(ctx, lid(t, b.LID())); err != nil {
		t.Fatal(err)
	}
	event(ann, func(p *events.Presence) bool { return p.Unavailable })
	if err := bob.SendPresence(ctx, types.PresenceAvailable); err != nil {
		t.Fatal(err)
	}
	event(ann, func(p *events.Presence) bool { return !p.Unavailable && p.From.String() == b.LID() })
	if err := bob.SendChatPresence(ctx, lid(t, a.LID()), types.ChatPresenceComposing, types.ChatPresenceMediaText); err != nil {
		t.Fatal(err)
	}
	event(ann, func(p *events.ChatPresence) bool { return p.State == types.ChatPresenceComposing })
	ann.forget()
	bob.Disconnect()
	event(ann, func(p *events.Presence) bool { return p.Unavailable && !p.LastSeen.IsZero() })
}

// TestBrokenSessionsMend has each side in turn forget its sessions, so that
// what it gets cannot be decrypted and is sent again.
func TestBrokenSessionsMend(t *testing.T) {
	n := start(t, Options{})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	ann := n.linked(a)
	b.Handset().SetOnline(true)
	if _, err := b.Handset().SendText(a.Number(), "to begin with"); err != nil {
		t.Fatal(err)
	}
	ann.got("to begin with")
	ann.write(b, "answer") // from here on both sides have a session
	if _, err := b.Handset().AwaitText(waiting(t), func(x Text) bool { return x.Body == "answer" }); err != nil {
		t.Fatal(err)
	}

	h := b.Handset()
	h.crypto.Lock()
	err := h.keys.DeleteSession(waiting(t), ann.Store.GetLID().SignalAddress().String())
	h.crypto.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	ann.write(b, "the handset forgot")
	if _, err = h.AwaitText(waiting(t), func(x Text) bool { return x.Body == "the handset forgot" }); err != nil {
		t.Error(err, n.s.Refusals())
	}

	if err = ann.Store.Sessions.DeleteSession(waiting(t), lid(t, b.LID()).SignalAddress().String()); err != nil {
		t.Fatal(err)
	}
	if _, err = h.SendText(a.Number(), "the client forgot"); err != nil {
		t.Fatal(err)
	}
	ann.got("the client forgot")
}
