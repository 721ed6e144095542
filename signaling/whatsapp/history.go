package whatsapp

import (
	"time"

	"go.mau.fi/whatsmeow/appstate"
	"go.mau.fi/whatsmeow/proto/waSyncAction"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"tring/phone"
	"tring/signaling/whatsapp/stanza"
)

// onAppState learns of calls that other devices of the account had.
func (s *session) onAppState(e *events.AppState) {
	if len(e.Index) == 0 || e.Index[0] != appstate.IndexCallLog {
		return
	}
	s.tellHistory([]*waSyncAction.CallLogRecord{e.GetCallLogAction().GetCallLogRecord()})
}

// onHistory learns, after linking, of earlier calls, of names, and of whose
// number is whose.
func (s *session) onHistory(e *events.HistorySync) {
	for _, m := range e.Data.GetPhoneNumberToLidMappings() {
		s.met(idOf(m.GetLidJID()), idOf(m.GetPnJID()))
	}
	if len(e.Data.GetPushnames()) > 0 {
		s.line.emit(phone.ContactsChanged{})
	}
	s.tellHistory(e.Data.GetCallLogRecords())
}

func (s *session) tellHistory(records []*waSyncAction.CallLogRecord) {
	var calls []phone.PastCall
	for _, r := range records {
		if c, ok := s.pastCall(r); ok {
			calls = append(calls, c)
		}
	}
	if len(calls) > 0 {
		s.line.emit(phone.HistoryLearned{Calls: calls})
	}
}

// pastCall reads one record. Whether it came in is told by its creator: phone
// and web write the flag differently.
func (s *session) pastCall(r *waSyncAction.CallLogRecord) (phone.PastCall, bool) {
	if r.GetCallID() == "" || r.GetStartTime() <= 0 {
		return phone.PastCall{}, false
	}
	creator := idOf(r.GetCallCreatorJID())
	incoming := !s.isOwn(creator)
	c := phone.PastCall{
		ID: r.GetCallID(), Incoming: incoming, Video: r.GetIsVideo(), Started: unixTime(r.GetStartTime()),
		Duration: time.Duration(max(0, r.GetDuration())) * time.Second, Cause: pastCause(r.GetCallResult(), incoming),
	}
	other := creator
	if !incoming {
		other = types.JID{}
		for _, p := range r.GetParticipants() {
			other = idOf(p.GetUserJID())
		}
	}
	if other.IsEmpty() {
		return phone.PastCall{}, false
	}
	c.Party = s.party(s.ctx, pick(types.HiddenUserServer, other), pick(types.DefaultUserServer, other))
	return c, true
}

func (s *session) isOwn(j types.JID) bool {
	d := s.client.Store
	return !j.IsEmpty() && (stanza.SameUser(j, d.GetLID()) || stanza.SameUser(j, d.GetJID()))
}

// unixTime reads seconds, or the milliseconds that some builds write.
func unixTime(t int64) time.Time {
	if t > 1e11 {
		return time.UnixMilli(t)
	}
	return time.Unix(t, 0)
}

// pastCause reads the result of a logged call.
func pastCause(r waSyncAction.CallLogRecord_CallResult, incoming bool) phone.Cause {
	switch r {
	case waSyncAction.CallLogRecord_CONNECTED:
		return phone.NormalClearing
	case waSyncAction.CallLogRecord_REJECTED:
		return phone.Declined
	case waSyncAction.CallLogRecord_CANCELLED:
		return phone.Cancelled
	case waSyncAction.CallLogRecord_ACCEPTEDELSEWHERE:
		return phone.AnsweredElsewhere
	case waSyncAction.CallLogRecord_MISSED:
		return phone.NoAnswer
	case waSyncAction.CallLogRecord_UNAVAILABLE:
		return phone.Unreachable
	}
	if incoming {
		return phone.CauseUnknown
	}
	return phone.Failed
}
