package chat

import (
	"context"
	"errors"
	"strings"
	"testing"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

func TestAClientLinksByQRAndLogsIn(t *testing.T) {
	n := start(t, Options{})
	ann := n.account("+1 555 010 0001", "Ann")
	c := n.linked(ann)

	if got := c.Store.GetJID().User; got != "15550100001" {
		t.Errorf("the client believes to be %s", got)
	}
	if got := c.Store.GetLID().ToNonAD().String(); got != ann.LID() {
		t.Errorf("the client's hidden identity is %s, the account's %s", got, ann.LID())
	}
	companions := ann.Handset().Companions()
	if len(companions) != 1 || companions[0].ID != 1 || !companions[0].Online {
		t.Errorf("companions: %+v", companions)
	}
	event(c, func(e *events.AppStateSyncComplete) bool { return e.Name == "critical_block" })
	if c.Store.PushName != "Ann" {
		t.Errorf("the own name is %q", c.Store.PushName)
	}
}

func TestAClientLinksByCode(t *testing.T) {
	n := start(t, Options{})
	ann := n.account("+15550100001", "Ann")
	c := n.newClient()
	if err := c.ConnectContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	event[*events.QR](c, nil)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	code, err := c.PairPhone(ctx, "+15550100001", true, whatsmeow.PairClientChrome, "Chrome (Linux)")
	if err != nil {
		t.Fatal(err)
	}
	if err = ann.Handset().EnterCode(ctx, code); err != nil {
		t.Fatal(err)
	}
	event[*events.Connected](c, nil)
}

func TestWhoIsOnTheNetworkIsFoundByNumber(t *testing.T) {
	n := start(t, Options{})
	c := n.linked(n.account("+15550100001", "Ann"))
	bob := n.account("+15550100002", "Bob")

	found, err := c.IsOnWhatsApp(context.Background(), []string{"+15550100002", "+15550100009"})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != 2 || !found[0].IsIn || found[1].IsIn {
		t.Fatalf("found %+v", found)
	}
	info, err := c.GetUserInfo(context.Background(), []types.JID{types.NewJID("15550100002", types.DefaultUserServer)})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range info {
		if i.LID.String() != bob.LID() {
			t.Errorf("hidden identity %s, want %s", i.LID, bob.LID())
		}
	}
}

func TestAWrongCodeDoesNotLink(t *testing.T) {
	n := start(t, Options{})
	ann := n.account("+15550100001", "Ann")
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := ann.Handset().EnterCode(ctx, "ABCD-EFGH"); !errors.Is(err, ErrCode) {
		t.Errorf("nobody asked for a code, and typing one gives %v", err)
	}
	c := n.newClient()
	if err := c.ConnectContext(ctx); err != nil {
		t.Fatal(err)
	}
	event[*events.QR](c, nil)
	if _, err := c.PairPhone(ctx, "+15550100001", true, whatsmeow.PairClientChrome, "My own phone"); err == nil {
		t.Error("a client with an unknown name got a code")
	}
	if _, err := c.PairPhone(ctx, "+15550100001", true, whatsmeow.PairClientChrome, "Chrome (Linux)"); err != nil {
		t.Fatal(err)
	}
	if err := ann.Handset().EnterCode(ctx, "1111-1111"); !errors.Is(err, ErrCode) {
		t.Errorf("the wrong code gives %v", err)
	}
	// A new code works.
	code, err := c.PairPhone(ctx, "+15550100001", true, whatsmeow.PairClientChrome, "Chrome (Linux)")
	if err != nil {
		t.Fatal(err)
	}
	if err = ann.Handset().EnterCode(ctx, code); err != nil {
		t.Error(err)
	}
}

func TestForeignQRTextsAreRefused(t *testing.T) {
	n := start(t, Options{})
	h := n.account("+15550100001", "Ann").Handset()
	for _, qr := range []string{"", "https://example.org", "2@abc,a,b,c", "2@" + strings.Repeat("A", 64) + strings.Repeat(","+strings.Repeat("A", 43)+"=", 3) + ",1"} {
		if err := h.Scan(context.Background(), qr); !errors.Is(err, ErrQR) {
			t.Errorf("%q gives %v", qr, err)
		}
	}
}

func TestAClientMayBreakLinkingOff(t *testing.T) {
	n := start(t, Options{})
	ann := n.account("+15550100001", "Ann")
	c := n.newClient()
	c.PrePairCallback = func(types.JID, string, string) bool { return false }
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := <-c.scanning(ctx, ann); !errors.Is(err, ErrLinking) {
		t.Errorf("scanning ended with %v", err)
	}
}

func TestAHandsetLinksFourDevices(t *testing.T) {
	n := start(t, Options{})
	ann := n.account("+15550100001", "Ann")
	for range 4 {
		n.linked(ann)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := <-n.newClient().scanning(ctx, ann); !errors.Is(err, ErrTooMany) {
		t.Errorf("the fifth gives %v", err)
	}
}
