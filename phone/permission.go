package phone

import (
	"context"
	"fmt"
	"time"
)

// Permission is whether somebody lets a business line call them: on such
// lines people must allow calls before they are called. The zero value knows
// nothing.
type Permission struct {
	State PermissionState `json:"state,omitempty"`
	// Until is when a temporary one runs out. No network tells of that: ask At.
	Until time.Time `json:"until,omitzero"`
	// Refused is a sentence that says why a call would be refused although
	// they allowed it: limits, restrictions. Empty if it may be placed.
	Refused string `json:"refused,omitempty"`
	// NotAsked is a sentence that says why asking would be refused.
	NotAsked string `json:"not_asked,omitempty"`
	// TextsUntil is until when they may be written to without a template.
	TextsUntil time.Time `json:"texts_until,omitzero"`
}

// PermissionState is what somebody says to being called.
type PermissionState string

const (
	PermissionUnknown   PermissionState = ""          // nobody has asked the network
	PermissionNone      PermissionState = "none"      // they must be asked first
	PermissionTemporary PermissionState = "temporary" // until Permission.Until
	PermissionPermanent PermissionState = "permanent"
)

// At is the permission as it stands at a time: a temporary one that has run
// out is none.
func (p Permission) At(now time.Time) Permission {
	if p.State == PermissionTemporary && !p.Until.IsZero() && !now.Before(p.Until) {
		p.State, p.Until = PermissionNone, time.Time{}
	}
	return p
}

// Sentence says in a few words whether they may be called; empty when that is
// not known.
func (p Permission) Sentence(now time.Time) string {
	switch p = p.At(now); {
	case p.State == PermissionUnknown:
		return ""
	case p.State == PermissionNone:
		return "they have not allowed calls: ask them first"
	case p.Refused != "":
		return p.Refused
	case p.State == PermissionTemporary && !p.Until.IsZero():
		return "may be called until " + p.Until.Local().Format("2 Jan 15:04")
	}
	return "may be called"
}

// Permitter is a line on which people must allow calls before they are called.
type Permitter interface {
	// Permission asks the network whether somebody may be called.
	Permission(ctx context.Context, who Party) (Permission, error)
	// AskPermission asks somebody to allow calls, with a text of ours.
	AskPermission(ctx context.Context, who Party, text string) error
}

// Permission asks a line whether somebody may be called.
func (p *Phone) Permission(ctx context.Context, line, who string) (Permission, error) {
	var found Permission
	err := p.toPermitter(ctx, line, who, func(ctx context.Context, l Permitter, to Party) (err error) {
		found, err = l.Permission(ctx, to)
		return err
	})
	return found, err
}

// AskPermission asks somebody to allow calls on a line.
func (p *Phone) AskPermission(ctx context.Context, line, who, text string) error {
	text = CleanText(text, maxText)
	return p.toPermitter(ctx, line, who, func(ctx context.Context, l Permitter, to Party) error {
		return l.AskPermission(ctx, to, text)
	})
}

// toPermitter does something with a person on a line that needs permission.
func (p *Phone) toPermitter(ctx context.Context, line, who string, do func(context.Context, Permitter, Party) error) error {
	return p.toPerson(ctx, line, who, func(t *trunk, to Party, reply func(error)) {
		l, can := t.Line.(Permitter)
		if !can {
			reply(fmt.Errorf("%s asks nobody for permission: %w", t.info.Name, ErrUnsupported))
			return
		}
		ctx, cancel := p.joined(ctx)
		p.task(ctx, func(ctx context.Context) func() {
			defer cancel()
			err := do(ctx, l, to)
			return func() { reply(err) }
		})
	})
}

// permitted notes on the living calls with somebody what they say to being
// called.
func (p *Phone) permitted(t *trunk, e PermissionLearned) {
	for _, c := range p.callsOn(t) {
		if c.Party.Same(e.Party) && c.Permission != e.Permission {
			c.Permission = e.Permission
			p.changed(c, "permission")
		}
	}
}
