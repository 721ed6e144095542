package ui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

func TestLinkingLeadsFromCodeToTheLists(t *testing.T) {
	play(t, 80, 24, linkingPhone, func(s *stage) {
		s.asked("link personal 0")
		s.shows("getting a code")
		scanning(s)
		s.shows("Code 2 of 6", "new code in 14 s", "this attempt closes in 1 min 34 s", "Unofficial client")
		s.wait(5 * time.Second)
		s.shows("new code in 9 s")
		ready := s.phone.lines[0]
		ready.Status, ready.Own = phone.LineReady, phone.Party{Number: "+447700900123", PushName: "Ana"}
		s.phone.tell(phone.Event{Kind: phone.EventLine, Line: "personal", Info: &ready})
		s.paired(phone.PairingStep{Kind: phone.PairingDone})
		s.shows("Recents", "Linked.", "Ana")
	})
}

func TestAnExpiredCodeIsNotLeftOnTheScreen(t *testing.T) {
	play(t, 80, 24, linkingPhone, func(s *stage) {
		scanning(s)
		before := s.screen()
		s.paired(phone.PairingStep{Kind: phone.PairingScan, Text: linkText + "next", Index: 3, Count: 6, Expires: s.now().Add(20 * time.Second)})
		s.shows("Code 3 of 6", "new code in 20 s")
		if s.screen() == before {
			t.Error("the picture stayed the same")
		}
	})
}

func TestLinkingByCodeAsksForTheNumberFirst(t *testing.T) {
	play(t, 80, 24, linkingPhone, func(s *stage) {
		scanning(s)
		s.press("p")
		s.write("12")
		s.press("enter")
		s.shows("not a whole number")
		s.press("p")
		s.write("07700 900456")
		s.press("enter")
		s.asked("cancel link personal", "link personal 1 +447700900456")
	})
}

func TestTheBuiltInHandsetScansWithOneKey(t *testing.T) {
	scanned := ""
	change := func(f *fakePhone, c *Config) {
		linkingPhone(f, c)
		c.Scan = func(_ context.Context, code string) error { scanned = code; return nil }
	}
	play(t, 80, 24, change, func(s *stage) {
		scanning(s)
		s.shows("s  scan it with the built-in handset")
		s.press("s")
		if scanned != linkText {
			t.Errorf("scanned %q", scanned)
		}
	})
}

func TestWithoutAHandsetTheKeyDoesNothing(t *testing.T) {
	play(t, 80, 24, linkingPhone, func(s *stage) {
		scanning(s)
		s.press("s")
		s.shows("Code 2 of 6")
		s.hides("built-in handset", "settings")
	})
}

func TestThePasskeyStepTakesTheAnswer(t *testing.T) {
	play(t, 80, 24, linkingPhone, func(s *stage) {
		s.paired(phone.PairingStep{Kind: phone.PairingPasskey, Text: `{"challenge":"x"}`})
		s.press("ctrl+y")
		if len(s.wrote) == 0 || !strings.Contains(s.wrote[0], `const request = {"challenge":"x"}`) {
			t.Errorf("copied %q", s.wrote)
		}
		s.send(tea.PasteMsg{Content: `{"id":"` + strings.Repeat("A", 200) + `"}`})
		s.settle()
		s.shows("(209 characters, looks complete)")
		s.press("enter")
		s.asked(`passkey personal {"id":"` + strings.Repeat("A", 200) + `"}`)
	})
}

func TestTheCodesAreCompared(t *testing.T) {
	for key, want := range map[string]string{"y": "confirm personal true", "n": "confirm personal false"} {
		play(t, 80, 24, linkingPhone, func(s *stage) {
			s.paired(phone.PairingStep{Kind: phone.PairingConfirm, Text: "K7Q2"})
			s.press(key)
			s.asked(want)
		})
	}
}

func TestAFailedAttemptStartsAgain(t *testing.T) {
	play(t, 80, 24, linkingPhone, func(s *stage) {
		s.paired(phone.PairingStep{Kind: phone.PairingFailed, Err: errors.New("nobody scanned the code in time")})
		s.shows("Linking failed: nobody scanned the code in time.")
		s.press("r")
		if n := strings.Count(strings.Join(s.phone.wishes(), "\n"), "link personal 0"); n < 2 {
			t.Errorf("linking began %d times: %q", n, s.phone.wishes())
		}
		s.shows("getting a code")
	})
}

func TestThePictureIsOpened(t *testing.T) {
	var png []byte
	change := func(f *fakePhone, c *Config) {
		linkingPhone(f, c)
		c.ShowPicture = func(b []byte) (string, error) { png = b; return "/run/qr.png", nil }
	}
	play(t, 80, 24, change, func(s *stage) {
		scanning(s)
		s.press("o")
		s.shows("The code as a picture: /run/qr.png")
		if !strings.HasPrefix(string(png), "\x89PNG") {
			t.Errorf("%d bytes that are no PNG", len(png))
		}
	})
}

func TestALoggedOutLineIsSaidAndLinkedAgain(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		out := s.phone.lines[0]
		out.Status, out.Detail = phone.LineLoggedOut, "This computer was removed on the phone"
		s.phone.tell(phone.Event{Kind: phone.EventLine, Line: "personal", Info: &out})
		s.settle()
		s.shows("personal: This computer was removed on the phone.", "Recents")
		s.press("s", "right", "L")
		s.asked("link personal 0")
		s.shows("getting a code")
		s.press("esc")
		s.asked("cancel link personal")
	})
}

func TestWithoutColoursTheLightModulesAreTheLightOnes(t *testing.T) {
	for _, tt := range []struct {
		dark bool
		want string // the middle of the top border: light modules
	}{{true, "▀"}, {false, " "}} {
		play(t, 120, 40, func(f *fakePhone, c *Config) { linkingPhone(f, c); c.Environ = []string{"NO_COLOR=1"} }, func(s *stage) {
			s.root.dark = tt.dark
			scanning(s)
			x, y := 2, 0
			for row, words := range strings.Split(s.screen(), "\n") {
				if strings.HasPrefix(words, "  ▄▄▄▄▄▄▄") || strings.HasPrefix(words, " █▀▀▀▀▀▀▀█") {
					y = row
				}
			}
			got := s.root.canvas.cells[y*120+x].text
			if dark := got == "▀"; dark != tt.dark {
				t.Errorf("on a dark=%v terminal the border above the finder is drawn %q", tt.dark, got)
			}
		})
	}
}

func TestABusinessLineDoesNotHideThatThePhoneIsNotLinked(t *testing.T) {
	play(t, 80, 24, func(f *fakePhone, _ *Config) {
		f.lines = []phone.LineInfo{
			{Name: "personal", Kind: phone.PersonalLine, Status: phone.LineUnlinked},
			{Name: "shop", Kind: phone.BusinessLine, Status: phone.LineReady},
		}
	}, func(s *stage) { s.shows("link this computer", "getting a code") })
}
