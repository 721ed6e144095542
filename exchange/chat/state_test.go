package chat

import (
	"context"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/proto/waSyncAction"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

func TestContactsAndNamesComeFromTheHandset(t *testing.T) {
	n := start(t, Options{})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bobby")
	if err := a.Handset().SetContacts(Contact{b.Number(), "Bob Smith"}); err != nil {
		t.Fatal(err)
	}
	ann := n.newClient()
	ann.ManualHistorySyncDownload = true // so that the test knows when it is stored
	ann.linkQR(a)
	ann.synced(appstate.WAPatchCriticalUnblockLow)
	who := types.NewJID("15550100002", types.DefaultUserServer)
	names := event(ann, func(m *events.Message) bool {
		return m.Message.GetProtocolMessage().GetHistorySyncNotification() != nil
	})
	if _, err := ann.DownloadHistorySync(context.Background(), names.Message.GetProtocolMessage().GetHistorySyncNotification(), true); err != nil {
		t.Fatal(err)
	}
	found, err := ann.Store.Contacts.GetContact(context.Background(), who)
	if err != nil || found.FullName != "Bob Smith" || found.FirstName != "Bob" || found.PushName != "Bobby" {
		t.Fatalf("the contact is %+v: %v", found, err)
	}

	// A later change arrives too.
	if err := a.Handset().SetContacts(Contact{b.Number(), "Robert Smith"}); err != nil {
		t.Fatal(err)
	}
	event(ann, func(e *events.Contact) bool { return e.JID == who && e.Action.GetFullName() == "Robert Smith" })
	if err := a.Handset().SetContacts(Contact{"+15550109999", "Nobody"}); err == nil {
		t.Error("a contact without an account was taken")
	}
}

func TestCallHistoryComesFromTheHandset(t *testing.T) {
	n := start(t, Options{})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	ann := n.linked(a)
	ann.synced(appstate.WAPatchRegular)
	began := time.Now().Add(-time.Hour).Truncate(time.Second)
	missed := PastCall{ID: "00AB", Number: b.Number(), Incoming: true, Started: began, Result: ResultMissed}
	talked := PastCall{ID: "00CD", Number: b.Number(), Started: began, Duration: 90 * time.Second, Result: ResultConnected}
	if err := a.Handset().AddHistory(missed, talked); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]struct {
		result   waSyncAction.CallLogRecord_CallResult
		creator  string
		duration int64
	}{
		missed.ID: {waSyncAction.CallLogRecord_MISSED, b.LID(), 0},
		talked.ID: {waSyncAction.CallLogRecord_CONNECTED, a.LID(), 90},
	} {
		entry := event(ann, func(e *events.AppState) bool { return e.Index[0] == appstate.IndexCallLog && e.Index[2] == id })
		r := entry.GetCallLogAction().GetCallLogRecord()
		if r.GetCallResult() != want.result || r.GetCallCreatorJID() != want.creator || r.GetDuration() != want.duration || r.GetStartTime() != began.Unix() {
			t.Errorf("call %s: %v", id, r)
		}
	}
	if err := a.Handset().AddHistory(PastCall{ID: "1", Number: b.Number(), Result: "splendid"}); err == nil {
		t.Error("an unknown result was taken")
	}
}

func TestCompanionsWriteAppState(t *testing.T) {
	n := start(t, Options{})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	first, second := n.linked(a), n.linked(a)
	for _, c := range []*client{first, second} {
		c.synced(appstate.WAPatchRegularHigh)
	}
	if err := first.SendAppState(context.Background(), appstate.BuildMute(lid(t, b.LID()), true, time.Hour)); err != nil {
		t.Fatal(err)
	}
	event(second, func(e *events.Mute) bool { return e.JID.String() == b.LID() && e.Action.GetMuted() })
	// The handset has followed and writes on top of it.
	if err := a.Handset().SetName("Anna"); err != nil {
		t.Fatal(err)
	}
	event(second, func(e *events.PushNameSetting) bool { return e.Action.GetName() == "Anna" })
}
