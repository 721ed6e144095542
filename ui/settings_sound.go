package ui

import (
	"fmt"

	"tring/phone"
)

// drawDevices lists what can be chosen, then the volumes and the test.
func (s *settings) drawDevices(a area) {
	test := a.at(a.w-38, 0, 38, a.h)
	if a.w < 100 {
		a, test = a.bottom(s.testRows(a.h))
	} else {
		a = a.at(0, 0, a.w-39, a.h)
	}
	s.drawDeviceRows(a)
	s.drawTest(test)
}

// testRows is how many of h rows the test gets: the devices come first.
func (s *settings) testRows(h int) int {
	if h >= 16 {
		return 5
	}
	if s.testing || s.test.Done {
		return min(4, h/2)
	}
	return 0
}

var roleHeads = map[phone.DeviceRole]string{phone.Microphone: "Microphone", phone.Speaker: "Speaker", phone.Ringer: "Ring on"}

func (s *settings) drawDeviceRows(a area) {
	if s.sound.err != nil {
		a.wrap(2, 1, fair, sentence("The sound system does not answer", s.sound.err))
		return
	}
	rows := s.deviceRows()
	from, to := s.rows[soundSection].window(len(rows), max(a.h-len(roleHeads), 1))
	y, head := 0, phone.DeviceRole("")
	for i := from; i < to && y < a.h; i++ {
		row := rows[i]
		if row.role != head {
			head = row.role
			a.put(1, y, title, roleHeads[head])
			s.drawRoleLevel(a, y, head)
			y++
		}
		look := s.mark(a, y, i == s.rows[soundSection].at)
		mark := "( )"
		if row.chosen {
			mark = "(*)"
		}
		a.fit(3, y, a.w-18, look, mark+" "+row.label)
		a.right(y, look, row.detail()+" ")
		a.press(0, y, a.w, Choose, i)
		y++
	}
}

// detail is the sound system of a device, or that it is in use.
func (r soundRow) detail() string {
	if r.inUse {
		return "in use"
	}
	return phone.CleanLine(r.api, 14)
}

// drawRoleLevel shows how loud what is open is, and the volume set.
func (s *settings) drawRoleLevel(a area, y int, r phone.DeviceRole) {
	levels, live := s.liveLevels()
	dB, peak, set := levels.Mic, levels.MicPeak, s.gain
	switch r {
	case phone.Speaker:
		dB, peak, set = levels.Peer, levels.PeerPeak, s.volume
	case phone.Ringer:
		return
	}
	x := a.w - 18
	if live {
		width := min(24, x-14)
		a.meter(x-width-3, y, width, dB, peak)
	}
	x = a.gauge(x, y, 10, subtle, set/gainShown) + 1
	a.put(x, y, subtle, fmt.Sprintf("%4d%%", int(set*100+0.5)))
}

// gainShown is the gain that fills the gauge; more is possible, and rare.
const gainShown = 2.0

// liveLevels are those of the test, or of the call.
func (s *settings) liveLevels() (phone.Levels, bool) {
	if s.testing {
		return s.test.Levels, true
	}
	c, ok := s.focus()
	if !ok || !c.State.Answered() {
		return phone.Levels{}, false
	}
	return s.gauges(c.ID).levels, true
}

// drawTest shows the echo test and what it found.
func (s *settings) drawTest(a area) {
	a.put(1, 0, title, "Test")
	x := 1
	for _, act := range []Action{EchoTest, PlayTone, Rescan} {
		x = a.put(x, 1, brand, s.keys.key(act)) + 1
		x = a.put(x, 1, text, actions[act].short) + 3
	}
	t := s.test
	switch {
	case t.Err != nil:
		a.wrap(1, 2, bad, sentence("The test stopped", t.Err))
	case s.testing:
		a.fit(1, 2, a.w-2, strong, phone.CleanLine(t.Step, 120))
		if t.Left > 0 {
			a.right(2, subtle, span(t.Left)+" ")
		}
		x := a.put(1, 3, subtle, "you ")
		x = a.meter(x, 3, min(24, a.w-16), t.Levels.Mic, t.Levels.MicPeak)
		a.put(x+1, 3, subtle, decibels(t.Levels.Mic))
	case t.Done:
		y := a.wrap(1, 2, good, phone.CleanLine(t.Verdict, 200))
		if t.Delay > 0 {
			a.put(1, y, subtle, "from speaker to microphone: "+span(t.Delay))
		}
	default:
		a.wrap(1, 2, subtle, "The test shows the level, plays a sound, listens, and says whether microphone and speaker work.")
	}
}
