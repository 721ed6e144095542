package whatsapp

import (
	"context"
	"errors"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/stanza"
)

var errNoLID = errors.New("this link is too old to place calls: it has no hidden id; unlink it and link it again")

// ownParty is who we are.
func ownParty(d *store.Device, name string) phone.Party {
	p := phone.Party{Number: e164(d.GetJID()), PushName: phone.CleanName(name)}
	if lid := d.GetLID(); !lid.IsEmpty() {
		p.LID, p.Device = stanza.Bare(lid).String(), stanza.DeviceText(lid)
	}
	return p
}

// e164 writes a number's id as people write numbers.
func e164(j types.JID) string {
	if j.Server != types.DefaultUserServer || j.User == "" {
		return ""
	}
	return "+" + j.User
}

// party is somebody, with everything that the store knows of them. Any of the
// two ids may be empty.
func (s *session) party(ctx context.Context, lid, pn types.JID) phone.Party {
	lid, pn = s.pair(ctx, lid, pn)
	p := phone.Party{Number: e164(pn)}
	if !lid.IsEmpty() {
		p.LID = stanza.Bare(lid).String()
	}
	for _, j := range []types.JID{pn, lid} {
		if j.IsEmpty() {
			continue
		}
		if c, err := s.client.Store.Contacts.GetContact(ctx, stanza.Bare(j)); err == nil && c.Found {
			p = withContact(p, c)
		}
	}
	return p
}

// pair completes a person's two ids from what the store has learnt.
func (s *session) pair(ctx context.Context, lid, pn types.JID) (types.JID, types.JID) {
	ids := s.client.Store.LIDs
	if pn.IsEmpty() && !lid.IsEmpty() {
		if found, err := ids.GetPNForLID(ctx, stanza.Bare(lid)); err == nil {
			pn = found
		}
	}
	if lid.IsEmpty() && !pn.IsEmpty() {
		if found, err := ids.GetLIDForPN(ctx, stanza.Bare(pn)); err == nil {
			lid = found
		}
	}
	return stanza.Bare(lid), stanza.Bare(pn)
}

// met tells the phone, once, that a hidden id and a number are one person.
func (s *session) met(lid, pn types.JID) {
	if lid.IsEmpty() || pn.IsEmpty() {
		return
	}
	s.naming.Lock()
	known := s.people[lid.User] == pn.User
	if len(s.people) >= maxPeople {
		clear(s.people)
	}
	s.people[lid.User] = pn.User
	s.naming.Unlock()
	if !known {
		s.line.emit(phone.PartyLearned{Party: phone.Party{Number: e164(pn), LID: stanza.Bare(lid).String()}})
	}
}

// maxPeople bounds the memory of whom the phone was told about.
const maxPeople = 4096

// withContact adds the names of a contact, made safe to show. What is known
// already stays.
func withContact(p phone.Party, c types.ContactInfo) phone.Party {
	p.Name = first(p.Name, c.FullName, c.FirstName)
	p.Business = first(p.Business, c.BusinessName)
	p.PushName = first(p.PushName, c.PushName)
	return p
}

// first is the first name that is left after cleaning.
func first(names ...string) string {
	for _, n := range names {
		if clean := phone.CleanName(n); clean != "" {
			return clean
		}
	}
	return ""
}

func (l *Line) setOwn(p phone.Party) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.info.Own = p
}

// onBoard does something with the board, if the line runs.
func (l *Line) onBoard(f func(*board)) {
	l.mu.Lock()
	b := l.board
	l.mu.Unlock()
	if b != nil {
		f(b)
	}
}
