package phone

import "time"

// Contact is a person: what the lines know of them, merged with what we wrote
// down ourselves. Our own words live in the phone's store and are never sent.
type Contact struct {
	Party
	Lines     []string  `json:"lines,omitempty"`     // the lines that know this person, by name
	Note      string    `json:"note,omitempty"`      // our own note
	Favourite bool      `json:"favourite,omitempty"` // pinned
	Tags      []string  `json:"tags,omitempty"`      // our own tags; rules match them
	NoCall    bool      `json:"no_call,omitempty"`   // asked not to be called
	AutoTake  bool      `json:"auto_take,omitempty"` // on the allow-list: calls are answered by themselves
	LastCall  time.Time `json:"last_call,omitzero"`  // when we last talked or tried, zero if never
}

// NumberReading is how the phone reads what somebody typed as a number.
type NumberReading struct {
	E164    string `json:"e164,omitempty"`    // "+441632960961", empty when it is no number
	Pretty  string `json:"pretty,omitempty"`  // as people of the region write it
	Region  string `json:"region,omitempty"`  // ISO 3166 code, e.g. "GB"
	Valid   bool   `json:"valid"`             // the numbering plan knows it; unknown ones may exist all the same
	Kind    string `json:"kind,omitempty"`    // "mobile", "fixed line", "premium", "toll free" …, empty if unknown
	Refused string `json:"refused,omitempty"` // a sentence when it must not be called: emergency numbers, short codes
	// LocalTime is the time of day there, zero when the number does not tell.
	LocalTime time.Time `json:"local_time,omitzero"`
}
