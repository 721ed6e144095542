package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"tring/phone"
)

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
	n := Notice{Title: "Call from Mum; x", Body: "+44"}
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

func TestACallThatMustBeNoticedIsUrgentAndRingsTheBell(t *testing.T) {
	for _, loud := range []bool{false, true} {
		t.Run(fmt.Sprintf("loud %v", loud), func(t *testing.T) {
			b := &bell{}
			play(t, 80, 24, func(_ *fakePhone, c *Config) { c.Notify = b }, func(s *stage) {
				s.bells = 0
				s.press("D") // only what must be noticed gets through
				id := s.phone.offer(bruno)
				s.phone.change(id, phone.EventChanged, "loud", func(c *phone.Call) { c.Loud, c.Silenced = loud, !loud })
				s.settle()
				s.wait(5 * time.Second)
				if loud != (s.bells >= 4) || loud != (len(b.shown) == 1 && b.shown[0].Urgent) {
					t.Errorf("%d bells, notifications %+v", s.bells, b.shown)
				}
				if loud {
					s.shows("URGENT CALL")
				}
			})
		})
	}
}

func TestAnUrgentCallIsUrgentInTheTerminalToo(t *testing.T) {
	for urgent, want := range map[bool]string{false: ":u=1:", true: ":u=2:"} {
		if got := alertOSC99.raise("c1", Notice{Title: "x", Urgent: urgent}); !strings.Contains(got, want) {
			t.Errorf("urgent %v: %q", urgent, got)
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
