package control

import (
	_ "embed"
	"encoding/json"
	"time"

	"tring/phone"
)

// Version of the protocol.
const Version = 1

// Schema is the JSON Schema of all that goes over the socket; it refers to
// phone.EventSchema as event.schema.json.
//
//go:embed control.schema.json
var Schema []byte

// MaxLine is how long a request may be, in bytes.
const MaxLine = 64 << 10

// Greeting is the server's first line.
type Greeting struct {
	Version int    `json:"tring"`
	PID     int    `json:"pid"`
	Profile string `json:"profile"`
}

// Request asks for one thing. ID is the client's and comes back.
type Request struct {
	ID   int64           `json:"id"`
	Do   string          `json:"do"`
	With json.RawMessage `json:"with,omitempty"`
}

// Response answers a request: Result, Error or, where there is more than one
// answer, Event ("events"), Pairing ("link") and Playback ("listen").
type Response struct {
	ID       int64           `json:"id"`
	Result   any             `json:"result,omitempty"`
	Event    *phone.Event    `json:"event,omitempty"`
	Pairing  *Pairing        `json:"pairing,omitempty"`
	Playback *phone.Playback `json:"playback,omitempty"`
	Error    *Error          `json:"error,omitempty"`
}

// Error is why a request was not carried out: a code for programs, a sentence
// for people.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (e *Error) Error() string { return e.Message }

// Unwrap gives back the phone's own error, so that errors.Is works across the
// socket.
func (e *Error) Unwrap() error { return errorOf(e.Code) }

// With is what requests may carry; each verb reads the fields it names.
type With struct {
	Call   string    `json:"call,omitempty"` // a call's id, empty for the one in focus
	Who    string    `json:"who,omitempty"`  // number, name or network id
	Line   string    `json:"line,omitempty"`
	Number string    `json:"number,omitempty"` // link: the account's number, to link by a code instead of a picture
	Say    string    `json:"say,omitempty"`    // reject: text written to the caller
	Text   string    `json:"text,omitempty"`   // text, note, link_passkey
	Yes    string    `json:"yes,omitempty"`    // call, redial: who says yes to a call that a person should confirm: person, program
	Digits string    `json:"digits,omitempty"` // dtmf
	On     *bool     `json:"on,omitempty"`     // mute, record, block, link_confirm; absent toggles where that makes sense
	Muted  bool      `json:"muted,omitempty"`  // answer with the microphone off
	File   string    `json:"file,omitempty"`   // play, record
	To     string    `json:"to,omitempty"`     // presence
	Role   string    `json:"role,omitempty"`   // device: microphone, speaker, ringer
	Name   string    `json:"name,omitempty"`   // device: as "devices" shows it, or a part of it; empty is the system's default
	Since  time.Time `json:"since,omitzero"`
	Until  time.Time `json:"until,omitzero"`
	After  uint64    `json:"after,omitempty"` // events: an event's seq; what follows it is told, and since is ignored
	Query  *Query    `json:"query,omitempty"`

	Contacts []phone.Contact `json:"contacts,omitempty"` // contact: our own labels, notes, tags and marks; at most phone.MaxEdit
}

// Query selects from the log.
type Query struct {
	Text      string    `json:"text,omitempty"`
	Outcomes  []string  `json:"outcomes,omitempty"`
	Direction string    `json:"direction,omitempty"` // in, out
	Who       string    `json:"who,omitempty"`
	Line      string    `json:"line,omitempty"`
	Since     time.Time `json:"since,omitzero"`
	Until     time.Time `json:"until,omitzero"`
	Limit     int       `json:"limit,omitempty"`
}

// Status is the answer to "status".
type Status struct {
	Lines    []phone.LineInfo `json:"lines"`
	Calls    []phone.Call     `json:"calls"`
	Presence phone.Presence   `json:"presence"`
	Missed   int              `json:"missed"`
	Unheard  int              `json:"unheard"`           // voicemails that nobody has listened to
	Playing  *phone.Playback  `json:"playing,omitempty"` // the recording that plays through the speaker here
}

// Devices is the answer to "devices": what there is, and the names that are
// chosen, empty for the system's default.
type Devices struct {
	Devices    []phone.SoundDevice `json:"devices"`
	Microphone string              `json:"microphone"`
	Speaker    string              `json:"speaker"`
	Ringer     string              `json:"ringer"`
}

// Forgotten is the answer to "forget".
type Forgotten struct {
	Calls int `json:"calls"` // how many left the log
}
