package call

import "fmt"

// State is how far a call has come with Meta.
type State int

// The first three are of calls that come in, the next two of calls we place.
const (
	Ringing   State = iota // their offer is here; the path may be opening already
	Answering              // a person answered; the path is not ready yet
	Accepting              // accept is on its way
	Dialing                // our offer is on its way, or Meta has it
	Alerting               // their phone rings
	Active                 // accepted: sound may pass
	Ended                  // over; nothing follows but the proof of it
)

var stateNames = [...]string{"ringing", "answering", "accepting", "dialing", "alerting", "active", "ended"}

func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return fmt.Sprintf("State(%d)", int(s))
	}
	return stateNames[s]
}

// On is what an input is about.
type On int

// What people do, what our requests come to, what Meta tells, what the path
// does, and timers that have run out.
const (
	Answer       On = iota // a person answers
	Release                // a person or the program ends the call
	Described              // our own description is ready
	Undescribed            // it could not be made
	PreAccepted            // pre_accept was taken
	PreAcceptBad           // it was not; accept alone may still do
	Accepted               // accept was taken
	AcceptBad              // it was not
	Placed                 // connect was taken
	PlaceBad               // it was not
	Buried                 // reject or terminate was taken
	BuryBad                // it was not
	Replied                // Meta's answer to our offer came
	Rings                  // RINGING
	Taken                  // ACCEPTED
	Refused                // REJECTED
	Over                   // terminate
	Linked                 // ICE and DTLS are done
	Heard                  // first sound
	Quiet                  // no packets
	Back                   // packets again
	Lost                   // the path is gone for good
	EarlyDue               // timer: open the path although nobody answered yet
	HurryDue               // timer: accept without a path
	AnswerDue              // timer: answering has become impossible
	HookDue                // timer: Meta's answer to our offer should have come
	RingDue                // timer: it rang long enough
	LinkDue                // timer: the path should stand
)

var onNames = [...]string{
	"answer", "release", "described", "undescribed", "pre-accepted", "pre-accept failed", "accepted", "accept failed",
	"placed", "place failed", "buried", "bury failed", "answer came", "rings", "taken", "refused", "over", "linked", "heard",
	"quiet", "back", "lost", "early due", "hurry due", "answer due", "hook due", "ring due", "link due",
}

func (o On) String() string {
	if o < 0 || int(o) >= len(onNames) {
		return fmt.Sprintf("On(%d)", int(o))
	}
	return onNames[o]
}

// Move is one row of the life of a call.
type Move struct {
	From State
	On   On
	To   State
}

// Moves are all changes of state between living states. From every living
// state the endings lead to Ended.
var Moves = []Move{
	{Ringing, Answer, Answering},
	{Accepting, Accepted, Active},
	{Dialing, Rings, Alerting},
	{Dialing, Taken, Active},
	{Alerting, Taken, Active},
}

// next is where an input leads, and whether it leads anywhere.
func next(s State, on On) (State, bool) {
	for _, m := range Moves {
		if m.From == s && m.On == on {
			return m.To, true
		}
	}
	return s, false
}
