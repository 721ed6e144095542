package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tring/phone"
)

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
