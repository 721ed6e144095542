package whatsapp

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/stanza"
)

// Resolve finds who is meant by a number in any human form, a name of a
// contact, or a network id.
func (l *Line) Resolve(ctx context.Context, who string) (phone.Party, error) {
	s, err := l.ready()
	if err != nil {
		return phone.Party{}, err
	}
	who = strings.TrimSpace(who)
	if j := idOf(who); !j.IsEmpty() {
		return s.resolveID(ctx, j)
	}
	if n := number(who, l.config.Region); n != "" {
		return s.resolveNumber(ctx, n)
	}
	return s.resolveName(ctx, who)
}

// idOf reads a network id; the zero JID when it is none.
func idOf(who string) types.JID {
	user, server, ok := strings.Cut(who, "@")
	if !ok || user == "" || server == "" {
		return types.JID{}
	}
	j, err := types.ParseJID(who)
	if err != nil {
		return types.JID{}
	}
	if j.Server == types.LegacyUserServer {
		j.Server = types.DefaultUserServer
	}
	return stanza.Bare(j)
}

// number reads a phone number as people write it, and returns it in E.164, or
// "" when it is none.
func number(who, region string) string {
	if strings.ContainsFunc(who, func(r rune) bool { return !strings.ContainsRune("+0123456789 ()-./\u00a0", r) }) {
		return ""
	}
	if region == "" {
		region = phonenumbers.UNKNOWN_REGION
	}
	if n, err := phonenumbers.Parse(who, region); err == nil && phonenumbers.IsPossibleNumber(n) {
		return phonenumbers.Format(n, phonenumbers.E164)
	}
	return international(who)
}

// international takes digits with a plus as they are: numbering plans are
// younger than any table of them.
func international(who string) string {
	if !strings.HasPrefix(strings.TrimSpace(who), "+") {
		return ""
	}
	only := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, who)
	if len(only) < 7 || len(only) > 15 {
		return ""
	}
	return "+" + only
}

// numberID is the network's id of a number.
func numberID(e164 string) types.JID {
	if e164 == "" {
		return types.JID{}
	}
	return types.NewJID(strings.TrimPrefix(e164, "+"), types.DefaultUserServer)
}

// partyIDs are the ids that a party names itself with.
func partyIDs(p phone.Party) (lid, pn types.JID) {
	if j := idOf(p.LID); !j.IsEmpty() {
		lid = j
	}
	return lid, numberID(p.Number)
}

func (s *session) resolveID(ctx context.Context, j types.JID) (phone.Party, error) {
	if err := callable(j); err != nil {
		return phone.Party{}, err
	}
	if j.Server == types.HiddenUserServer {
		return s.party(ctx, j, types.JID{}), nil
	}
	return s.resolveNumber(ctx, e164(j))
}

// resolveNumber asks the network once; afterwards the store knows.
func (s *session) resolveNumber(ctx context.Context, e164 string) (phone.Party, error) {
	pn := numberID(e164)
	if lid, _ := s.pair(ctx, types.JID{}, pn); !lid.IsEmpty() {
		return s.party(ctx, lid, pn), nil
	}
	found, err := s.lookUp(ctx, pn)
	if err != nil {
		return phone.Party{}, err
	}
	s.met(lidOnly(found), pn)
	return s.party(ctx, lidOnly(found), pn), nil
}

// lookUp asks the network who has a number.
func (s *session) lookUp(ctx context.Context, pn types.JID) (types.JID, error) {
	list, err := s.client.IsOnWhatsApp(ctx, []string{e164(pn)})
	if err != nil {
		return types.JID{}, networkError(err)
	}
	if len(list) == 0 || !list[0].IsIn {
		return types.JID{}, phone.NotOnNetwork
	}
	if list[0].JID.Server == types.HiddenUserServer {
		return list[0].JID, nil
	}
	return s.askHidden(ctx, pn)
}

// askHidden asks for the hidden id alone; some servers leave it out of the
// first answer.
func (s *session) askHidden(ctx context.Context, pn types.JID) (types.JID, error) {
	info, err := s.client.GetUserInfo(ctx, []types.JID{pn})
	if err != nil {
		return types.JID{}, networkError(err)
	}
	if lid := info[pn].LID; !lid.IsEmpty() {
		return lid, nil
	}
	return pn, nil
}

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
	list := make([]phone.Party, 0, len(people))
	for _, p := range people {
		list = append(list, p)
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
