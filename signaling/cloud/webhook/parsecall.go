package webhook

import (
	"encoding/json"
	"strings"
	"time"
)

type call struct {
	ID         string          `json:"id"`
	From       string          `json:"from"`
	To         string          `json:"to"`
	FromUserID string          `json:"from_user_id"`
	ToUserID   string          `json:"to_user_id"`
	Event      string          `json:"event"`
	At         integer         `json:"timestamp"`
	Direction  string          `json:"direction"`
	Deeplink   string          `json:"deeplink_payload"`
	Button     string          `json:"cta_payload"`
	Opaque     string          `json:"biz_opaque_callback_data"`
	Session    maybe[session]  `json:"session"`
	Connection maybe[legacy]   `json:"connection"`
	Status     words           `json:"status"`
	Start      integer         `json:"start_time"`
	Duration   *integer        `json:"duration"`
	Errors     several[fault]  `json:"errors"`
	Recorded   maybe[recorded] `json:"call_recording"`
	Written    maybe[recorded] `json:"call_transcript"`
}

// recorded is where a recording or a transcript is.
type recorded struct {
	Audio    maybe[reference] `json:"audio"`
	Document maybe[reference] `json:"document"`
}

type session struct {
	Type string `json:"sdp_type"`
	SDP  string `json:"sdp"`
}

// legacy is a description as JSON in a string.
type legacy struct {
	WebRTC struct {
		SDP string `json:"sdp"`
	} `json:"webrtc"`
}

func (c call) description() session {
	if c.Session.v.SDP != "" {
		return c.Session.v
	}
	var old struct{ Type, SDP string }
	if json.Unmarshal([]byte(c.Connection.v.WebRTC.SDP), &old) != nil {
		return session{}
	}
	return session{old.Type, old.SDP}
}

// ours reports whether we placed the call. The direction may be missing; then
// an answer can only be to our offer.
func (c call) ours() bool {
	switch strings.ToUpper(c.Direction) {
	case "BUSINESS_INITIATED", "OUTGOING":
		return true
	case "USER_INITIATED", "INCOMING":
		return false
	}
	return strings.EqualFold(c.description().Type, "answer")
}

func (v value) call(raw json.RawMessage) Event {
	var c call
	if json.Unmarshal(raw, &c) != nil || c.ID == "" {
		return Unknown{Field: "calls", Name: "unreadable", Raw: raw}
	}
	e := Call{
		ID: c.ID, Event: strings.ToLower(c.Event), Ours: c.ours(), SDP: c.description().SDP,
		Opaque: c.Opaque, At: c.At.at(), Faults: faults(c.Errors, v.Errors),
	}
	switch e.Event {
	case "failed": // undocumented; Meta's own sample takes it for an ending
		e.Event, e.Failed = Terminate, true
	case Terminate:
		e.Failed = c.Status.has("FAILED")
	case Connect:
	case "call_recording_available", "call_transcription_available":
		return v.recording(c)
	default:
		return Unknown{Field: "calls", Name: e.Event, Raw: raw}
	}
	e.Payload = c.Button
	if e.Payload == "" {
		e.Payload = c.Deeplink
	}
	// An unanswered call is "completed" too: only times tell.
	e.Answered = c.Start > 0 || c.Duration != nil
	if c.Duration != nil {
		e.Talked = time.Duration(min(max(*c.Duration, 0), 1e7)) * time.Second
	}
	e.From, e.To = person(c.From, c.FromUserID), person(c.To, c.ToUserID)
	if e.Ours {
		e.To = v.named(e.To)
	} else {
		e.From = v.named(e.From)
	}
	return e
}

// recording is the event of a file that Meta made of a call.
func (v value) recording(c call) Event {
	who := person(c.From, c.FromUserID)
	if c.ours() {
		who = person(c.To, c.ToUserID)
	}
	r := Recording{Call: c.ID, From: v.named(who), Media: c.Recorded.v.Audio.v.ID, At: c.At.at()}
	if r.Media == "" {
		r.Media, r.Transcript = c.Written.v.Document.v.ID, true
	}
	return r
}
