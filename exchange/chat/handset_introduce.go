package chat

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"slices"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/proto/waSyncAction"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// introduce has the handset send a new companion what only it knows: the key
// of the app state, which makes the client fetch contacts, name and history,
// and the names that others chose. Called with the lock held.
func (s *Server) introduce(d *device) {
	if d.introduced || d.introducing {
		return
	}
	d.introducing = true
	h := d.account.handset
	h.do(func() {
		err := h.introduceTo(d)
		s.mu.Lock()
		d.introducing = false
		s.mu.Unlock()
		if err != nil {
			h.log("a new companion could not be told the app state key", err)
		}
	})
}

// introduceTo sends the names first and the key last: a companion is told of
// changes to the app state only once the key is on its way. It would ask for
// the key otherwise, at the very moment in which it reads the names, and a
// client that reads from and writes to one device at once may use a message
// key twice.
func (h *Handset) introduceTo(d *device) error {
	if err := h.begin(); err != nil {
		return err
	}
	h.crypto.Lock()
	defer h.crypto.Unlock()
	names, err := h.pushNames()
	if err != nil {
		return err
	}
	if err = h.sendPeer(d.lid(), names, nil); err != nil {
		return err
	}
	share, err := h.keyShare()
	if err != nil {
		return err
	}
	return h.sendPeer(d.lid(), share, func() {
		d.introduced = true
		d.account.changed()
	})
}

// begin puts a first entry into every collection. No real account has an empty
// one, and a client takes the first patch that it sees of one for its initial
// sync, about which it tells nobody.
func (h *Handset) begin() error {
	for _, name := range appstate.AllPatchNames {
		if h.patchesAbove(string(name), 0) != nil {
			continue
		}
		err := h.write(appstate.PatchInfo{Type: name, Mutations: []appstate.MutationInfo{{
			Index: []string{appstate.IndexSentinel}, Version: 1,
			Value: &waSyncAction.SyncActionValue{KeyExpiration: &waSyncAction.KeyExpiration{ExpiredKeyEpoch: proto.Int32(0)}},
		}}})
		if err != nil {
			return err
		}
	}
	return nil
}

func (h *Handset) keyShare() (*waE2E.ProtocolMessage, error) {
	id, err := h.stateKey()
	if err != nil {
		return nil, err
	}
	key, err := h.keys.GetAppStateSyncKey(context.Background(), id)
	if err != nil {
		return nil, err
	}
	return &waE2E.ProtocolMessage{
		Type: waE2E.ProtocolMessage_APP_STATE_SYNC_KEY_SHARE.Enum(),
		AppStateSyncKeyShare: &waE2E.AppStateSyncKeyShare{Keys: []*waE2E.AppStateSyncKey{{
			KeyID: &waE2E.AppStateSyncKeyId{KeyID: id},
			KeyData: &waE2E.AppStateSyncKeyData{
				KeyData: key.Data, Timestamp: proto.Int64(key.Timestamp),
				Fingerprint: &waE2E.AppStateSyncKeyFingerprint{RawID: proto.Uint32(1), CurrentIndex: proto.Uint32(0), DeviceIndexes: []uint32{0}},
			},
		}}},
	}, nil
}

// pushNames tells the names that everybody on the exchange chose, and which
// number belongs to which hidden identity.
func (h *Handset) pushNames() (*waE2E.ProtocolMessage, error) {
	sync := &waHistorySync.HistorySync{SyncType: waHistorySync.HistorySync_PUSH_NAME.Enum()}
	for _, a := range h.account.server.Accounts() {
		if a == h.account {
			continue
		}
		sync.Pushnames = append(sync.Pushnames, &waHistorySync.Pushname{
			ID: proto.String(a.pnJID().String()), Pushname: proto.String(a.Name()),
		})
		sync.PhoneNumberToLidMappings = append(sync.PhoneNumberToLidMappings, &waHistorySync.PhoneNumberToLIDMapping{
			PnJID: proto.String(a.pnJID().String()), LidJID: proto.String(a.lidJID().String()),
		})
	}
	return inlineHistory(sync, waE2E.HistorySyncType_PUSH_NAME)
}

func inlineHistory(sync *waHistorySync.HistorySync, kind waE2E.HistorySyncType) (*waE2E.ProtocolMessage, error) {
	plain, err := proto.Marshal(sync)
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err = z.Write(plain); err == nil {
		err = z.Close()
	}
	return &waE2E.ProtocolMessage{
		Type: waE2E.ProtocolMessage_HISTORY_SYNC_NOTIFICATION.Enum(),
		HistorySyncNotification: &waE2E.HistorySyncNotification{
			SyncType: kind.Enum(), InitialHistBootstrapInlinePayload: packed.Bytes(),
			ChunkOrder: proto.Uint32(1), Progress: proto.Uint32(100),
		},
	}, err
}

// sendPeer sends a companion of the own account something that people do not
// see. gone, if any, runs in the moment in which it leaves, with the lock held.
// Called with h.crypto held.
func (h *Handset) sendPeer(to types.JID, m *waE2E.ProtocolMessage, gone func()) error {
	plain, err := proto.Marshal(&waE2E.Message{ProtocolMessage: m})
	if err != nil {
		return err
	}
	enc, err := h.encrypt(to, slices.Clone(plain), nil)
	if err != nil {
		return err
	}
	h.settle()
	s := h.account.server
	s.mu.Lock()
	defer s.mu.Unlock()
	sent := &sentMessage{id: messageID(), to: to, copied: plain}
	sent.attrs = attrs{"id": sent.id, "to": to, "type": "text", "category": "peer", "push_priority": "high"}
	h.keepSentMessage(sent)
	s.routeMessage(h.device(), &node{Tag: "message", Attrs: sent.attrs, Content: []node{enc}})
	if gone != nil {
		gone()
	}
	return nil
}

// messageID is an id as phones make them.
func messageID() string { return "3A" + fmt.Sprintf("%X", randomBytes(9)) }
