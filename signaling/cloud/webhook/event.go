package webhook

import (
	"encoding/json"
	"strings"
	"time"
)

// Event is one thing that Meta tells.
type Event interface {
	// Key is the same for every delivery of the same event; empty for one that
	// may be handled as often as it comes.
	Key() string
}

// Item is an event and the number that it concerns.
type Item struct {
	Number string // phone number id; empty when the event names none
	Event  Event
}

// Person is somebody as an event names them. Names are as they came.
type Person struct {
	Number string // digits
	UserID string // business-scoped user id
	Name   string
}

// Call is one event of a call.
type Call struct {
	ID       string
	Event    string // Connect, Terminate, or something newer
	From, To Person
	Ours     bool   // we placed the call
	SDP      string // of Connect: their offer, or their answer to ours
	Payload  string // what a button or link carried
	Opaque   string // our own tag of the call
	At       time.Time
	Failed   bool          // of Terminate
	Answered bool          // of Terminate: somebody had picked up
	Talked   time.Duration // of Terminate
	Faults   []Fault
}

// The events of calls that are documented for calls over Graph.
const (
	Connect   = "connect"
	Terminate = "terminate"
)

// Fault is an error that Meta reports.
type Fault struct {
	Code int
	Text string
}

// Progress is how far a call of ours has come: RINGING, ACCEPTED, REJECTED.
type Progress struct {
	ID     string
	Status string // upper case
	Person Person
	Opaque string
	At     time.Time
}

// Text is a message that somebody wrote, or the sound that they left.
type Text struct {
	ID    string
	From  Person
	Kind  string // "text", "audio" …
	Body  string
	Media string // id, of audio
	About string // what it answers or belongs to: a message's or a call's id
	At    time.Time
}

// Permission is what somebody says to being called.
type Permission struct {
	ID        string
	From      Person
	Granted   bool
	Permanent bool
	Automatic bool // decided by Meta: a call of theirs, or too many of ours unanswered
	Expires   time.Time
	At        time.Time
}

// Delivery is what became of a message of ours.
type Delivery struct {
	ID     string
	Status string // lower case: sent, delivered, read, failed
	Person Person
	At     time.Time
	Faults []Fault
}

// Recording tells that Meta has recorded a call, or written it down. It keeps
// the file for seven days.
type Recording struct {
	Call       string // id
	From       Person
	Media      string // id
	Transcript bool
	At         time.Time
}

// Settings tells that somebody changed the number's settings.
type Settings struct{ Raw json.RawMessage }

// Account tells of warnings and restrictions.
type Account struct {
	Event        string   // ACCOUNT_VIOLATION, ACCOUNT_RESTRICTION …
	Violation    string   // LOW_…_CALLING_QUALITY …
	Restrictions []string // RESTRICTED_…
	Expires      time.Time
}

// Unknown is anything newer than this program.
type Unknown struct {
	Field, Name string
	Raw         json.RawMessage
}

// Key is the call's id and event: what is delivered twice has the same.
func (c Call) Key() string { return CallKey(c.ID, c.Event) }

// Key is the call's id and how far it has come.
func (p Progress) Key() string { return "status " + p.ID + " " + p.Status }

// Key is the message's id.
func (t Text) Key() string { return messageKey(t.ID) }

// Key is the id of the message that said it.
func (p Permission) Key() string { return messageKey(p.ID) }

// Key is our message's id and what became of it.
func (d Delivery) Key() string { return "delivery " + d.ID + " " + d.Status }

// Key is the ids of the call and of the file: one call may have two.
func (r Recording) Key() string { return "recording " + r.Call + " " + r.Media }

// Key is empty: reading settings again does no harm.
func (Settings) Key() string { return "" }

// Key is empty: a warning may be shown again.
func (Account) Key() string { return "" }

// Key is empty.
func (Unknown) Key() string { return "" }

// CallKey is the key of a call's event.
func CallKey(id, event string) string { return "call " + id + " " + event }

func messageKey(id string) string {
	if id == "" {
		return ""
	}
	return "message " + id
}

// person sorts an id: digits are a number, anything else is a user id, whose
// digits mean nothing.
func person(id, userID string) Person {
	id = strings.TrimPrefix(id, "+")
	switch {
	case id == "":
		return Person{UserID: userID}
	case len(id) <= 20 && strings.Trim(id, "0123456789") == "":
		return Person{Number: id, UserID: userID}
	case userID == "":
		return Person{UserID: id}
	}
	return Person{UserID: userID}
}
