package keystore

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

var ctx = context.Background()

func TestEverythingIsWrittenOutAndReadBack(t *testing.T) {
	s := New()
	made, err := s.GetOrGenPreKeys(ctx, 3)
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(
		s.RemovePreKey(ctx, made[0].KeyID),
		s.PutSession(ctx, "1_1:2", []byte("session")),
		s.PutIdentity(ctx, "1_1:2", [32]byte{7}),
		s.PutAppStateSyncKey(ctx, []byte{1, 2}, store.AppStateSyncKey{Data: []byte("key"), Timestamp: 5}),
		s.PutAppStateVersion(ctx, "regular", 4, [128]byte{9}),
		s.PutAppStateMutationMACs(ctx, "regular", 4, []store.AppStateMutationMAC{{IndexMAC: []byte{3}, ValueMAC: []byte{4}}}),
	)
	if err != nil {
		t.Fatal(err)
	}
	written, err := s.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Load(written)
	if err != nil {
		t.Fatal(err)
	}
	rewritten, err := again.MarshalJSON()
	if err != nil || !bytes.Equal(written, rewritten) {
		t.Errorf("%s\nbecame\n%s (%v)", written, rewritten, err)
	}
	pn, lid := types.NewJID("1", types.DefaultUserServer), types.NewJID("2", types.HiddenUserServer)
	before, after := s.Device(pn, lid), again.Device(pn, lid)
	if *before.IdentityKey.Pub != *after.IdentityKey.Pub || before.RegistrationID != after.RegistrationID || *before.SignedPreKey.Pub != *after.SignedPreKey.Pub {
		t.Error("the handset has another identity")
	}
	next, err := again.GenOnePreKey(ctx)
	if err != nil || next.KeyID != made[2].KeyID+1 {
		t.Errorf("the next prekey is %d: %v", next.KeyID, err)
	}
	if key, err := again.GetPreKey(ctx, made[0].KeyID); key != nil || err != nil {
		t.Errorf("a used prekey came back: %v", err)
	}
}

func TestDamagedFilesAreRefused(t *testing.T) {
	for _, data := range []string{"", "{}", `{"identity":"AAAA"}`, "[]", `{"prekeys":{"1":"AA=="}}`} {
		if _, err := Load([]byte(data)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%q gives %v", data, err)
		}
	}
}

func TestAnAddressIsTrustedOnFirstUse(t *testing.T) {
	s := New()
	trusted := func(key byte) bool {
		t.Helper()
		ok, err := s.IsTrustedIdentity(ctx, "1_1:2", [32]byte{key})
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	if !trusted(1) {
		t.Error("an unknown address is not trusted")
	}
	if err := s.PutIdentity(ctx, "1_1:2", [32]byte{1}); err != nil {
		t.Fatal(err)
	}
	if !trusted(1) || trusted(2) {
		t.Error("a known address is not held to its key")
	}
	if err := s.DeleteAllIdentities(ctx, "1_1"); err != nil || !trusted(2) {
		t.Errorf("a forgotten address is still held to its key: %v", err)
	}
}

func TestTheLatestAppStateKeyIsFound(t *testing.T) {
	s := New()
	if id, err := s.GetLatestAppStateSyncKeyID(ctx); err != nil || len(id) != 0 {
		t.Errorf("without keys: %x %v", id, err)
	}
	for i, at := range []int64{5, 9, 7} {
		if err := s.PutAppStateSyncKey(ctx, []byte{byte(i)}, store.AppStateSyncKey{Timestamp: at}); err != nil {
			t.Fatal(err)
		}
	}
	if id, err := s.GetLatestAppStateSyncKeyID(ctx); err != nil || !bytes.Equal(id, []byte{1}) {
		t.Errorf("the latest is %x: %v", id, err)
	}
}
