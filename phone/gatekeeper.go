package phone

import (
	"context"
	"time"
)

// Gatekeeper decides what happens with a call before anything rings. It must
// answer within decisionLimit; a slower one is ignored and the call rings.
type Gatekeeper interface {
	Decide(ctx context.Context, q Inquiry) Decision
}

// Forgetter is a Gatekeeper or a Line that remembers people by itself. Forget
// may be called from any goroutine.
type Forgetter interface {
	Forget(who Party) error
}

// Troubled is a Gatekeeper that may not do what it was told to. Problem is a
// sentence that everybody hears who begins to watch, "" while all is well.
type Troubled interface {
	Problem() string
}

// Inquiry is everything that a gatekeeper may know of a call that comes in.
type Inquiry struct {
	Offer   IncomingOffer
	Line    LineInfo
	Contact Contact       // what we wrote down about the caller; zero for a stranger
	Me      Presence      // how we want to be treated right now
	Recent  []time.Time   // when this caller called before, newest first, on any line
	LastOut time.Time     // when we last called them, or texts went either way; zero if never
	Now     time.Time     // in the zone of the machine
	Limit   time.Duration // how long the decision may take
	Talking bool          // a call with this very person is up
}

// Action is what the phone does with a call that comes in. Rules write these
// words; never rename one.
type Action string

const (
	ActionRing      Action = "ring"      // rings here
	ActionRingLoud  Action = "ring-loud" // rings until noticed: own sound, notification, bell
	ActionSilence   Action = "silence"   // shown without a sound; other devices ring on
	ActionReject    Action = "reject"    // declined; Decision.Say is written to them afterwards
	ActionBlock     Action = "block"     // declined and put on the network's block list
	ActionVoicemail Action = "voicemail" // answered by the machine: greeting, then recorded
	ActionScreen    Action = "screen"    // answered by the machine: a question, then a person decides
	ActionQueue     Action = "queue"     // rings, marked with the queue in Decision.To
)

// Decision is a gatekeeper's answer, and always says why.
type Decision struct {
	Action Action
	Rule   string        // name of the rule that decided, empty for the default
	Trace  []string      // one sentence for every step that led here
	Say    string        // text for the caller, after a reject or a voicemail
	To     string        // queue
	Ring   time.Duration // ring at most this long, 0 for the usual time …
	Then   Action        // … then do this, empty for a missed call
	Took   time.Duration // how long deciding took
	// Machine is how a voicemail or a screening goes; what is zero goes as usual.
	Machine Machine
	// MayWrite is asked once, when the end of the call was confirmed and before
	// Say is written; its error is why nothing is. Nil allows it.
	MayWrite func() error
}

// Presence is how we want to be treated; rules and the ring obey it.
type Presence string

const (
	Available Presence = "available"
	OnCall    Presence = "in-call" // set by the phone itself
	Away      Presence = "away"
	BusyNow   Presence = "busy"
	DND       Presence = "dnd" // do not disturb: nothing makes a sound
)
