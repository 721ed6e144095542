package whatsapp

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"

	"tring/signaling/whatsapp/stanza"
)

func TestTheTapSeesStanzasAndWritesNone(t *testing.T) {
	var written strings.Builder
	var acks int
	tapped, log := newTap(slog.New(slog.NewTextHandler(&written, &slog.HandlerOptions{Level: slog.LevelDebug})), func(*waBinary.Node) { acks++ })
	recv := log.Sub("Recv")
	from := types.JID{User: "200", Device: 17, Server: types.HiddenUserServer}
	call := &waBinary.Node{Tag: "call", Attrs: waBinary.Attrs{"from": from, "id": "1"}, Content: []waBinary.Node{{Tag: "offer", Attrs: waBinary.Attrs{"call-id": "SECRET"}}}}
	recv.Debugf("%s", call)
	recv.Debugf("%s", &waBinary.Node{Tag: "ack"})
	recv.Debugf("%s", "no stanza")
	log.Sub("Send").Debugf("%s", call)
	log.Sub("QRChannel").Debugf("Emitting QR code %s", "SECRET")
	log.Sub("Client").Sub("Deep").Infof("%s", "SECRET")
	log.Warnf("Failed for %s after %v: %v (%d)", "SECRET", time.Second, errors.New("15550100001 is gone"), 7)
	log.Errorf("Node handling took %s for %s", time.Second, call)
	if text := written.String(); strings.Contains(text, "SECRET") || strings.Contains(text, "15550100001") || !strings.Contains(text, "after 1s") || !strings.Contains(text, "(7)") {
		t.Errorf("written: %s", text)
	}
	if !tapped.seen.Load() || acks != 1 {
		t.Errorf("seen %v, %d acks", tapped.seen.Load(), acks)
	}
	key := callKey{"offer", "SECRET", from.String()}
	if tapped.take(key) != call || tapped.take(key) != nil {
		t.Error("the stanza is not found by its event, or twice")
	}
	recv.Debugf("%s", call)
	recv.Debugf("%s", &waBinary.Node{Tag: "success"})
	if tapped.take(key) != nil || tapped.held != 0 {
		t.Error("a stanza outlived its connection")
	}
}

func TestTheTapHoldsFewStanzas(t *testing.T) {
	tapped, _ := newTap(slog.New(slog.DiscardHandler), func(*waBinary.Node) {})
	for range 10 * maxHeld {
		tapped.receive(&waBinary.Node{Tag: "call", Attrs: waBinary.Attrs{"from": types.NewJID("1", "lid")}})
	}
	if tapped.held > maxHeld {
		t.Errorf("%d stanzas are held", tapped.held)
	}
}

func TestEveryStanzaIsConfirmedInItsOwnWay(t *testing.T) {
	ref := waBinary.Attrs{"call-id": "00AA", "call-creator": types.NewJID("200", "lid")}
	for _, tag := range []string{"preaccept", "terminate", "transport", "relaylatency", "mute_v2", "video", "group_update", "offer_notice", "waiting_room_update", "user_action", "screen_share"} {
		n := &waBinary.Node{Tag: "call", Attrs: waBinary.Attrs{"from": types.NewJID("200", "lid"), "id": "1"}, Content: []waBinary.Node{{Tag: tag, Attrs: ref}}}
		sig, err := stanza.Parse(n)
		if err != nil {
			t.Fatalf("%s: %v", tag, err)
		}
		(&session{}).confirm(n, sig)
		// whatsmeow copies an outer type into the ack that it sends next.
		if n.Attrs["type"] != tag {
			t.Errorf("%s is acked as %v", tag, n.Attrs["type"])
		}
	}
}
