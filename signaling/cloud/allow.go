package cloud

import (
	"context"
	"fmt"
	"time"

	"tring/phone"
	"tring/signaling/cloud/graph"
)

// Standing is how we stand with a customer: Meta's words and our own counts.
type Standing struct {
	graph.Permission
	Customer Customer
	// Refused is why a call would be refused now, or nil.
	Refused error
	// NotAsked is why asking would be refused now, or nil.
	NotAsked error
}

// Standing asks Meta whether a customer may be called, and what is left of the
// limits for them.
func (l *Line) Standing(ctx context.Context, who phone.Party) (Standing, error) {
	if _, err := recipient(who); err != nil {
		return Standing{}, err
	}
	p, err := l.permissionOf(ctx, who)
	if err != nil {
		return Standing{}, err
	}
	now, c := l.graph.Now(), l.book.look(who)
	s := Standing{Permission: p, Customer: c, Refused: p.MayCall(now), NotAsked: p.MayAsk()}
	if s.Refused == nil {
		s.Refused = c.mayDial(l.config.Limits, now)
	}
	if s.NotAsked == nil {
		s.NotAsked = c.mayAsk(l.config.Limits, now)
	}
	return s, nil
}

// Permission asks Meta whether a customer may be called.
func (l *Line) Permission(ctx context.Context, who phone.Party) (phone.Permission, error) {
	s, err := l.Standing(ctx, who)
	if err != nil {
		return phone.Permission{}, because(err)
	}
	p := s.Customer.permission(l.config.Limits, l.graph.Now())
	if p.State != phone.PermissionNone {
		p.Refused = sentence(s.Refused)
	}
	p.NotAsked = sentence(s.NotAsked)
	return p, nil
}

// AskPermission asks a customer to allow calls, within the 24 hours after they
// wrote, called or took a call.
func (l *Line) AskPermission(ctx context.Context, who phone.Party, text string) error {
	return l.Ask(ctx, who, text, nil)
}

// Ask asks a customer to allow calls: with a text within the 24 hours, else
// with an approved template. Our own count refuses first.
func (l *Line) Ask(ctx context.Context, who phone.Party, text string, t *graph.Template) error {
	s, err := l.Standing(ctx, who)
	switch {
	case err != nil:
		return err
	case s.NotAsked != nil:
		return s.NotAsked
	case t == nil && s.Customer.windowShut(l.graph.Now()):
		return &graph.Error{Code: 131047}
	}
	to := graph.To(who.Number, who.UserID)
	var sent graph.Sent
	if t != nil {
		sent, err = l.graph.AskWithTemplate(ctx, to, *t)
	} else {
		sent, err = l.graph.AskPermission(ctx, to, text)
	}
	if err != nil {
		return err
	}
	l.book.asked(who, l.graph.Now())
	l.forgetPermission(who)
	l.noteSent(who, sent)
	return nil
}

// permission is what is known of somebody without asking Meta.
func (c Customer) permission(l Limits, now time.Time) phone.Permission {
	p := phone.Permission{State: stateOf(c.Permission), Until: c.Until}.At(now)
	if c.FreeUntil.After(now) {
		p.TextsUntil = c.FreeUntil
	}
	if p.State == phone.PermissionTemporary || p.State == phone.PermissionPermanent {
		p.Refused = sentence(c.mayDial(l, now))
	}
	p.NotAsked = sentence(c.mayAsk(l, now))
	return p
}

// stateOf is the phone's word for one of Meta's; two vocabularies are
// documented.
func stateOf(status string) phone.PermissionState {
	switch status {
	case "":
		return phone.PermissionUnknown
	case "temporary", "granted":
		return phone.PermissionTemporary
	case "permanent":
		return phone.PermissionPermanent
	}
	return phone.PermissionNone
}

// sentence is an error's, or nothing.
func sentence(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// learned tells the phone what is known of a customer's permission.
func (l *Line) learned(who phone.Party) {
	p := l.book.look(who).permission(l.config.Limits, l.graph.Now())
	l.emit(phone.PermissionLearned{Party: who, Permission: p})
}

// AllowAgain forgets the calls that a customer did not answer, because a
// person has decided to try once more.
func (l *Line) AllowAgain(who phone.Party) {
	edit(l.book, who, func(c *Customer) bool {
		c.Unanswered = 0
		return true
	})
}

// unanswered warns before Meta acts: after two calls in a row that nobody took
// it asks the customer whether they want any, after four it takes the
// permission away.
func (d *desk) unanswered(who phone.Party) {
	switch n := d.book.unanswered(who); {
	case n == 2 || n == 3:
		d.notice(fmt.Sprintf("%s has not taken your last %d calls. WhatsApp asks them whether they want any; after four it stops them. Write instead, or wait for their call.", who.Display(), n))
	case n >= 4:
		d.notice(fmt.Sprintf("%s has not taken your last %d calls. WhatsApp takes their permission away now: ask for it again.", who.Display(), n))
	}
}

// notice tells people a sentence.
func (d *desk) notice(sentence string) { d.emit(phone.LineNotice{Sentence: sentence}) }
