package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

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

func TestOneKeyAnswers(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.phone.offer(bruno)
		s.wait(time.Second)
		s.shows("INCOMING CALL", "Bruno Costa", "Brazil", "note: invoice 4411")
		s.press("a")
		s.asked("answer c1")
		s.phone.media("c1")
		s.wait(time.Second)
		s.shows("IN CALL", "MIC ON")
		s.hides("INCOMING CALL")
	})
}

func TestKeysBeingTypedDoNotAnswer(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.press("/")
		s.write("an")
		s.phone.offer(bruno)
		s.settle()
		s.write("a")
		s.wait(600 * time.Millisecond)
		s.write("d")
		s.wait(600 * time.Millisecond)
		s.press("enter", "m")
		s.neverAsked("answer")
		s.neverAsked("reject")
		if got := s.root.pages.home.search.value(); got != "anadm" {
			t.Errorf("what was typed went to %q", got)
		}
		s.wait(701 * time.Millisecond)
		s.press("a")
		s.asked("answer c1")
	})
}

func TestAltKeysAnswerWhileTyping(t *testing.T) {
	for _, key := range []string{"alt+a", "f2"} {
		t.Run(key, func(t *testing.T) {
			play(t, 80, 24, nil, func(s *stage) {
				s.press("/")
				s.phone.offer(bruno)
				s.settle()
				s.press("x", key)
				s.asked("answer c1")
			})
		})
	}
}

func TestASecondPressAfterAnsweringDoesNotHangUp(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.phone.offer(bruno)
		s.wait(time.Second)
		s.press("a", "e", "alt+e")
		s.neverAsked("hang up")
		s.wait(800 * time.Millisecond)
		s.press("e")
		s.asked("hang up c1")
	})
}

func TestDecliningWithAMessage(t *testing.T) {
	for _, tt := range []struct {
		keys []string
		text string
		want string
	}{
		{[]string{"t", "2"}, "", "reject c1 In a meeting, please write."},
		{[]string{"t", "4"}, "on a train", "reject c1 on a train"},
	} {
		t.Run(strings.Join(tt.keys, " "), func(t *testing.T) {
			play(t, 80, 24, nil, func(s *stage) {
				s.phone.offer(bruno)
				s.wait(time.Second)
				s.press(tt.keys...)
				if tt.text != "" {
					s.write(tt.text)
					s.press("enter")
				}
				s.asked(tt.want)
				s.hides("INCOMING CALL")
			})
		})
	}
}

func TestAMessageThatWasNotSentIsSaid(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.phone.refuse["reject"] = errors.New("declined, but the message could not be sent")
		s.phone.offer(bruno)
		s.wait(time.Second)
		s.press("d")
		s.shows("Could not decline: declined, but the message could not be sent.")
	})
}

func TestSilencingKeepsTheCallInSight(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.phone.offer(sam)
		s.wait(time.Second)
		s.press("i")
		s.asked("silence c1")
		s.hides("INCOMING CALL")
		s.shows("Sam (work) is calling, silenced here.", "alt+a answer")
		s.press("alt+a")
		s.asked("answer c1")
	})
}

func TestTheDialogGoesWhenTheCallerGivesUp(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.phone.offer(bruno)
		s.wait(time.Second)
		s.press("t")
		s.phone.end("c1", phone.Cancelled)
		s.settle()
		s.hides("INCOMING CALL")
		s.shows("The caller hung up before it was answered.")
	})
}

func TestTwoRingingCallsAreShownOneAfterTheOther(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.phone.offer(bruno)
		s.phone.offer(sam)
		s.wait(time.Second)
		s.shows("2 calls ring", "Bruno")
		s.press("tab")
		s.shows("Germany")
		s.press("d")
		s.asked("reject c2")
		s.shows("Brazil")
	})
}

func TestCallWaitingOffersBothWays(t *testing.T) {
	for key, want := range map[string]string{"a": "end and answer c2", "w": "answer c2", "d": "reject c2", "i": "silence c2", "e": "hang up c1", "m": "mute c1 true"} {
		t.Run(key, func(t *testing.T) {
			play(t, 80, 24, nil, func(s *stage) {
				s.talking()
				s.phone.offer(bruno)
				s.wait(time.Second)
				s.shows("SECOND CALL", "end Mum, answer", "hold Mum, answer")
				s.press(key)
				s.asked(want)
			})
		})
	}
}

func TestTabSwapsTwoCalls(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.talking()
		s.phone.offer(bruno)
		s.wait(time.Second)
		s.press("w")
		s.phone.media("c2")
		s.wait(time.Second)
		s.shows("Bruno Costa", "Mum on hold")
		s.press("tab")
		s.asked("swap")
		s.shows("IN CALL   Mum", "Bruno Costa on hold")
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

func TestQuitAsksDuringACall(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.talking()
		s.press("q")
		s.shows("Quit tring?")
		s.press("n")
		s.hides("Quit tring?")
		if s.quit {
			t.Fatal("no meant yes")
		}
		s.press("q", "y")
		s.asked("hang up c1")
		if !s.quit {
			t.Error("yes did not quit")
		}
	})
}

func TestCtrlCLeavesAtOnceWithoutACallAndTwiceInOne(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.talking()
		s.press("ctrl+c")
		s.shows("Press ctrl+c again")
		s.wait(3 * time.Second)
		s.press("ctrl+c")
		if s.quit {
			t.Fatal("two presses that lie apart quit")
		}
		s.press("ctrl+c")
		if !s.quit {
			t.Error("the second press did not quit")
		}
	})
	play(t, 80, 24, nil, func(s *stage) {
		s.press("ctrl+c")
		if !s.quit {
			t.Error("without a call ctrl+c did not quit")
		}
	})
}

func TestSuspendingIsRefusedDuringACall(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.talking()
		s.press("ctrl+z")
		s.shows("Not during a call")
	})
}

func TestTheMachineTalksWithoutTakingTheScreen(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		id := s.phone.offer(sam)
		s.settle()
		s.phone.change(id, phone.EventState, "", func(c *phone.Call) {
			c.State, c.Answered, c.Listening = phone.Established, s.now(), true
		})
		s.wait(5 * time.Second)
		s.shows("Recents", "Sam (work) is talking to the machine")
		s.hides("INCOMING CALL")
	})
}

func TestANightCallAsksFirst(t *testing.T) {
	play(t, 80, 24, func(f *fakePhone, _ *Config) { f.entries[0].Party = hana }, func(s *stage) {
		s.wait(100 * time.Minute)
		s.press("enter")
		s.shows("It is 23:21 on Tuesday there.")
		s.neverAsked("dial")
		s.press("y")
		s.asked("dial  +819012345678")
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

func TestAltADoesWhatADoesWhileAnotherCallIsUp(t *testing.T) {
	for _, silenced := range []bool{false, true} {
		play(t, 80, 24, nil, func(s *stage) {
			s.talking()
			s.phone.offer(bruno)
			s.wait(time.Second)
			if silenced {
				s.press("i")
			}
			s.press("alt+a")
			s.asked("end and answer c2")
		})
	}
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

func TestACallThatWantsToBeNoticedRingsTheBell(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		id := s.phone.offer(bruno)
		s.phone.change(id, phone.EventChanged, "loud", func(c *phone.Call) { c.Loud = true })
		s.settle()
		before := s.bells
		s.wait(5 * time.Second)
		if rings := s.bells - before; rings < 4 || rings > 6 {
			t.Errorf("%d bells in five seconds", rings)
		}
	})
}

func TestAThemeForTheOtherKindOfTerminalBringsItsBackground(t *testing.T) {
	for _, tt := range []struct {
		theme   string
		dark    bool
		changes bool
	}{{"auto", true, false}, {"auto", false, false}, {"light", true, true}, {"dark", false, true}, {"dark", true, false}, {"mono", false, false}} {
		play(t, 80, 24, func(_ *fakePhone, c *Config) { c.Theme = tt.theme }, func(s *stage) {
			s.root.dark = tt.dark
			s.root.paint()
			if changes := s.root.View().BackgroundColor != nil; changes != tt.changes {
				t.Errorf("%s on dark=%v changes the background: %v", tt.theme, tt.dark, changes)
			}
		})
	}
}
