package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// playTone plays the test tone on the speaker in front; where a microphone is,
// on the one that calls use.
func (s *settings) playTone() tea.Cmd {
	name, label := s.sound.choice.Output, s.sound.deviceName(s.sound.choice.Output, false)
	rows, at := s.deviceRows(), s.rows[soundSection].at
	if at < len(rows) && rows[at].role != phone.Microphone {
		name, label = rows[at].name, s.sound.deviceName(rows[at].name, false)
		if rows[at].role == phone.Ringer && name == "" {
			name, label = s.sound.choice.Output, s.sound.deviceName(s.sound.choice.Output, false)
		}
	}
	s.tell("Three notes play on " + label + ".")
	play := s.phone.TestSpeaker
	return func() tea.Msg {
		if err := play(s.ctx, name); err != nil {
			return failed{"play on " + label, err}
		}
		return told{"Three notes were played on " + label + "."}
	}
}

// drawDevices lists what can be chosen, then the volumes and the test.
func (s *settings) drawDevices(a area) {
	test := a.at(a.w-39, 0, 39, a.h)
	if a.w < 100 {
		a, test = a.bottom(s.testRows(a.h))
	} else {
		a = a.at(0, 0, a.w-40, a.h)
	}
	s.drawDeviceRows(a)
	s.drawTest(test)
}

// testRows is how many of h rows the test gets: the devices come first.
func (s *settings) testRows(h int) int {
	switch {
	case h >= 18:
		return 6
	case s.testing || s.test.Done:
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
	air := a.h >= len(rows)+2*len(roleHeads)
	y, head := 0, phone.DeviceRole("")
	for i := from; i < to && y < a.h; i++ {
		row := rows[i]
		if row.role != head && y+1 < a.h {
			if head != "" && air {
				y++
			}
			head = row.role
			a.put(1, y, title, roleHeads[head])
			s.drawVolume(a, y, head)
			y++
		}
		s.drawDevice(a.at(0, y, a.w, 1), i, row)
		y++
	}
}

// The cells of a microphone's level, where there is room and where not.
const (
	deviceMeter = 12
	smallMeter  = 8
)

// drawDevice is one row: chosen or not, its name, how loud it is.
func (s *settings) drawDevice(a area, i int, row soundRow) {
	look := s.mark(a, 0, i == s.rows[soundSection].at)
	mark := "( )"
	if row.chosen {
		mark = "(*)"
	}
	a.press(0, 0, a.w, Choose, i)
	if a.w < 50 {
		s.drawNarrowDevice(a, look, mark, row)
		return
	}
	end := a.right(0, look, row.detail()+" ")
	if row.role == phone.Microphone {
		end = min(end, a.w-12) - deviceMeter - 1
		s.drawHeard(a, end, deviceMeter, look, row)
	}
	a.fit(3, 0, end-4, look, mark+" "+row.label)
}

func (s *settings) drawNarrowDevice(a area, look role, mark string, row soundRow) {
	end := a.w
	if row.role == phone.Microphone {
		end -= smallMeter + 1
		s.drawHeard(a, end, smallMeter, look, row)
	}
	a.fit(3, 0, end-4, look, mark+" "+row.label)
}

// drawHeard shows how loud a microphone is.
func (s *settings) drawHeard(a area, x, width int, look role, row soundRow) {
	levels, live := s.heardBy(row)
	if live {
		a.meter(x, 0, width, levels.Mic, levels.MicPeak)
		return
	}
	if e, known := s.earOf(row); known && e.err != nil {
		a.fit(x, 0, width, look, map[bool]string{true: "no sound", false: "cannot open"}[width == smallMeter])
	}
}

// heardBy is how loud a microphone is: in a call or a test only the one in use
// is heard.
func (s *settings) heardBy(row soundRow) (phone.Levels, bool) {
	if levels, live := s.liveLevels(); live {
		return levels, row.chosen
	}
	e, ok := s.earOf(row)
	if !ok || e.levels == nil {
		return phone.Levels{}, false
	}
	return e.heard, true
}

// detail is the sound system of a device, or that it is in use.
func (r soundRow) detail() string {
	if r.inUse {
		return "in use"
	}
	return phone.CleanLine(r.api, 14)
}

// drawVolume shows the gain of the microphone or the volume of the speaker.
func (s *settings) drawVolume(a area, y int, r phone.DeviceRole) {
	set, keys := s.gain, s.keys.key(GainDown)+" "+s.keys.key(GainUp)
	switch r {
	case phone.Speaker:
		set, keys = s.volume, s.keys.key(VolumeDown)+" "+s.keys.key(VolumeUp)
	case phone.Ringer:
		return
	}
	x := a.w - 17
	if a.w >= 50 {
		a.put(x-cells(keys)-2, y, brand, keys)
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
