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

// mayWrite is asked once the end of a call was confirmed. A text that may go
// out is counted before it does, so that a crash cannot send it twice.
func (k *Keeper) mayWrite(f Facts, v Verdict) error {
	f.Now = time.Now()
	var refused error
	err := k.memory.Wrote(f.Party, v.Rule.Name, f.Now, func() error {
		refused = k.mayText(f, v.OncePer)
		return refused
	})
	if err != nil && refused == nil {
		return fmt.Errorf("it could not be noted, and might be sent again: %w", err)
	}
	return err
}

// mayText says whether a caller may get an automatic text now, nil if so. The
// memory's lock is held.
func (k *Keeper) mayText(f Facts, oncePer time.Duration) error {
	if oncePer == 0 {
		oncePer = 12 * time.Hour
	}
	person, _ := k.memory.wroteSince(f.Party, f.Now.Add(-oncePer))
	_, all := k.memory.wroteSince(f.Party, f.Now.Add(-24*time.Hour))
	switch {
	case f.Kind == "group":
		return errGroupText
	case f.Party.Key() == "":
		return errNobody
	case person > 0:
		return fmt.Errorf("this person got a text in the last %s", durationText(oncePer))
	case f.Network == phone.PersonalLine && k.policy.To != "anyone" && !f.Contact && !f.Wrote:
		return errStrangerText
	case all >= k.policy.PerDay:
		return fmt.Errorf("the day's %d automatic texts have been sent", k.policy.PerDay)
	}
	return nil
}
