package ui

import (
	"errors"
	"testing"
	"time"

	"tring/phone"
)

// shopPhone has a business line beside the personal one, and nothing else that
// could place a call if alone.
func shopPhone(f *fakePhone, _ *Config) {
	f.lines = append(f.lines, phone.LineInfo{
		Name: "shop", Kind: phone.BusinessLine, Status: phone.LineReady, MediaEnd: "Meta", Own: phone.Party{Number: "+442079460958", Business: "Ana's shop"},
		Pickup: phone.Pickup{Offered: 60, Answered: 21, Low: true},
	})
}

func shopOnly(f *fakePhone, c *Config) {
	shopPhone(f, c)
	f.lines = f.lines[1:]
	f.permission = phone.Permission{State: phone.PermissionPermanent}
}

func TestABusinessAsksTheNetworkBeforeItCalls(t *testing.T) {
	for _, tt := range []struct {
		name       string
		permission phone.Permission
		shown      string
		dials      bool
	}{
		{"they agreed", phone.Permission{State: phone.PermissionPermanent}, "CALLING", true},
		{"they agreed for a week", phone.Permission{State: phone.PermissionTemporary, Until: storyTime.Add(time.Hour)}, "CALLING", true},
		{"the week is over", phone.Permission{State: phone.PermissionTemporary, Until: storyTime.Add(-time.Hour)}, "Bruno Costa has not allowed calls.", false},
		{"they did not agree", phone.Permission{State: phone.PermissionNone}, "Bruno Costa has not allowed calls.", false},
		{"they were asked too often", phone.Permission{State: phone.PermissionNone, NotAsked: "They were asked twice this week."}, "They were asked twice this week.", false},
		{"they may not be called today", phone.Permission{State: phone.PermissionPermanent, Refused: "A hundred calls a day are the limit."}, "A hundred calls a day are the limit.", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			play(t, 80, 24, shopOnly, func(s *stage) {
				s.phone.permission = tt.permission
				s.press("enter")
				s.asked("permission shop +5511912345678")
				s.shows(tt.shown)
				if !tt.dials {
					s.neverAsked("dial")
				}
			})
		})
	}
}

func TestPeopleAreAskedToAllowCalls(t *testing.T) {
	play(t, 80, 24, shopOnly, func(s *stage) {
		s.phone.permission = phone.Permission{State: phone.PermissionNone}
		s.press("enter")
		s.press("y")
		s.shows("What to ask Bruno Costa", permissionText)
		s.press("enter")
		s.asked("ask permission shop +5511912345678 " + permissionText)
		s.shows("Bruno Costa was asked")
	})
}

func TestAPersonalLineAsksNobodyForPermission(t *testing.T) {
	play(t, 80, 24, shopPhone, func(s *stage) {
		s.press("enter")
		s.asked("dial personal +5511912345678")
		s.neverAsked("permission")
	})
}

func TestALineWithoutPermissionsJustCalls(t *testing.T) {
	play(t, 80, 24, shopOnly, func(s *stage) {
		s.phone.refuse["permission"] = errors.ErrUnsupported
		s.press("enter")
		s.shows("Could not ask whether Bruno Costa may be called")
		s.phone.refuse["permission"] = phone.ErrUnsupported
		s.press("enter")
		s.asked("dial shop +5511912345678")
	})
}

func TestACallThatThePhoneDoubtsIsAskedAbout(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.phone.refuse["dial"] = phone.AskFirst{Reasons: []string{"You have never spoken to them."}, Within: 30 * time.Second}
		s.press("enter")
		s.shows("Call them now?", "You have never spoken to them.")
		s.press("y")
		s.asked("agreed to +5511912345678")
		s.shows("CALLING")
	})
}

func TestABusinessCallSaysWhatIsKnownOfIt(t *testing.T) {
	play(t, 100, 30, shopPhone, func(s *stage) {
		s.shopCall()
		s.shows("answer within 23 s", "decrypted at Meta", "to: shop  +44 20 7946 0958", "button or link: sales", "calling back: may be called until")
	})
}

func TestTheLineThatCallsGoOutOnIsChosen(t *testing.T) {
	play(t, 80, 24, shopPhone, func(s *stage) {
		s.phone.permission = phone.Permission{State: phone.PermissionPermanent}
		s.press("ctrl+t", "ctrl+t")
		s.shows("call from shop")
		s.write("020 7946 0958")
		s.press("enter")
		s.asked("permission shop +442079460958", "dial shop +442079460958")
	})
	play(t, 80, 24, nil, func(s *stage) {
		s.press("ctrl+t") // one line: nothing to choose
		s.hides("call from")
	})
}

// shopCall has a customer press the button of the shop.
func (s *stage) shopCall() {
	id := s.phone.offer(bruno)
	s.phone.change(id, phone.EventChanged, "party", func(c *phone.Call) {
		c.Line, c.LineKind, c.Payload, c.MediaEnd, c.AnswerBy = "shop", phone.BusinessLine, "sales", "Meta", s.now().Add(30*time.Second)
		c.Permission = phone.Permission{State: phone.PermissionTemporary, Until: s.now().Add(72 * time.Hour)}
	})
	s.settle()
	s.wait(7 * time.Second)
}
