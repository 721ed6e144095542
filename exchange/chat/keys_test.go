package chat

import (
	"context"
	"crypto/sha1"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
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

func TestTheDigestIsOfWhatTheClientUploaded(t *testing.T) {
	n := start(t, Options{})
	a := n.account("+15550100001", "Ann")
	ann := n.linked(a)
	answer, err := ann.DangerousInternals().SendIQ(context.Background(), whatsmeow.DangerousInfoQuery{
		Namespace: "encrypt", Type: "get", To: types.ServerJID, Content: []node{{Tag: "digest"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	store := ann.Store
	sum := sha1.New()
	sum.Write(concat(store.IdentityKey.Pub[:], store.SignedPreKey.Pub[:], store.SignedPreKey.Signature[:]))
	ids := child(answer, "digest", "list")
	for _, id := range ids.GetChildrenByTag("id") {
		key, err := store.PreKeys.GetPreKey(context.Background(), number(raw(id)))
		if err != nil || key == nil {
			t.Fatalf("prekey %x: %v", raw(id), err)
		}
		sum.Write(key.Pub[:])
	}
	if got := raw(child(answer, "digest", "hash")); string(got) != string(sum.Sum(nil)) {
		t.Errorf("the digest is %x", got)
	}
}
