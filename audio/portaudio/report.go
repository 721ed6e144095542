package portaudio

import (
	"fmt"
	"slices"
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
	Absent                // the wished port is not there, or does not open; another is used
)

// Report says what happened, for people: Lost is followed by Back, Replaced or
// Missing.
type Report struct {
	Kind  Kind
	Event Event
	Title string        // the port that was lost, or that is in use now
	Was   string        // the port that was wished or replaced, if it is not there any more
	After time.Duration // how long there was silence
	Err   error         // why nothing opens
}

// String is the report as a sentence.
func (r Report) String() string {
	switch r.Event {
	case Lost:
		return fmt.Sprintf("The %s %s stopped: silence until another is found.", r.Kind, r.Title)
	case Back:
		return fmt.Sprintf("The %s %s is back%s.", r.Kind, r.Title, r.pause())
	case Replaced:
		if r.Was != "" {
			return fmt.Sprintf("The %s %s is gone: now it is %s%s.", r.Kind, r.Was, r.Title, r.pause())
		}
		return fmt.Sprintf("The %s is now %s%s.", r.Kind, r.Title, r.pause())
	case Absent:
		return fmt.Sprintf("The %s %s cannot be used now: %s is.", r.Kind, r.Was, r.Title)
	}
	return fmt.Sprintf("No %s: %v. The call goes on without.", r.Kind, r.Err)
}

// pause says how long there was silence, if that was to be heard.
func (r Report) pause() string {
	if r.After < 100*time.Millisecond {
		return ""
	}
	return fmt.Sprintf(", after %s of silence", r.After.Round(10*time.Millisecond))
}

// noteLoss reports that e's stream stopped, once; needs System.mu.
func (d *Device) noteLoss(e *end) {
	if e.gone.IsZero() && !e.none && e.told.Name != "" {
		e.gone = time.Now().Add(-stallLimit)
		d.report(Report{Kind: e.kind, Event: Lost, Title: e.told.Title})
	}
}

// note reports what an attempt to open e came to, if that is news; needs
// System.mu.
func (d *Device) note(e *end, err error) {
	d.describe() // whoever hears the report finds Info renewed
	first, same := e.told.Name == "", e.port.ID == e.told.ID
	switch {
	case err != nil && e.none: // said already
	case err != nil:
		e.none = true
		d.report(Report{Kind: e.kind, Event: Missing, Err: err})
	case !e.none && first && e.wish != "" && e.port.answers(e.wish) == unlike:
		d.report(Report{Kind: e.kind, Event: Absent, Title: e.port.Title, Was: title(e.wish)})
		e.told = e.port
	case !e.none && (first || same && e.gone.IsZero()):
		e.told = e.port
	default:
		d.report(Report{Kind: e.kind, Event: e.arrival(), Title: e.port.Title, Was: d.system.gone(e.told), After: e.silence()})
		e.told, e.gone, e.none = e.port, time.Time{}, false
	}
}

// gone is the title of a port that is not there any more, else "". Needs mu.
func (s *System) gone(p Port) string {
	if slices.ContainsFunc(s.ports, func(q Port) bool { return q.Kind == p.Kind && q.ID == p.ID }) {
		return ""
	}
	return p.Title
}

func (e *end) arrival() Event {
	if e.told.Name == "" || e.port.ID == e.told.ID {
		return Back
	}
	return Replaced
}

// silence is how long e had nothing open.
func (e *end) silence() time.Duration {
	if e.gone.IsZero() {
		return 0
	}
	return time.Since(e.gone)
}
