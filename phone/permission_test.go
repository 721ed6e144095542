package phone_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tring/phone"
	"tring/phone/phonetest"
)

func TestAPermissionEndsByTheClock(t *testing.T) {
	now := time.Date(2026, 11, 3, 9, 0, 0, 0, time.Local)
	p := phone.Permission{State: phone.PermissionTemporary, Until: now.Add(time.Hour)}
	for at, want := range map[time.Time]string{
		now:                    "may be called until 3 Nov 10:00",
		now.Add(time.Hour):     "they have not allowed calls: ask them first",
		now.Add(2 * time.Hour): "they have not allowed calls: ask them first",
	} {
		if got := p.Sentence(at); got != want {
			t.Errorf("at %v: %q, want %q", at, got, want)
		}
	}
	for _, c := range []struct {
		phone.Permission
		want string
	}{
		{phone.Permission{}, ""},
		{phone.Permission{State: phone.PermissionPermanent}, "may be called"},
		{phone.Permission{State: phone.PermissionPermanent, Refused: "the limit is used up"}, "the limit is used up"},
	} {
		if got := c.Sentence(now); got != c.want {
			t.Errorf("%+v: %q, want %q", c.Permission, got, c.want)
		}
	}
}

// strict is a line on which people must allow calls.
type strict struct {
	*phonetest.Line
	asked []string
}

func (s *strict) Permission(context.Context, phone.Party) (phone.Permission, error) {
	return phone.Permission{State: phone.PermissionPermanent}, nil
}

func (s *strict) AskPermission(_ context.Context, who phone.Party, text string) error {
	s.asked = append(s.asked, who.Number+" "+text)
	return nil
}

func (s *strict) Checkup(context.Context) []phone.Finding {
	return []phone.Finding{{What: "hours", Note: "always"}}
}

func TestALineThatAsksPeopleFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net := phonetest.NewNetwork()
		line := &strict{Line: net.NewLine("shop", "+441632960001")}
		plain := net.NewLine("home", "+441632960003")
		p := phone.New(phone.Config{Lines: []phone.Line{line, plain}})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- p.Run(ctx) }()
		synctest.Wait()
		const who = "+441632960002"
		net.NewLine("theirs", who)
		if got, err := p.Permission(ctx, "shop", who); err != nil || got.State != phone.PermissionPermanent {
			t.Errorf("%+v, %v", got, err)
		}
		if err := p.AskPermission(ctx, "shop", who, "May we\x1b[31m call?"); err != nil || len(line.asked) != 1 || line.asked[0] != who+" May we[31m call?" {
			t.Errorf("%q, %v", line.asked, err)
		}
		if found, err := p.Checkup(ctx, "shop"); err != nil || len(found) != 1 || found[0].Note != "always" {
			t.Errorf("%+v, %v", found, err)
		}
		if _, err := p.Permission(ctx, "home", who); !errors.Is(err, phone.ErrUnsupported) {
			t.Errorf("a line that asks nobody: %v", err)
		}
		if _, err := p.Checkup(ctx, "home"); !errors.Is(err, phone.ErrUnsupported) {
			t.Errorf("a line with nothing to look at: %v", err)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
