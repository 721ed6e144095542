package phone

import "time"

// LogEntry is one line of the call log: the call as it ended. Times carry the
// offset of the zone that was in force here when the call began.
type LogEntry struct {
	Call
	Seen bool // a person has looked at this missed call
}

// Query selects entries of the log, newest first. The zero Query selects the
// newest DefaultLimit entries.
type Query struct {
	Text      string // words in names, numbers (any way of writing), notes, rules
	Outcomes  []Outcome
	Direction Direction // empty for both
	Line      string    // a line's name, empty for all
	Who       string    // a Party.Key: calls with one person
	Since     time.Time // started at or after
	Until     time.Time // started before
	Before    string    // a call's id: only older entries, for paging
	Limit     int       // 0 for DefaultLimit
}

// DefaultLimit is how many log entries a query returns unless it says more.
const DefaultLimit = 200

// Lead is somebody who called, was missed, and has been left alone since.
type Lead struct {
	Party    Party
	Line     string
	Attempts int       // missed calls in a row
	First    time.Time // when the first of them came
	Last     time.Time // when the last of them came
}

// Stats sums up a stretch of the log.
type Stats struct {
	Calls      int
	ByOutcome  map[Outcome]int
	ByHour     [24]HourStats // by hour of the local day in which they came
	ByRule     map[string]int
	Incoming   int
	Answered   int           // of the incoming ones, here
	PickUpRate float64       // answered / (incoming that could be answered), 0 … 1
	ToAnswer   time.Duration // median from first ring to answer
	Talk       time.Duration // total
}

// HourStats counts incoming calls of one hour of the day.
type HourStats struct{ Incoming, Answered int }
