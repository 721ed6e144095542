package portaudio

import (
	"fmt"
	"time"
)

// Event is what happened to an end of an open device.
type Event int

// What can happen to an end.
const (
	Lost     Event = iota // its stream stopped; silence until another is open
	Replaced              // another port took its place
	Back                  // the same port runs again
	Missing               // nothing opens; it is tried again
)

// Report says what happened, for people: Lost is followed by Back, Replaced or
// Missing.
type Report struct {
	Kind  Kind
	Event Event
	Title string        // the port that was lost, or that is in use now
	After time.Duration // how long there was silence
	Err   error         // why nothing opens
}

// String is the report as a sentence.
func (r Report) String() string {
	switch r.Event {
	case Lost:
		return fmt.Sprintf("The %s %s stopped: silence until another is found.", r.Kind, r.Title)
	case Back:
		return fmt.Sprintf("The %s %s is back after %s.", r.Kind, r.Title, r.After.Round(10*time.Millisecond))
	case Replaced:
		return fmt.Sprintf("Now using the %s %s.", r.Kind, r.Title)
	}
	return fmt.Sprintf("No %s: %v. The call goes on without.", r.Kind, r.Err)
}
