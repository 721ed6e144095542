package ui

import (
	"strings"

	"tring/phone"
)

// drawTest shows what can be tried, the echo test, and what it found last.
func (s *settings) drawTest(a area) {
	if a.h >= 5 {
		a.put(1, 0, title, "Test")
		s.drawTestKeys(a.at(0, 1, a.w, 1))
		a = a.at(0, 2, a.w, a.h-2)
		if a.h > 6 {
			a = a.at(0, 1, a.w, a.h-1)
		}
	}
	t := s.test
	switch {
	case a.h < 1:
	case t.Err != nil:
		a.wrap(1, 0, bad, sentence("The test stopped", t.Err))
	case s.testing:
		s.drawTesting(a, t)
	case t.Done:
		s.drawTested(a, t.Verdict, t)
	default:
		s.drawLastTest(a)
	}
}

func (s *settings) drawTestKeys(a area) {
	x := 1
	for _, act := range []Action{EchoTest, PlayTone, TestRing, Rescan} {
		words := actions[act].short
		a.press(x, 0, cells(words)+2, act, -1)
		x = a.put(x, 0, brand, s.keys.key(act)) + 1
		x = a.put(x, 0, text, words) + 2
	}
}

// drawTesting shows the step, what is left of the time, and the level.
func (s *settings) drawTesting(a area, t phone.EchoTest) {
	left := ""
	if t.Left > 0 {
		left = span(t.Left)
	}
	a.fit(1, 0, a.w-cells(left)-3, strong, phone.CleanLine(t.Step, 120))
	a.right(0, subtle, left+" ")
	if a.h < 2 {
		return
	}
	x := a.put(1, 1, subtle, "you ")
	x = a.meter(x, 1, min(24, a.w-x-9), t.Levels.Mic, t.Levels.MicPeak)
	a.put(x+1, 1, subtle, decibels(t.Levels.Mic))
}

func (s *settings) drawTested(a area, verdict string, t phone.EchoTest) {
	y := a.wrap(1, 0, good, phone.CleanLine(verdict, 200))
	if t.Delay > 0 && y < a.h {
		a.fit(1, y, a.w-2, subtle, "speaker to microphone: "+span(t.Delay))
	}
}

// drawLastTest is what the test of an earlier time found, or what it does.
func (s *settings) drawLastTest(a area) {
	if s.tested == nil {
		a.wrap(1, 0, subtle, "The echo test shows the level, plays a sound, listens, and says whether microphone and speaker work.")
		return
	}
	at := s.tested.At.In(s.now.Location())
	y := a.wrap(1, 0, text, "Last test, "+strings.ToLower(dayName(s.now, at))+" "+at.Format("15:04")+": "+phone.CleanLine(s.tested.Verdict, 200))
	if y < a.h {
		a.fit(1, y, a.w-2, subtle, s.lastDevices())
	}
}

// lastDevices are the devices of that test, if they are not those of now.
func (s *settings) lastDevices() string {
	input, output := s.sound.deviceName(s.sound.choice.Input, true), s.sound.deviceName(s.sound.choice.Output, false)
	if s.tested.Input == input && s.tested.Output == output {
		return "with these devices"
	}
	return "with " + phone.CleanLine(s.tested.Input, 60) + " and " + phone.CleanLine(s.tested.Output, 60)
}
