package chat

import (
	"bytes"
	"fmt"
	"time"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/proto/waSyncAction"
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
