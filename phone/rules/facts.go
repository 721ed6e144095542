package rules

import (
	"sort"
	"time"

	"github.com/nyaruka/phonenumbers"

	"tring/phone"
)

// Facts is everything that a decision looks at. It is plain data, so that a
// call can be decided, explained and replayed by the same code.
type Facts struct {
	Party   phone.Party
	Contact bool     // in our address book
	Tags    []string // our own tags, and what the lookup command said
	Account string   // the line's name
	Network phone.LineKind
	Kind    string // voice, video or group
	Payload string
	Me      phone.Presence
	Agents  int         // people who are free to take the call
	Recent  []time.Time // earlier calls of this person, newest first
	Wrote   bool        // this person has written to us or spoken with us before
	Now     time.Time
	// Restricted is until when this person is held back, zero if not.
	Restricted time.Time
	// number is what the numbering plans say of Party.Number; Decide fills it.
	number numberFacts
	// InCall is true when a call with this very person is up.
	InCall bool
}

// free is how many people could take a call: one phone has one person.
func free(me phone.Presence) int {
	if me == phone.Available {
		return 1
	}
	return 0
}

// callKind names what kind of call an offer is.
func callKind(o phone.IncomingOffer) string {
	switch {
	case o.Group:
		return "group"
	case o.Video:
		return "video"
	}
	return "voice"
}

// within counts the calls of this person in the last d, this one included.
func (f Facts) within(d time.Duration) int {
	since := f.Now.Add(-d)
	return 1 + sort.Search(len(f.Recent), func(i int) bool { return f.Recent[i].Before(since) })
}

// numberFacts is what the numbering plans say of a number.
type numberFacts struct {
	region string
	kind   phonenumbers.PhoneNumberType
}

func numberFactsOf(e164 string) numberFacts {
	n, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return numberFacts{kind: phonenumbers.UNKNOWN}
	}
	return numberFacts{phonenumbers.GetRegionCodeForNumber(n), phonenumbers.GetNumberType(n)}
}
