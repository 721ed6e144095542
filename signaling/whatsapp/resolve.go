package whatsapp

import (
	"context"
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
