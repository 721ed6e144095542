package cloud

import (
	"context"
	"fmt"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"tring/phone"
)

// Contacts lists the people who wrote, called or were called.
func (l *Line) Contacts(context.Context) ([]phone.Party, error) {
	var out []phone.Party
	for _, c := range l.book.all() {
		out = append(out, c.party())
	}
	return out, nil
}

// Resolve finds who is meant by a number, a business-scoped user id, or a name.
// Meta has no directory: any number is taken as it is.
func (l *Line) Resolve(_ context.Context, who string) (phone.Party, error) {
	who = strings.TrimSpace(who)
	if n := e164(who, l.config.Region); n != "" {
		return l.book.look(phone.Party{Number: n}).party(), nil
	}
	var found []phone.Party
	for _, c := range l.book.all() {
		if c.UserID == who && who != "" {
			return c.party(), nil
		}
		if c.PushName != "" && strings.EqualFold(c.PushName, who) {
			found = append(found, c.party())
		}
	}
	switch len(found) {
	case 0:
		return phone.Party{}, fmt.Errorf("%w (nobody named %q has written or called)", phone.NotOnNetwork, phone.CleanName(who))
	case 1:
		return found[0], nil
	}
	return phone.Party{}, fmt.Errorf("%w: %q", phone.ErrAmbiguous, phone.CleanName(who))
}

// e164 reads a number as people write it; "" when it is none.
func e164(who, region string) string {
	if who == "" || len(who) > 40 || strings.ContainsFunc(who, func(r rune) bool { return !strings.ContainsRune("+0123456789 ()-./\u00a0", r) }) {
		return ""
	}
	if region == "" {
		region = phonenumbers.UNKNOWN_REGION
	}
	if n, err := phonenumbers.Parse(who, region); err == nil && phonenumbers.IsPossibleNumber(n) {
		return phonenumbers.Format(n, phonenumbers.E164)
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, who)
	if strings.HasPrefix(who, "+") && len(digits) >= 7 && len(digits) <= 15 {
		return "+" + digits // numbering plans are younger than any table of them
	}
	return ""
}
