package phone

import "time"

// Contact is a person: what the lines know of them, merged with what we wrote
// down ourselves. Our own words live in the phone's store and are never sent.
type Contact struct {
	Party
	Lines     []string  // the lines that know this person, by name
	Note      string    // our own note
	Favourite bool      // pinned
	Tags      []string  // our own tags; rules match them
	NoCall    bool      // asked not to be called
	AutoTake  bool      // on the allow-list: calls are answered by themselves
	LastCall  time.Time // when we last talked or tried, zero if never
}

// NumberReading is how the phone reads what somebody typed as a number.
type NumberReading struct {
	E164    string // "+441632960961", empty when it is no number
	Pretty  string // as people of the region write it
	Region  string // ISO 3166 code, e.g. "GB"
	Valid   bool   // the numbering plan knows it; unknown ones may exist all the same
	Kind    string // "mobile", "fixed line", "premium", "toll free" …, empty if unknown
	Refused string // a sentence when it must not be called: emergency numbers, short codes
	// LocalTime is the time of day there, zero when the number does not tell.
	LocalTime time.Time
}
