package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

func TestDigitsAfterACallBeginTheNext(t *testing.T) {
	for name, lead := range map[string]func(*stage){
		"the summary of a call": func(s *stage) { s.talking(); s.press("e"); s.shows("The call ended.") },
		"the call log":          func(s *stage) { s.press("l") },
		"the settings":          func(s *stage) { s.press("s") },
	} {
		t.Run(name, func(t *testing.T) {
			play(t, 80, 24, nil, func(s *stage) {
				lead(s)
				s.write("07700900456")
				s.shows("To: 07700900456", "reads as +44 7700 900456")
				s.press("enter")
				s.asked("dial  +447700900456")
			})
		})
	}
}

func TestAPastedNumberBeginsACallFromAnywhere(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.press("l")
		s.send(tea.PasteMsg{Content: "+44 7700 900456"})
		s.settle()
		s.shows("To: +44 7700 900456")
	})
}

func TestACallIsPlacedTalkedAndEnded(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.press("down", "down", "enter")
		s.asked("dial  +447700900456")
		s.shows("CALLING", "calling …")
		s.phone.ring("c1")
		s.settle()
		s.shows("RINGING")
		s.phone.accept("c1")
		s.settle()
		s.shows("CONNECTING", "answered, no sound yet")
		s.phone.media("c1")
		s.wait(3 * time.Second)
		s.shows("IN CALL", "00:03", "MIC ON", "GOOD")
		s.press("e")
		s.asked("hang up c1")
		s.shows("The call ended.", "quality good")
		s.wait(11 * time.Second)
		s.shows("Recents")
		s.hides("The call ended.")
	})
}

func TestDigitsDialFromAnywhereInTheLists(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.write("07700 900456")
		s.shows("reads as +44 7700 900456", "Mum")
		s.press("enter")
		s.asked("dial  +447700900456")
	})
}

func TestTheDialBoxIsEmptyAgainAfterTheCall(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.write("07700 900456")
		s.press("enter")
		s.asked("dial  +447700900456")
		s.shows("CALLING")
		s.press("e")
		s.shows("The call ended.")
		s.press("esc")
		s.hides("07700 900456")
		s.write("+44 20 7946 0958")
		s.shows("reads as +44 20 7946 0958")
	})
}

func TestANumberThatMustNotBeCalledIsRefusedInWords(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.write("999")
		s.press("enter")
		s.neverAsked("dial")
		s.shows("Emergency numbers cannot be called")
	})
}

func TestTabGoesThroughTheMatchesAndEnterCallsThem(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.write("98")
		s.press("tab", "enter")
		s.asked("dial  +919876543210")
	})
}

func TestPastingANumberDialsIt(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.send(tea.PasteMsg{Content: "tel:+44 7700 900456"})
		s.settle()
		s.press("enter")
		s.asked("dial  +447700900456")
	})
}

func TestSearchingFindsAndCalls(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.press("/")
		s.write("brno")
		s.shows("Bruno Costa")
		s.hides("Priya")
		s.press("enter")
		s.asked("dial  +5511912345678")
	})
}

func TestMuteIsDrawnFromTheAudioThread(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.talking()
		s.phone.mu.Lock()
		s.phone.levels.Muted = true
		s.phone.mu.Unlock()
		s.wait(time.Second)
		s.shows("MUTED")
		s.hides("MIC ON")
	})
}

func TestKeysOfACall(t *testing.T) {
	for key, want := range map[string]string{
		"m": "mute c1 true", "alt+m": "mute c1 true", "h": "hold c1", "alt+h": "hold c1", "r": "record c1 true", "f8": "hang up c1",
		"]": "gain 1.0 1.1", "[": "gain 1.0 0.9", "}": "gain 1.1 1.0", "{": "gain 0.9 1.0", "5": "digits c1 5", "#": "digits c1 #",
	} {
		t.Run(key, func(t *testing.T) {
			play(t, 80, 24, nil, func(s *stage) {
				s.talking()
				s.press(key)
				s.asked(want)
			})
		})
	}
}

func TestTalkKeyUnmutesWhereReleaseIsNotReported(t *testing.T) {
	play(t, 80, 24, func(_ *fakePhone, c *Config) { c.PushToTalk = true }, func(s *stage) {
		s.talking()
		s.press("m", "space")
		s.asked("mute c1 false")
		s.send(tea.KeyReleaseMsg(keyOf("space")))
		s.settle()
		s.shows("MIC ON")
	})
}

func TestTalkKeyTalksWhileHeldWhereReleaseIsReported(t *testing.T) {
	play(t, 80, 24, func(_ *fakePhone, c *Config) { c.PushToTalk = true }, func(s *stage) {
		s.talking()
		if !s.root.View().KeyboardEnhancements.ReportEventTypes {
			t.Error("the terminal was not asked to report key release")
		}
		s.send(tea.KeyboardEnhancementsMsg{Flags: 2})
		s.press("m")
		s.wait(time.Second)
		s.press("space", "space", "space")
		s.wait(time.Second)
		s.shows("MIC ON")
		s.send(tea.KeyReleaseMsg(keyOf("space")))
		s.settle()
		s.wait(time.Second)
		s.shows("MUTED")
		if n := strings.Count(strings.Join(s.phone.wishes(), "\n"), "mute c1 false"); n != 1 {
			t.Errorf("a held key unmuted %d times", n)
		}
	})
}

func TestTheCallGoesOnBehindOtherScreens(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.talking()
		s.press("esc")
		s.shows("Recents", "IN CALL")
		s.press("alt+m")
		s.asked("mute c1 true")
		s.press("s")
		s.shows("settings", "MUTED")
		s.press("esc")
		s.shows("audio", "IN CALL")
	})
}

func TestNotesAreKept(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.talking()
		s.press("n")
		s.write("ask about Saturday")
		s.press("enter")
		s.asked("note c1 ask about Saturday")
		s.shows("note: ask about Saturday")
	})
}

func TestSomebodyAnonymousCannotBeCalledBack(t *testing.T) {
	play(t, 80, 24, func(f *fakePhone, _ *Config) { f.entries[0].Party = phone.Party{} }, func(s *stage) {
		s.press("enter")
		s.neverAsked("dial")
		s.shows("nobody to call back")
	})
}

func TestSecretsAndLIDsAreNeverShown(t *testing.T) {
	play(t, 120, 40, nil, func(s *stage) {
		s.shows("number hidden")
		s.hides(nobo.LID)
		s.phone.offer(nobo)
		s.wait(time.Second)
		s.hides(nobo.LID)
	})
}

func TestCallsThatFollowOneAnotherAreOneRow(t *testing.T) {
	again := func(f *fakePhone, _ *Config) {
		f.entries = append([]phone.LogEntry{logged(9, bruno, phone.Inbound, -10*time.Minute, 0, phone.Cancelled)}, f.entries...)
	}
	play(t, 80, 24, again, func(s *stage) {
		s.shows("12:31      x2")
		if n := strings.Count(s.screen(), "Bruno Costa"); n != 2 { // the row and the person in front
			t.Errorf("Bruno stands there %d times", n)
		}
	})
}
