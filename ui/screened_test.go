package ui

import (
	"strings"
	"testing"
	"time"

	"tring/phone"
)

// asksFirst has the machine answer a call and ask what it is about.
func (s *stage) asksFirst(p phone.Party) string {
	id := s.phone.offer(p)
	s.phone.change(id, phone.EventState, "", func(c *phone.Call) {
		c.Action, c.Listening, c.Silenced, c.State, c.Answered = phone.ActionScreen, true, true, phone.Established, s.now()
	})
	s.settle()
	return id
}

// saidIt is when the caller has spoken and a person decides.
func (s *stage) saidIt(id string) {
	s.phone.change(id, phone.EventChanged, "screened", func(c *phone.Call) {
		c.Recording, c.Deadline = "~/recordings/x.ogg", s.now().Add(30*time.Second)
	})
	s.settle()
	s.wait(time.Second)
}

func TestAScreenedCallIsHeardAndTaken(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		id := s.asksFirst(bruno)
		s.shows("Bruno Costa is talking to the machine", "alt+a takes the call")
		s.hides("SCREENED CALL")
		s.bells = 0
		s.saidIt(id)
		s.shows("SCREENED CALL", "29 s left", "a take it", "d end it", "p hear what they said")
		if s.bells == 0 {
			t.Error("no bell: nobody would look")
		}
		s.press("p")
		s.asked("play recording " + id)
		s.wait(2 * time.Second)
		s.shows("stop 00:02 of 00:20")
		s.press("a")
		s.asked("answer " + id)
		s.shows("IN CALL", "MIC ON")
		s.hides("SCREENED CALL")
	})
}

func TestAScreenedCallIsNotTaken(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		id := s.asksFirst(bruno)
		s.saidIt(id)
		s.press("d")
		s.asked("hang up " + id) // it was answered: there is nothing to reject any more
		s.neverAsked("reject")
		s.hides("SCREENED CALL")
	})
}

func TestAMachinesCallIsTakenOrEndedBeforeItHasAsked(t *testing.T) {
	for key, wish := range map[string]string{"alt+a": "answer c1", "alt+d": "hang up c1"} {
		play(t, 80, 24, nil, func(s *stage) {
			s.asksFirst(bruno)
			s.press(key)
			s.asked(wish)
		})
	}
}

func TestKeysBeingTypedDoNotTakeAScreenedCall(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		id := s.asksFirst(bruno)
		s.press("/")
		s.phone.change(id, phone.EventChanged, "screened", func(c *phone.Call) { c.Deadline = s.now().Add(30 * time.Second) })
		s.settle()
		s.write("ad")
		s.neverAsked("answer")
		s.neverAsked("hang up")
		if got := s.root.pages.home.search.value(); got != "ad" {
			t.Errorf("what was typed went to %q", got)
		}
	})
}

func TestTheDesktopTellsOfAScreenedCall(t *testing.T) {
	b := &bell{}
	play(t, 80, 24, func(_ *fakePhone, c *Config) { c.Notify = b }, func(s *stage) {
		s.bells = 0
		s.saidIt(s.asksFirst(bruno))
		if len(b.shown) != 1 || !strings.Contains(b.shown[0].Title, "waits") || s.bells != 1 {
			t.Errorf("%+v, %d bells", b.shown, s.bells)
		}
	})
}
