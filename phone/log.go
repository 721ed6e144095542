package phone

import (
	"encoding/json"
	"time"
)

// LogEntry is one line of the call log: the call as it ended. Times carry the
// offset of the zone that was in force here when the call began.
type LogEntry struct {
	Call
	// Seen: a person has looked at this missed call, or heard this voicemail.
	Seen bool `json:"seen,omitempty"`
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
	Party    Party     `json:"party"`
	Line     string    `json:"line"`
	Attempts int       `json:"attempts"` // missed calls in a row
	First    time.Time `json:"first"`    // when the first of them came
	Last     time.Time `json:"last"`     // when the last of them came
}

// Stats sums up a stretch of the log.
type Stats struct {
	Calls      int             `json:"calls"`
	ByOutcome  map[Outcome]int `json:"by_outcome"`
	ByHour     [24]HourStats   `json:"by_hour"` // by hour of the local day in which they came
	ByRule     map[string]int  `json:"by_rule"`
	Incoming   int             `json:"incoming"`
	Answered   int             `json:"answered"`     // of the incoming ones, here
	PickUpRate float64         `json:"pick_up_rate"` // answered / (incoming that could be answered), 0 … 1
	ToAnswer   time.Duration   `json:"-"`            // median from first ring to answer; "to_answer_s" in JSON
	Talk       time.Duration   `json:"-"`            // total; "talk_s" in JSON
}

// HourStats counts incoming calls of one hour of the day.
type HourStats struct {
	Incoming int `json:"incoming"`
	Answered int `json:"answered"`
}

// plainStats is Stats with its durations in seconds, as JSON has it.
type plainStats struct {
	plainFields
	ToAnswer float64 `json:"to_answer_s"`
	Talk     float64 `json:"talk_s"`
}

// plainFields are those that JSON takes as they are.
type plainFields Stats

// MarshalJSON writes durations in seconds.
func (s Stats) MarshalJSON() ([]byte, error) {
	return json.Marshal(plainStats{plainFields(s), s.ToAnswer.Seconds(), s.Talk.Seconds()})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Stats) UnmarshalJSON(text []byte) error {
	var plain plainStats
	if err := json.Unmarshal(text, &plain); err != nil {
		return err
	}
	*s = Stats(plain.plainFields)
	s.ToAnswer, s.Talk = seconds(plain.ToAnswer), seconds(plain.Talk)
	return nil
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
