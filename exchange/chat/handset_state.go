package chat

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/proto/waServerSync"
	"go.mau.fi/whatsmeow/store"
	waLog "go.mau.fi/whatsmeow/util/log"
	"google.golang.org/protobuf/proto"
)

// write encrypts a patch and appends it to the account's app state.
func (h *Handset) write(patch appstate.PatchInfo) error {
	if len(patch.Mutations) == 0 {
		return nil
	}
	h.crypto.Lock()
	defer h.crypto.Unlock()
	if err := h.follow(patch.Type); err != nil {
		return err
	}
	key, err := h.stateKey()
	if err != nil {
		return err
	}
	ctx := context.Background()
	version, hash, err := h.keys.GetAppStateVersion(ctx, string(patch.Type))
	if err != nil {
		return err
	}
	encoded, err := h.processor().EncodePatch(ctx, key, appstate.HashState{Version: version, Hash: hash}, patch)
	if err != nil {
		return fmt.Errorf("the app state cannot be written: %w", err)
	}
	s := h.account.server
	s.mu.Lock()
	added := h.account.addPatch(string(patch.Type), encoded, h.device())
	s.mu.Unlock()
	if !added {
		return errors.New("the app state has grown too large; use a new account")
	}
	// The handset must never remember a version that the server has forgotten.
	if err = s.vault.sync(); err != nil {
		return err
	}
	return h.follow(patch.Type)
}

func (h *Handset) processor() *appstate.Processor {
	return appstate.NewProcessor(h.signal, waLog.Noop)
}

// stateKey is the id of the key that app state is encrypted with, made when it
// is first needed.
func (h *Handset) stateKey() ([]byte, error) {
	ctx := context.Background()
	id, err := h.keys.GetLatestAppStateSyncKeyID(ctx)
	if err != nil || len(id) > 0 {
		return id, err
	}
	id = randomBytes(6)
	err = h.keys.PutAppStateSyncKey(ctx, id, store.AppStateSyncKey{Data: randomBytes(32), Timestamp: time.Now().UnixMilli()})
	h.settle()
	return id, err
}

// followCompanions takes over what companions wrote into the app state.
func (h *Handset) followCompanions() {
	h.crypto.Lock()
	defer h.crypto.Unlock()
	for _, name := range appstate.AllPatchNames {
		if err := h.follow(name); err != nil {
			h.log("the app state that a companion wrote cannot be read", err)
		}
	}
}

// follow brings the handset's view of a collection up to date. Called with
// h.crypto held.
func (h *Handset) follow(name appstate.WAPatchName) error {
	ctx := context.Background()
	version, hash, err := h.keys.GetAppStateVersion(ctx, string(name))
	if err != nil {
		return err
	}
	list := &appstate.PatchList{Name: name}
	for _, raw := range h.patchesAbove(string(name), version) {
		var patch waServerSync.SyncdPatch
		if err = proto.Unmarshal(raw, &patch); err != nil {
			return err
		}
		list.Patches = append(list.Patches, &patch)
	}
	if len(list.Patches) == 0 {
		return nil
	}
	_, _, err = h.processor().DecodePatches(ctx, list, appstate.HashState{Version: version, Hash: hash}, true)
	h.remember()
	return err
}

func (h *Handset) patchesAbove(name string, version uint64) [][]byte {
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c := h.account.collection(name)
	if version >= c.version() {
		return nil
	}
	return c.Patches[version:]
}
