package rules

import (
	"errors"
	"fmt"
	"time"

	"tring/phone"
)

// TextPolicy says who may get an automatic text. An automatic text to a
// stranger is the riskiest thing that a gatekeeper on a personal number can
// do: WhatsApp locks linked devices that start conversations.
type TextPolicy struct {
	PerDay int    // automatic texts a day, to anybody
	To     string // known, window (business line), anyone
}

// The reasons for which an automatic text stays unsent.
var (
	errGroupText    = errors.New("texts are never sent to groups")
	errStrangerText = errors.New("this person is neither a contact nor has written to you; texting strangers gets accounts restricted")
	errNobody       = errors.New("the caller's identity is not known")
)

// MayText says whether a caller may get a text now, nil if so. It is asked
// after the end of the call was confirmed.
func (k *Keeper) MayText(p TextPolicy, f Facts, oncePer time.Duration) error {
	if oncePer == 0 {
		oncePer = 12 * time.Hour
	}
	switch person, _ := k.memory.wroteSince(f.Party, f.Now.Add(-oncePer)); {
	case f.Kind == "group":
		return errGroupText
	case f.Party.Key() == "":
		return errNobody
	case person > 0:
		return fmt.Errorf("this person got a text in the last %s", oncePer)
	case f.Network == phone.PersonalLine && p.To != "anyone" && !f.Contact && !f.Wrote:
		return errStrangerText
	}
	if _, all := k.memory.wroteSince(f.Party, f.Now.Add(-24*time.Hour)); all >= p.PerDay {
		return fmt.Errorf("the day's %d automatic texts have been sent", p.PerDay)
	}
	return nil
}
