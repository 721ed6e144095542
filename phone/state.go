package phone

import "fmt"

// State is how far a call has come in its life. A call only moves forward;
// hold, mute and recording are properties of an established call, not states.
type State int

const (
	Idle        State = iota // nothing sent, nothing received
	Calling                  // our offer is on its way
	Ringing                  // their phone rings
	Incoming                 // our phone rings
	Connecting               // answered, no sound heard yet
	Established              // sound flows
	Terminated               // over; the Cause says why
)

var stateNames = [...]string{"idle", "calling", "ringing", "incoming", "connecting", "established", "terminated"}

func (s State) String() string {
	if s < 0 || int(s) >= len(stateNames) {
		return fmt.Sprintf("State(%d)", int(s))
	}
	return stateNames[s]
}

// MarshalText writes the state's name.
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a state's name.
func (s *State) UnmarshalText(text []byte) error {
	for i, name := range stateNames {
		if name == string(text) {
			*s = State(i)
			return nil
		}
	}
	return fmt.Errorf("there is no call state %q", text)
}

// Alive reports whether a call in this state still exists.
func (s State) Alive() bool { return s != Terminated }

// Answered reports whether somebody has picked up.
func (s State) Answered() bool { return s == Connecting || s == Established }

// Input is one thing that can move a call: what a person did, or what the
// network told.
type Input int

const (
	Dial     Input = iota // we place the call
	Offer                 // they place the call
	Alerting              // their phone rings
	Accept                // somebody answered, they or we
	Media                 // the first sound was heard
	Release               // the call is over, whoever ended it
)

var inputNames = [...]string{"dial", "offer", "alerting", "accept", "media", "release"}

func (i Input) String() string {
	if i < 0 || int(i) >= len(inputNames) {
		return fmt.Sprintf("Input(%d)", int(i))
	}
	return inputNames[i]
}

// Transition is one row of the life of a call.
type Transition struct {
	From State
	In   Input
	To   State
}

// Transitions is the whole life of a call as data. Next reads it, the tests
// are named after its rows, and the diagram in docs/calls.md is drawn from it.
// Release is not listed: it leads from every living state to Terminated.
var Transitions = []Transition{
	{Idle, Dial, Calling},
	{Idle, Offer, Incoming},
	{Calling, Alerting, Ringing},
	{Calling, Accept, Connecting},
	{Ringing, Accept, Connecting},
	{Incoming, Accept, Connecting},
	{Connecting, Media, Established},
}

// TransitionError says that an input makes no sense in a state.
type TransitionError struct {
	State State
	Input Input
}

func (e TransitionError) Error() string {
	return fmt.Sprintf("call is %s: cannot %s", e.State, e.Input)
}

// Next returns the state that follows from s on in, or a TransitionError and
// s itself when the table has no such row.
func Next(s State, in Input) (State, error) {
	if in == Release && s.Alive() {
		return Terminated, nil
	}
	for _, t := range Transitions {
		if t.From == s && t.In == in {
			return t.To, nil
		}
	}
	return s, TransitionError{s, in}
}
