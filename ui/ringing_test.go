package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tring/phone"
)

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

func TestKeysWorkAtOnceWhenTheRingingIsOver(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.phone.offer(bruno)
		s.settle()
		s.press("x")
		s.phone.end("c1", phone.Cancelled)
		s.settle()
		s.press("s")
		s.shows("settings")
	})
}

func TestANoteBeingWrittenIsFinishedWhileItRings(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.talking()
		s.press("n")
		s.write("ask ab")
		s.phone.offer(bruno)
		s.settle()
		s.write("out it")
		s.wait(time.Second)
		s.press("i", "enter")
		s.asked("silence c2", "note c1 ask about it")
	})
}
