package phone

import (
	_ "embed"
	"slices"
	"time"
)

// EventKind names one sort of event. The names are part of the JSON schema;
// never rename one.
type EventKind string

const (
	EventLine     EventKind = "line"          // a line changed; Line and Info are set
	EventOffer    EventKind = "call.offer"    // somebody calls; it may ring now
	EventDialled  EventKind = "call.dialled"  // we call somebody
	EventState    EventKind = "call.state"    // the call moved to Call.State
	EventChanged  EventKind = "call.changed"  // a property of the call changed; What says which
	EventDigit    EventKind = "call.digit"    // What is the keypad digit they pressed
	EventEnded    EventKind = "call.ended"    // it is over; Cause, Outcome and Quality are final
	EventMissed   EventKind = "call.missed"   // a call that never rang here was added to the log
	EventText     EventKind = "text"          // a text came in, or (Text.Sent) went out
	EventPairing  EventKind = "pairing"       // a step of linking; never stored, its text is secret
	EventContacts EventKind = "contacts"      // Contacts returns something new
	EventLog      EventKind = "log"           // the log changed otherwise: merged, forgotten, seen, heard
	EventPresence EventKind = "presence"      // What is the new Presence
	EventDevices  EventKind = "devices"       // sound devices came, went or were chosen
	EventPlayback EventKind = "playback"      // a recording started, ended, was stopped or interrupted, or failed: What says which
	EventNotice   EventKind = "notice"        // What is a sentence for people: something failed or should be known
	EventSnapshot EventKind = "snapshot.done" // what came before is the present, calls not in it are over; what follows is news
)

// storedKinds are kept for replay; the others are only told to who is there.
var storedKinds = []EventKind{
	EventLine, EventOffer, EventDialled, EventState, EventChanged, EventDigit, EventEnded, EventMissed,
	EventText, EventLog, EventPresence,
}

// StoredKinds are the kinds that are stored and replayed, which is what hooks
// and webhooks hear of.
func StoredKinds() []EventKind { return slices.Clone(storedKinds) }

// stored reports whether events of this kind are kept for replay.
func (k EventKind) stored() bool { return slices.Contains(storedKinds, k) }

// EventSchema is the JSON Schema of events.
//
//go:embed event.schema.json
var EventSchema []byte

// Event is one thing that happened. Every event is complete in itself: a
// watcher needs no other call to draw it. The same JSON serves both kinds of
// line; EventSchema describes it.
type Event struct {
	// Seq grows by one with every stored event and survives restarts; 0 for
	// events that are not stored (snapshots, pairing, notices).
	Seq  uint64    `json:"seq,omitempty"`
	At   time.Time `json:"at"`
	Kind EventKind `json:"event"`
	Line string    `json:"line,omitempty"`
	// Call is the call after the event.
	Call *Call `json:"call,omitempty"`
	// What is a detail of the kind: the changed property ("muted", "held",
	// "recording", "party" …), the digit, or the sentence.
	What    string       `json:"what,omitempty"`
	Info    *LineInfo    `json:"line_info,omitempty"`
	Text    *Text        `json:"text,omitempty"`
	Pairing *PairingStep `json:"-"`
	// Playback is the recording that plays, with EventPlayback.
	Playback *Playback `json:"playback,omitempty"`
	// Replayed marks an event of the snapshot that a watcher starts with.
	Replayed bool `json:"replayed,omitempty"`
}

// Text is one text message, cut and sanitised.
type Text struct {
	Party Party     `json:"party"`
	Body  string    `json:"body"`
	At    time.Time `json:"at"`
	Sent  bool      `json:"sent,omitempty"` // we wrote it
}
