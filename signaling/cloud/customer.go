package cloud

import (
	"errors"
	"fmt"
	"time"

	"tring/phone"
	"tring/signaling/cloud/graph"
	"tring/signaling/cloud/webhook"
)

// Customer is what the line knows of a person: Meta has no address book, so
// these are the people who wrote, called or were called.
type Customer struct {
	Number   string    `json:"number,omitempty"` // E.164 with "+"
	UserID   string    `json:"user_id,omitempty"`
	PushName string    `json:"push_name,omitempty"`
	Seen     time.Time `json:"seen"`
	// FreeUntil is until when texts need no template.
	FreeUntil  time.Time   `json:"free_until,omitzero"`
	Permission string      `json:"permission,omitempty"` // as Meta said last
	Until      time.Time   `json:"until,omitzero"`       // of a temporary permission
	Asked      []time.Time `json:"asked,omitempty"`      // requests since the last connected call
	Connected  []time.Time `json:"connected,omitempty"`  // calls that we placed
	Unanswered int         `json:"unanswered,omitempty"` // calls in a row
}

// window is how long after they wrote, called or took a call texts are free.
const window = 24 * time.Hour

// party is a customer as the phone knows people.
func (c Customer) party() phone.Party {
	return phone.Party{Number: c.Number, UserID: c.UserID, PushName: c.PushName}
}

// partyOf is somebody as an event names them, made safe.
func partyOf(p webhook.Person) phone.Party {
	number := ""
	if p.Number != "" {
		number = "+" + p.Number
	}
	return phone.Party{Number: number, UserID: phone.CleanLine(p.UserID, 128), PushName: phone.CleanName(p.Name)}
}

// meet notes somebody whom an event names, and tells the phone what is new.
func (d *desk) meet(p webhook.Person) phone.Party {
	before := d.book.look(partyOf(p))
	party := d.book.learn(partyOf(p), d.graph.Now())
	if before.Seen.IsZero() && party.Key() != "" {
		d.emit(phone.ContactsChanged{})
	}
	if whole := party.Number != "" && party.UserID != ""; whole && (before.Number == "" || before.UserID == "" || before.Seen.IsZero()) {
		d.emit(phone.PartyLearned{Party: party})
	}
	return party
}

// windowShut reports whether texts are known to need a template. Of somebody
// who wrote before this program was installed, only Meta knows.
func (c Customer) windowShut(now time.Time) bool {
	return !c.FreeUntil.IsZero() && now.After(c.FreeUntil)
}

// mayDial says why a person should not be called now, or nil.
func (c Customer) mayDial(l Limits, now time.Time) error {
	switch {
	case c.Unanswered >= l.Unanswered:
		return fmt.Errorf("%w (%d times in a row)", errUnanswered, c.Unanswered)
	case len(recent(c.Connected, now, day)) >= l.PerPerson:
		return &graph.Error{Code: 138012}
	}
	return nil
}

// mayAsk says why a person should not be asked for permission now, or nil.
func (c Customer) mayAsk(l Limits, now time.Time) error {
	if len(recent(c.Asked, now, day)) >= l.AsksPerDay || len(recent(c.Asked, now, 7*day)) >= l.AsksWeekly {
		return &graph.Error{Code: 138009}
	}
	return nil
}

var errUnanswered = errors.New("they did not answer your last calls; after four Meta takes the permission away, so write to them, or wait for their call")
