package chat

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
	"go.mau.fi/whatsmeow/proto/waServerSync"
	"go.mau.fi/whatsmeow/proto/waSyncAction"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	waLog "go.mau.fi/whatsmeow/util/log"
	"google.golang.org/protobuf/proto"
)

// Contact is an entry of a handset's address book.
type Contact struct {
	Number string `json:"number"`
	Name   string `json:"name"`
}

// PastCall is a call in a handset's history.
type PastCall struct {
	ID       string        `json:"id"`
	Number   string        `json:"number"` // the other side
	Incoming bool          `json:"incoming"`
	Video    bool          `json:"video,omitempty"`
	Started  time.Time     `json:"started"`
	Duration time.Duration `json:"duration"`
	Result   CallResult    `json:"result"`
}

// CallResult is how a past call went, as WhatsApp writes it in its call log.
type CallResult string

// The results that a handset writes.
const (
	ResultConnected CallResult = "connected"
	ResultRejected  CallResult = "rejected"
	ResultCancelled CallResult = "cancelled"
	ResultElsewhere CallResult = "elsewhere"
	ResultMissed    CallResult = "missed"
)

var callResults = map[CallResult]waSyncAction.CallLogRecord_CallResult{
	ResultConnected: waSyncAction.CallLogRecord_CONNECTED,
	ResultRejected:  waSyncAction.CallLogRecord_REJECTED,
	ResultCancelled: waSyncAction.CallLogRecord_CANCELLED,
	ResultElsewhere: waSyncAction.CallLogRecord_ACCEPTEDELSEWHERE,
	ResultMissed:    waSyncAction.CallLogRecord_MISSED,
}

// SetContacts puts people into the handset's address book; companions learn
// of them through app state. Who has no account here is left out.
func (h *Handset) SetContacts(contacts ...Contact) error {
	patch := appstate.PatchInfo{Type: appstate.WAPatchCriticalUnblockLow}
	for _, c := range contacts {
		other, err := h.account.server.Account(c.Number)
		if err != nil {
			return fmt.Errorf("%s: %w", mask(c.Number), err)
		}
		patch.Mutations = append(patch.Mutations, appstate.MutationInfo{
			Index: []string{appstate.IndexContact, other.pnJID().String()}, Version: 2,
			Value: &waSyncAction.SyncActionValue{ContactAction: &waSyncAction.ContactAction{
				FullName: proto.String(c.Name), FirstName: proto.String(firstWord(c.Name)),
				LidJID: proto.String(other.lidJID().String()), SaveOnPrimaryAddressbook: proto.Bool(true),
			}},
		})
	}
	return h.write(patch)
}

func firstWord(name string) string {
	before, _, _ := bytes.Cut([]byte(name), []byte(" "))
	return string(before)
}

// SetName changes the name that the account's owner chose.
func (h *Handset) SetName(name string) error {
	s := h.account.server
	s.mu.Lock()
	h.account.name = name
	h.account.changed()
	s.mu.Unlock()
	return h.account.setOwnName(name)
}

func (a *Account) setOwnName(name string) error {
	return a.handset.write(appstate.BuildSettingPushName(name))
}

// AddHistory writes past calls into the handset's call log; companions learn
// of them through app state.
func (h *Handset) AddHistory(calls ...PastCall) error {
	patch := appstate.PatchInfo{Type: appstate.WAPatchRegular}
	for _, c := range calls {
		m, err := h.logEntry(c)
		if err != nil {
			return err
		}
		patch.Mutations = append(patch.Mutations, m)
	}
	return h.write(patch)
}

func (h *Handset) logEntry(c PastCall) (appstate.MutationInfo, error) {
	result, known := callResults[c.Result]
	if !known {
		return appstate.MutationInfo{}, fmt.Errorf("%q is no result of a call", c.Result)
	}
	other, err := h.account.server.Account(c.Number)
	if err != nil {
		return appstate.MutationInfo{}, fmt.Errorf("%s: %w", mask(c.Number), err)
	}
	creator, direction := h.account.lidJID(), "0"
	if c.Incoming {
		creator, direction = other.lidJID(), "1"
	}
	return appstate.MutationInfo{
		Index: []string{appstate.IndexCallLog, creator.String(), c.ID, direction}, Version: 1,
		Value: &waSyncAction.SyncActionValue{CallLogAction: &waSyncAction.CallLogAction{
			CallLogRecord: &waSyncAction.CallLogRecord{
				CallResult: result.Enum(), Duration: proto.Int64(int64(c.Duration / time.Second)),
				StartTime: proto.Int64(c.Started.Unix()), IsIncoming: proto.Bool(c.Incoming), IsVideo: proto.Bool(c.Video),
				CallID: proto.String(c.ID), CallCreatorJID: proto.String(creator.String()),
				CallType: waSyncAction.CallLogRecord_REGULAR.Enum(),
				Participants: []*waSyncAction.CallLogRecord_ParticipantInfo{
					{UserJID: proto.String(other.lidJID().String()), CallResult: result.Enum()},
				},
			},
		}},
	}, nil
}

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

// introduce has the handset send a new companion what only it knows: the key
// of the app state, which makes the client fetch contacts, name and history,
// and the names that others chose. Called with the lock held.
func (s *Server) introduce(d *device) {
	if d.introduced {
		return
	}
	d.introduced = true
	d.account.changed()
	h := d.account.handset
	h.do(func() {
		if err := h.introduceTo(d.lid()); err != nil {
			h.log("a new companion could not be told the app state key", err)
		}
	})
}

func (h *Handset) introduceTo(companion types.JID) error {
	if err := h.begin(); err != nil {
		return err
	}
	h.crypto.Lock()
	defer h.crypto.Unlock()
	share, err := h.keyShare()
	if err != nil {
		return err
	}
	names, err := h.pushNames()
	if err != nil {
		return err
	}
	for _, m := range []*waE2E.ProtocolMessage{names, share} {
		if err = h.sendPeer(companion, m); err != nil {
			return err
		}
	}
	return nil
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
// see. Called with h.crypto held.
func (h *Handset) sendPeer(to types.JID, m *waE2E.ProtocolMessage) error {
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
	return nil
}

// messageID is an id as phones make them.
func messageID() string { return "3A" + fmt.Sprintf("%X", randomBytes(9)) }
