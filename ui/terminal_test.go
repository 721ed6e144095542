package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

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

func TestBeingStoppedDuringACallIsSaid(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.talking()
		time.Sleep(125 * time.Second) // nothing is delivered meanwhile, as when the process is stopped
		s.settle()
		s.shows("This computer was stopped for 2 min")
	})
}

func TestAFreshSnapshotReplacesWhatWasKnown(t *testing.T) {
	play(t, 80, 24, nil, func(s *stage) {
		s.talking()
		s.phone.snapshot()
		s.settle()
		s.hides("IN CALL")
		if len(s.root.calls) != 0 || len(s.root.lines) != 1 {
			t.Errorf("%d calls, %d lines", len(s.root.calls), len(s.root.lines))
		}
	})
}

func TestConfiguredVolumesAreSetAtTheStart(t *testing.T) {
	play(t, 80, 24, func(_ *fakePhone, c *Config) { c.Volume = 0.7 }, func(s *stage) {
		s.asked("gain 1.0 0.7")
		s.press("o")
		s.shows(" 70%")
	})
}
