package phone_test

import (
	"errors"
	"testing"
	"time"

	"tring/phone"
)

// stopFor has our line end in a status, and gives the phone time to notice.
func (s *story) stopFor(status phone.LineStatus, banEnds time.Time) {
	s.ours.SetInfo(func(i *phone.LineInfo) { i.Status, i.BanEnds = status, banEnds })
	s.ours.Fail()
	s.pass(step)
}

func (s *story) lineIs(want phone.LineStatus, when string) {
	s.t.Helper()
	if got := s.Lines()[0].Status; got != want {
		s.t.Errorf("%s the line is %v, want %v", when, got, want)
	}
}

func TestALineThatTryingAgainWouldHarmWaitsForAPerson(t *testing.T) {
	for _, status := range []phone.LineStatus{phone.LineReplaced, phone.LineBanned, phone.LineOutdated} {
		tell(t, nil, func(s *story) {
			s.stopFor(status, time.Time{})
			s.pass(6 * time.Hour)
			s.lineIs(status, "six hours later")
			s.must(s.StartLine(s.ctx(), ""))
			s.lineIs(phone.LineReady, "after it was started")
			s.talk(s.far)
		})
	}
}

func TestALineThatStoppedSaysWhy(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.ours.SetStatus(phone.LineOffline, "Not running.")
		s.ours.Fail()
		s.pass(step)
		if got := s.Lines()[0].Detail; got != "the network hung up on us" {
			t.Errorf("it says %q", got)
		}
	})
	tell(t, nil, func(s *story) {
		s.ours.SetStatus(phone.LineReplaced, "Close it there, then start this line.")
		s.ours.Fail()
		s.pass(step)
		if got := s.Lines()[0].Detail; got != "Close it there, then start this line." {
			t.Errorf("a replaced line says %q", got)
		}
	})
}

func TestABannedLineRunsAgainWhenTheBanIsOver(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.stopFor(phone.LineBanned, time.Now().Add(time.Hour))
		s.pass(59 * time.Minute)
		s.lineIs(phone.LineBanned, "before the end of the ban")
		s.pass(2 * time.Minute)
		s.lineIs(phone.LineReady, "after it")
	})
}

func TestStartingALineThatRunsChangesNothing(t *testing.T) {
	tell(t, nil, func(s *story) {
		s.must(s.StartLine(s.ctx(), "home"))
		if err := s.StartLine(s.ctx(), "nowhere"); !errors.Is(err, phone.ErrNoLine) {
			t.Errorf("a line that is not there: %v", err)
		}
		s.stopFor(phone.LineReplaced, time.Time{})
		s.pass(time.Hour)
		s.lineIs(phone.LineReplaced, "an hour later")
	})
	tell(t, nil, func(s *story) {
		s.ours.SetStatus(phone.LineLoggedOut, "")
		s.pass(step)
		if err := s.StartLine(s.ctx(), ""); !errors.Is(err, phone.ErrNotLinked) {
			t.Errorf("a line that is not linked: %v", err)
		}
	})
}
