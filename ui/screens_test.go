package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"

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

func TestDevicesAreChosenAndTested(t *testing.T) {
	play(t, 80, 24, echoPhone(2), func(s *stage) {
		s.press("o", "down", "enter")
		s.asked("device microphone Jabra Evolve 65")
		s.shows("(*) Jabra Evolve 65")
		s.press("e")
		s.asked("echo test")
		s.shows("the echo is 41 dB below", "62 ms")
		s.press("p")
		s.asked("test ring")
	})
}

func TestSettingsApplyAtOnce(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.press("s", "down", "down", "right", "enter")
		s.asked("presence dnd")
		s.shows("Do not disturb            on", "DND")
		s.press("down", "enter")
		s.shows("Push to talk with space   on")
		s.press("left", "down", "right", "down", "down", "enter")
		if s.root.theme.name != "light" {
			t.Errorf("the theme is %s", s.root.theme.name)
		}
	})
}

func TestUnlinkingAsksFirst(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.press("s", "right", "U")
		s.neverAsked("unlink")
		s.press("y")
		s.asked("unlink personal")
	})
}

func TestTheLogIsSearchedByThePhone(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.press("l", "/")
		s.write("mum")
		s.shows("Mum")
		s.hides("Bruno")
		s.press("enter", "enter")
		s.asked("dial personal +447700900456")
	})
}

func TestTheLogSaysWhichRuleDecidedAndWhy(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.press("l", "down", "down", "down", "down")
		s.shows("reject by strangers", "the caller is in no contact list", "Declined by a rule.")
	})
}

func TestOlderCallsAreReadWhenTheEndComesNear(t *testing.T) {
	many := func(f *fakePhone, _ *Config) {
		f.entries = nil
		for i := range 450 {
			e := logged(i%10, mum, phone.Inbound, -time.Duration(i)*time.Hour, 0, phone.Cancelled)
			e.ID = fmt.Sprintf("c%d", 450-i)
			f.entries = append(f.entries, e)
		}
	}
	play(t, 80, 24, many, func(s *stage) {
		s.press("l", "end")
		s.press("end", "end")
		if n := len(s.root.pages.log.entries); n != 450 {
			t.Errorf("%d calls after three times to the end", n)
		}
	})
}

func TestMissedCallsAreSeenByLooking(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.shows("2 missed")
		s.press("down")
		s.asked("mark seen")
		s.hides("2 missed")
	})
}

func TestPeopleAreNamedNotedAndMarked(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.press("tab", "down", "E")
		s.write("my")
		s.press("enter")
		s.asked("edit +447700900456 my asks to be called before 21:00 true")
		s.press("*")
		s.asked("edit +447700900456 my asks to be called before 21:00 false")
	})
}

func TestBlockingAndForgettingAskFirst(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.press("b")
		s.shows("Block Bruno Costa?")
		s.press("n")
		s.neverAsked("block")
		s.press("b", "y")
		s.asked("block personal +5511912345678 true")
		s.press("delete", "y")
		s.asked("forget +5511912345678")
		s.shows("Forgotten, with 3 calls.")
	})
}

func TestCopyingSaysWhatWasCopied(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.press("y")
		s.shows("Copied +5511912345678.")
		s.wait(8 * time.Second)
		s.hides("Copied")
	})
}

func TestTheReportHidesNumbers(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.phone.quality.Path = "relay +44 7700 900456"
		s.talking()
		s.press("g", "y")
		report := strings.Join(s.wrote, "")
		if !strings.Contains(report, "round trip") || strings.Contains(report, "7700") {
			t.Errorf("copied %q", report)
		}
	})
}

func TestCommandsAreFoundByTyping(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.talking()
		s.press("ctrl+p")
		s.write("recor")
		s.press("enter")
		s.asked("record c1 true")
	})
}

func TestHelpShowsTheLiveKeyMap(t *testing.T) {
	play(t, 120, 40, func(_ *fakePhone, c *Config) { c.Keys = map[string][]string{"swap": {"ctrl+x"}} }, func(s *stage) {
		s.press("?")
		s.shows("ctrl+x", "swap the two calls", "signs on the screen")
		s.press("?")
		s.hides("signs on the screen")
	})
}

func TestTheMousePressesWhatItPointsAt(t *testing.T) {
	play(t, 80, 24, func(_ *fakePhone, c *Config) { c.Mouse = true }, func(s *stage) {
		if s.root.View().MouseMode != tea.MouseModeCellMotion {
			t.Error("the mouse was not asked for")
		}
		s.talking()
		s.root.View()
		x, y := s.at("mute")
		s.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
		s.settle()
		s.asked("mute c1 true")
	})
	play(t, 80, 24, nil, func(s *stage) {
		if s.root.View().MouseMode != tea.MouseModeNone {
			t.Error("the mouse was taken away without asking")
		}
	})
}

// at is where a word stands on the screen.
func (s *stage) at(word string) (x, y int) {
	s.t.Helper()
	for y, row := range strings.Split(s.screen(), "\n") {
		if at := strings.Index(row, word); at >= 0 {
			return cells(row[:at]), y
		}
	}
	s.t.Fatalf("%q is not on the screen", word)
	return 0, 0
}

func TestTheTitleAndTheProgressBarFollowTheCall(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		check := func(title string, progress bool) {
			t.Helper()
			v := s.root.View()
			if v.WindowTitle != title || (v.ProgressBar != nil) != progress {
				t.Errorf("title %q, progress %v; want %q, %v", v.WindowTitle, v.ProgressBar, title, progress)
			}
		}
		check("(2) tring", false)
		s.press("down", "down", "enter")
		check("calling: Mum", true)
		s.phone.accept("c1")
		s.phone.media("c1")
		s.wait(61 * time.Second)
		check("Mum 1 min", false)
		s.phone.end("c1", phone.NormalClearing)
		s.settle()
		s.phone.offer(phone.Party{PushName: "\x1b]0;x\aEve"})
		s.settle()
		check("ringing: ~]0;xEve", false)
	})
}

// bell collects what notifiers were asked for.
type bell struct {
	shown  []Notice
	choice Choice
	err    error
}

func (b *bell) Ringing(ctx context.Context, n Notice) (Choice, error) {
	b.shown = append(b.shown, n)
	if b.choice != NoChoice || b.err != nil {
		return b.choice, b.err
	}
	<-ctx.Done()
	return NoChoice, ctx.Err()
}

func (b *bell) Show(_ context.Context, n Notice) error {
	b.shown = append(b.shown, n)
	return b.err
}

func TestANotificationIsRaisedAndAnswered(t *testing.T) {
	for choice, want := range map[Choice]string{ChoseAnswer: "answer c1", ChoseDecline: "reject c1"} {
		b := &bell{choice: choice}
		play(t, 80, 24, func(_ *fakePhone, c *Config) { c.Notify = b }, func(s *stage) {
			s.phone.offer(bruno)
			s.settle()
			s.asked(want)
			if len(b.shown) != 1 || b.shown[0].Title != "Call from Bruno Costa" || b.shown[0].Body != "+55 11 91234-5678 Brazil" {
				t.Errorf("%+v", b.shown)
			}
		})
	}
}

func TestANotificationIsTakenBackWhenTheRingingEnds(t *testing.T) {
	b := &bell{}
	play(t, 80, 24, func(_ *fakePhone, c *Config) { c.Notify = b }, func(s *stage) {
		s.phone.offer(bruno)
		s.settle()
		s.phone.end("c1", phone.AnsweredElsewhere)
		s.settle()
		if len(s.root.rings) != 0 {
			t.Error("it still rings")
		}
		s.shows("Answered on your phone or another device.")
	})
}

func TestAMissedCallIsToldOnlyToSomebodyWhoLooksElsewhere(t *testing.T) {
	for _, away := range []bool{false, true} {
		b := &bell{}
		play(t, 80, 24, func(_ *fakePhone, c *Config) { c.Notify = b }, func(s *stage) {
			if away {
				s.send(tea.BlurMsg{})
			}
			s.phone.offer(bruno)
			s.settle()
			s.phone.end("c1", phone.Cancelled)
			s.settle()
			if told := len(b.shown) == 2 && b.shown[1].Title == "Missed call from Bruno Costa"; told != away {
				t.Errorf("away %v: %+v", away, b.shown)
			}
		})
	}
}

func TestDoNotDisturbRaisesNothing(t *testing.T) {
	b := &bell{}
	play(t, 80, 24, func(_ *fakePhone, c *Config) { c.Notify = b }, func(s *stage) {
		s.press("D")
		s.phone.offer(bruno)
		s.settle()
		if len(b.shown) != 0 {
			t.Errorf("%+v", b.shown)
		}
	})
}

func TestTheTerminalTellsWhereNoDesktopDoes(t *testing.T) {
	n := Notice{"Call from Mum; x", "+44"}
	for _, tt := range []struct{ mode, environ, want string }{
		{"off", "TERM_PROGRAM=iTerm.app", ""},
		{"bell", "TERM_PROGRAM=iTerm.app", "\a"},
		{"auto", "TERM=xterm-256color", "\a"},
		{"auto", "TERM_PROGRAM=iTerm.app", "\x1b]9;Call from Mum; x +44\a\a"},
		{"auto", "TERM_PROGRAM=WezTerm", "\x1b]777;notify;Call from Mum, x;+44\x1b\\\a"},
		{"auto", "TERM=foot", "\x1b]777;notify;Call from Mum, x;+44\x1b\\\a"},
	} {
		if got := alertFor(tt.mode, []string{tt.environ}).raise("c1", n); got != tt.want {
			t.Errorf("%s with %s: %q, want %q", tt.mode, tt.environ, got, tt.want)
		}
	}
}

func TestATerminalThatKnowsOSC99AnswersByIt(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.send(uv.UnknownOscEvent("\x1b]99;i=tring:p=?;a=report:o=always\x1b\\"))
		if s.root.alert != alertOSC99 {
			t.Fatalf("alert %v", s.root.alert)
		}
		s.phone.offer(bruno)
		s.settle()
		s.send(uv.UnknownOscEvent("\x1b]99;i=tring-c1;1\x1b\\"))
		s.settle()
		s.asked("answer c1")
	})
}

func TestResizingNeverFails(t *testing.T) {
	for _, sc := range scenes {
		play(t, 80, 24, sc.change, func(s *stage) {
			sc.play(s)
			for _, w := range []int{0, 1, 2, 5, 19, 39, 40, 41, 59, 60, 79, 80, 119, 120, 250} {
				for _, h := range []int{0, 1, 2, 3, 9, 10, 11, 15, 16, 23, 24, 35, 36, 80} {
					s.send(tea.WindowSizeMsg{Width: w, Height: h})
					s.fitsIn(s.screen(), w, max(h, 1))
				}
			}
		})
	}
}

func TestAnIdleScreenIsDrawnOnceAMinute(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.wait(2 * time.Minute)
		before := s.root.pacing.generation
		s.wait(10 * time.Minute)
		if ticks := s.root.pacing.generation - before; ticks != 10 {
			t.Errorf("%d ticks in ten idle minutes", ticks)
		}
	})
}

func TestThePhoneEndingEndsTheScreen(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.root.take(phoneEnded{})
		s.run(s.root.take(phoneEnded{}))
		s.settle()
		if !s.quit {
			t.Error("the screen stayed")
		}
	})
}

func TestNoColorCountsWithAnyValue(t *testing.T) {
	for environ, want := range map[string]bool{"NO_COLOR=1": true, "NO_COLOR=yes": true, "NO_COLOR=0": true, "NO_COLOR=": false, "COLOR=1": false} {
		if NoColor([]string{environ}) != want {
			t.Errorf("%s", environ)
		}
	}
	play(t, 80, 24, func(_ *fakePhone, c *Config) { c.Environ = []string{"NO_COLOR=yes"} }, func(s *stage) {
		if view := s.root.View().Content; strings.Contains(view, "38;2;") || strings.Contains(view, "48;2;") {
			t.Error("there are colours")
		}
	})
}

func TestConfigurationMistakesAreSaid(t *testing.T) {
	for _, tt := range []struct {
		cfg  Config
		want string
	}{
		{Config{Theme: "pink"}, `theme "pink" is not known`},
		{Config{Keys: map[string][]string{"x": nil}}, `no action "x"`},
	} {
		tt.cfg.Phone = newFakePhone(time.Now)
		if _, err := New(t.Context(), tt.cfg); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v, want %q", err, tt.want)
		}
	}
}
