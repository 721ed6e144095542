package chat

import (
	"context"
	"testing"
	"time"

	"go.mau.fi/whatsmeow/types"
)

func TestOneTimeKeysAreHandedOutOnce(t *testing.T) {
	n := start(t, Options{})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	ann := n.linked(a)
	bob := n.linked(b)
	device := bob.Store.GetLID()
	seen := map[uint32]bool{}
	for range 60 {
		bundle := ann.DangerousInternals().FetchPreKeysNoError(context.Background(), []types.JID{device})[device]
		if bundle == nil {
			t.Fatal("no bundle")
		}
		if bundle.PreKeyID().IsEmpty {
			continue // none is left until the client has sent more, and calls work without
		}
		if id := bundle.PreKeyID().Value; seen[id] {
			t.Fatalf("one-time key %d was handed out twice", id)
		} else {
			seen[id] = true
		}
	}
	if len(seen) < 45 {
		t.Errorf("only %d one-time keys were handed out", len(seen))
	}
	// A client that is low on keys is asked for more.
	deadline := time.Now().Add(patience)
	for b.Handset().Companions()[0].PreKeys < lowOnKeys {
		if time.Now().After(deadline) {
			t.Fatal("the client was not asked for more")
		}
		time.Sleep(time.Millisecond)
	}
}

func TestAHandsetRefillsItsKeys(t *testing.T) {
	n := start(t, Options{})
	a, b := n.account("+15550100001", "Ann"), n.account("+15550100002", "Bob")
	ann := n.linked(a)
	phone := lid(t, b.LID())
	for range 3 * oneTimeKeys {
		if ann.DangerousInternals().FetchPreKeysNoError(context.Background(), []types.JID{phone})[phone] == nil {
			t.Fatal("no bundle")
		}
	}
	ann.write(b, "still readable")
	if _, err := b.Handset().AwaitText(waiting(t), func(x Text) bool { return x.Body == "still readable" }); err != nil {
		t.Error(err)
	}
}
