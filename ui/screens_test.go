package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
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
		s.press("i")
		s.asked("test ring")
	})
}

func TestATonePlaysOnTheSpeakerInFront(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.press("o", "p") // a microphone is in front: the speaker of calls plays
		s.asked("test speaker")
		s.shows("Three notes were played on Jabra Evolve 65.")
		s.press("down", "down", "down", "down", "down", "p")
		s.asked("test speaker Built-in speakers")
		s.phone.refuse["test speaker"] = errors.New("the device is gone")
		s.press("p")
		s.shows("Could not play on Built-in speakers: the device is gone.")
	})
}

func TestMicrophonesAreOpenOnlyWhileTheirLevelsAreShown(t *testing.T) {
	play(t, 80, 24, hearing, func(s *stage) {
		open := func(want int, when string) {
			t.Helper()
			s.settle()
			if got := s.phone.open(); got != want {
				t.Errorf("%d microphones are open %s, want %d", got, when, want)
			}
		}
		s.press("s", "right")
		open(0, "beside the devices")
		s.press("left", "down")
		open(1, "where the devices are shown")
		s.wait(time.Second)
		s.shows("( ) Jabra Evolve 65               ━━━━━━─┃", "cannot open")
		s.press("right", "down")
		open(1, "among the devices")
		id := s.phone.offer(bruno)
		s.settle()
		open(0, "while a call rings")
		s.phone.end(id, phone.Cancelled)
		s.settle()
		open(1, "after the call")
		s.press("esc")
		open(0, "at home")
	})
}

func TestAMicrophoneThatOpensTooLateIsClosed(t *testing.T) {
	play(t, 80, 24, hearing, func(s *stage) {
		s.run(s.root.listen("Jabra Evolve 65"))
		synctest.Wait()
		s.root.ears = ears{}
		s.settle()
		if n := s.phone.open(); n != 0 {
			t.Errorf("%d microphones are open though nobody wants them", n)
		}
	})
}

func TestTheResultOfAnEchoTestOutlivesTheRun(t *testing.T) {
	var found EchoResult
	play(t, 80, 24, echoPhone(2), func(s *stage) {
		s.press("o", "e")
		found = *s.root.pages.settings.tested
	})
	if found.Delay != 62*time.Millisecond || found.Input != "Jabra Evolve 65" {
		t.Fatalf("found %v", found)
	}
	again := func(_ *fakePhone, c *Config) { c.LastTest = func() (EchoResult, bool) { return found, true } }
	play(t, 80, 24, again, func(s *stage) {
		s.press("o")
		s.shows("Last test, today 12:41: Microphone and speaker work", "with these devices")
	})
}

func TestSettingsApplyAtOnce(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.press("s", "down", "down", "right", "enter")
		s.asked("presence busy")
		s.shows("You are                   busy", "BUSY")
		s.press("enter", "enter")
		s.asked("presence away", "presence dnd")
		s.shows("not to be disturbed", "DND")
		s.press("D")
		s.asked("presence available")
		s.press("down", "enter")
		s.shows("Push to talk with space   on")
		s.press("left", "down", "right", "down", "down", "enter")
		if s.root.theme.name != "light" {
			t.Errorf("the theme is %s", s.root.theme.name)
		}
	})
}

func TestALongTraceSaysWhereTheRestIs(t *testing.T) {
	long := func(f *fakePhone, _ *Config) {
		e := &f.entries[0]
		e.Action, e.Rule, e.Queue, e.Me, e.Decided = phone.ActionQueue, "office", "sales", phone.BusyNow, 0.42
		for i := range 40 {
			e.Trace = append(e.Trace, fmt.Sprintf("step %d", i))
		}
	}
	play(t, 80, 24, long, func(s *stage) {
		s.press("l")
		s.shows("queue: sales", "you were: busy", "queue by office, in 0.4 ms", "step 0", "more steps: tring why c9")
	})
}

func TestWhatHappensToTheDevicesIsKeptWithTheCall(t *testing.T) {
	play(t, 120, 40, nil, func(s *stage) {
		s.talking()
		s.phone.tell(phone.Event{Kind: phone.EventNotice, What: "The headset is gone; the built-in microphone takes its place."})
		s.settle()
		s.wait(10 * time.Second) // the notice has gone
		if n := strings.Count(s.screen(), "The headset is gone;"); n != 1 {
			t.Errorf("it stands there %d times:\n%s", n, s.screen())
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

func TestALineThatStoppedIsStartedInTheSettings(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		become := func(status phone.LineStatus) {
			l := s.phone.lines[0]
			l.Status = status
			s.phone.tell(phone.Event{Kind: phone.EventLine, Line: "personal", Info: &l})
			s.settle()
		}
		become(phone.LineReplaced)
		s.shows("opened elsewhere", "settings > lines starts it again")
		s.press("s", "right")
		s.shows("L start")
		s.press("L")
		s.asked("start personal")
		become(phone.LineBanned)
		s.press("L")
		s.shows("can prolong it")
		s.press("n")
		if n := strings.Count(strings.Join(s.phone.wishes(), "\n"), "start personal"); n != 1 {
			t.Errorf("it was started %d times, want once", n)
		}
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

func TestTheScreenShowsWhatTheEchoCancellerMeasured(t *testing.T) {
	measured := func(f *fakePhone, _ *Config) { f.levels.Echo = "echo lowered by 32 dB" }
	play(t, 120, 40, measured, func(s *stage) {
		s.talking()
		s.wait(time.Second)
		s.shows("echo lowered by 32 dB")
		s.press("g")
		s.shows("echo lowered by 32 dB")
	})
}
