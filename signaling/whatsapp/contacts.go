package whatsapp

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.mau.fi/whatsmeow/types"

	"tring/phone"
)

// resolveName looks a name up among the contacts: the whole name first, then
// its beginning, then any part.
func (s *session) resolveName(ctx context.Context, who string) (phone.Party, error) {
	contacts, err := s.contacts(ctx)
	if err != nil {
		return phone.Party{}, err
	}
	want := strings.ToLower(who)
	for _, fits := range []func(name string) bool{
		func(n string) bool { return n == want },
		func(n string) bool { return strings.HasPrefix(n, want) },
		func(n string) bool { return strings.Contains(n, want) },
	} {
		if found := matching(contacts, fits); len(found) == 1 {
			return s.complete(ctx, found[0])
		} else if len(found) > 1 {
			return phone.Party{}, fmt.Errorf("%w: %q", phone.ErrAmbiguous, who)
		}
	}
	return phone.Party{}, fmt.Errorf("%w (no contact named %q)", phone.NotOnNetwork, who)
}

// complete finds the hidden id of a contact of whom only the number is known.
func (s *session) complete(ctx context.Context, p phone.Party) (phone.Party, error) {
	if p.LID != "" || p.Number == "" {
		return p, nil
	}
	full, err := s.resolveNumber(ctx, p.Number)
	return merge(p, full), err
}

func matching(list []phone.Party, fits func(string) bool) []phone.Party {
	var found []phone.Party
	for _, p := range list {
		for _, name := range []string{p.Name, p.Business, p.PushName} {
			if name != "" && fits(strings.ToLower(name)) {
				found = append(found, p)
				break
			}
		}
	}
	return found
}

// Contacts lists the account's contacts, by name.
func (l *Line) Contacts(ctx context.Context) ([]phone.Party, error) {
	s, err := l.linkedSession()
	if err != nil {
		return nil, err
	}
	return s.contacts(ctx)
}

func (s *session) contacts(ctx context.Context) ([]phone.Party, error) {
	all, err := s.client.Store.Contacts.GetAllContacts(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the contacts: %w", err)
	}
	people := map[string]phone.Party{}
	for j, c := range all {
		s.collect(ctx, people, j, c)
	}
	own := s.line.Info().Own
	list := make([]phone.Party, 0, len(people))
	for _, p := range people {
		if !p.Same(own) { // nobody calls themselves
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b phone.Party) int {
		return strings.Compare(strings.ToLower(a.Display())+a.Key(), strings.ToLower(b.Display())+b.Key())
	})
	return list, nil
}

// collect adds one entry of the store. A person may have two, by number and by
// hidden id: they become one.
func (s *session) collect(ctx context.Context, people map[string]phone.Party, j types.JID, c types.ContactInfo) {
	var lid, pn types.JID
	switch j.Server {
	case types.HiddenUserServer:
		lid = j
	case types.DefaultUserServer:
		pn = j
	default:
		return
	}
	lid, pn = s.pair(ctx, lid, pn)
	p := withContact(phone.Party{Number: e164(pn)}, c)
	if !lid.IsEmpty() {
		p.LID = lid.String()
	}
	people[p.Key()] = merge(people[p.Key()], p)
}

// merge completes what one source knows of a person with what another does.
func merge(a, b phone.Party) phone.Party {
	fill := func(x *string, y string) {
		if *x == "" {
			*x = y
		}
	}
	fill(&a.Number, b.Number)
	fill(&a.LID, b.LID)
	fill(&a.Device, b.Device)
	fill(&a.Name, b.Name)
	fill(&a.Business, b.Business)
	fill(&a.PushName, b.PushName)
	return a
}

// linkedSession is the session, connected or not.
func (l *Line) linkedSession() (*session, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.session == nil {
		return nil, fmt.Errorf("%w: %w", phone.LineDown, phone.ErrNotLinked)
	}
	return l.session, nil
}
