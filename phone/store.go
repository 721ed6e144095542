package phone

import (
	"context"
	"time"
)

// Store keeps what must survive. Memory is the one for stories; calllog.Open
// the one on disk. The phone's goroutine alone writes; reading may happen on
// any goroutine. When a write returns, what it wrote survives a kill.
type Store interface {
	CallStore
	EventStore
	PeopleStore
	Close() error
}

// CallStore keeps calls.
type CallStore interface {
	// Begin writes a new call and gives it its ID, never given before.
	Begin(c *Call) error
	// Save writes a call as it is now (nil for none) together with the event
	// that tells of it, and gives the event its Seq.
	Save(c *Call, e *Event) error
	// Known finds a call by the network's id.
	Known(line, networkID string) (Call, bool, error)
	// Unended are the calls that a former run left open, as last saved, with
	// Ended set to when they were last seen alive.
	Unended() ([]Call, error)
	// Alive notes that calls still live.
	Alive(ids []string, at time.Time) error
	// Calls fetches calls by id, in the order asked; unknown ids are left out.
	Calls(ids []string) ([]LogEntry, error)
	// Digests tells every ended call in the order of their ids.
	Digests(yield func(Digest) bool) error
	// Seen marks the missed calls up to now as looked at.
	Seen() error
	// Shown marks one missed call as looked at; other calls it leaves alone.
	Shown(id string) error
	// Heard marks a voicemail as listened to; other calls it leaves alone.
	Heard(id string) error
	// Prune removes ended calls and events from before a time.
	Prune(before time.Time) error
	// Annotate replaces the note of a call.
	Annotate(id, note string) error
}

// EventStore replays events.
type EventStore interface {
	// Events are stored events after seq that happened since, oldest first, at
	// most limit.
	Events(after uint64, since time.Time, limit int) ([]Event, error)
	// LastEvent is the seq of the newest stored event, 0 if there is none.
	LastEvent() (uint64, error)
}

// PeopleStore keeps what we wrote down about people, and forgets them.
type PeopleStore interface {
	People() ([]Contact, error)
	SavePerson(c Contact) error
	// Learn merges two identities of one person in everything stored and
	// tells the ids of the calls that changed.
	Learn(who Party) ([]string, error)
	// Forget removes a person from calls, events and people and tells the ids
	// of the calls that went.
	Forget(who Party) ([]string, error)
	// Scrub overwrites what is left of what was forgotten. It may take until
	// ctx ends, and be called from any goroutine.
	Scrub(ctx context.Context) error
}

// Digest is what searching, counting and leads need of one ended call; a
// hundred thousand of them stay in memory.
type Digest struct {
	ID        string
	Line      string
	Key       string // Party.Key
	Direction Direction
	Outcome   Outcome
	Started   time.Time     // in the zone that was in force here
	ToAnswer  time.Duration // from first ring to answer, 0 if nobody did
	Talk      time.Duration
	Rule      string
	Seen      bool
	Text      string // folded: see SearchText
}

// DigestOf sums up a logged call.
func DigestOf(e LogEntry) Digest {
	d := Digest{
		ID: e.ID, Line: e.Line, Key: e.Party.Key(), Direction: e.Direction, Outcome: e.Outcome,
		Started: e.Started, Talk: e.Duration(e.Ended), Rule: e.Rule, Seen: e.Seen, Text: SearchText(e.Call),
	}
	if !e.Answered.IsZero() && !e.Alerted.IsZero() {
		d.ToAnswer = max(0, e.Answered.Sub(e.Alerted))
	}
	return d
}
