package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// section is one part of the settings.
type section int

const (
	linesSection section = iota
	soundSection
	callsSection
	lookSection
	keysSection
	rulesSection
	sectionCount
)

var sectionNames = [sectionCount]string{"Lines", "Sound", "Calls", "Look", "Keys", "Rules"}

// settings changes what can be changed while the program runs. Everything
// applies at once and lasts until the program ends, for the configuration file
// is the person's own and is never written; only rules stay as they are switched.
type settings struct {
	plainScreen
	*desk
	section section
	inside  bool // the rows have the keys, not the sections
	rows    [sectionCount]list
	test    phone.EchoTest
	testing bool
	tested  *EchoResult // what the last test found, of this run or an earlier one
}

func newSettings(d *desk) *settings { return &settings{desk: d} }

// at is the settings with a section in front.
func (s *settings) at(sec section) *settings {
	s.section, s.inside = sec, true
	return s
}

func (s *settings) Name() string { return "settings" }

func (s *settings) Enter() tea.Cmd { return tea.Batch(s.readDevices(), s.readLastTest()) }

func (s *settings) Actions() []Action {
	offered := []Action{Next, Choose, Up, Down, Back}
	if !s.inside {
		return append(offered, More)
	}
	offered = append(offered, Less, PageUp, PageDown)
	switch s.section {
	case linesSection:
		offered = append(offered, LinkLine, UnlinkLine)
	case soundSection:
		offered = append(offered, EchoTest, PlayTone, TestRing, Rescan, VolumeDown, VolumeUp, GainDown, GainUp)
	}
	return offered
}

func (s *settings) Do(a Action, row int) tea.Cmd {
	switch a {
	case Next:
		s.inside = !s.inside
	case More:
		s.inside = true
	case Less:
		s.inside = false
	case Back:
		return s.goBack()
	case Up, Down, PageUp, PageDown:
		s.move(a)
	case Choose:
		return s.choose(row)
	case LinkLine, UnlinkLine:
		return s.doLine(a)
	default:
		return s.doSound(a)
	}
	return nil
}

// goBack leaves the rows, then the page; a call in progress comes back.
func (s *settings) goBack() tea.Cmd {
	if s.busy() {
		return s.show(s.pages.talk)
	}
	return s.goHome()
}

func (s *settings) move(a Action) {
	if s.inside {
		s.rows[s.section].move(a, s.count())
		return
	}
	at := list{at: int(s.section)}
	at.move(a, int(sectionCount))
	s.section = section(at.at)
}

// count is how many rows the section has.
func (s *settings) count() int {
	switch s.section {
	case linesSection:
		return len(s.lines)
	case soundSection:
		return len(s.deviceRows())
	case callsSection:
		return len(callRows)
	case lookSection:
		return len(lookRows)
	case rulesSection:
		return len(s.rulesInForce())
	}
	return int(actionCount) - 1
}

// choose applies the row in front.
func (s *settings) choose(row int) tea.Cmd {
	if !s.inside {
		s.inside = true
		return nil
	}
	at := s.rows[s.section].at
	if row >= 0 {
		at = row
	}
	switch s.section {
	case linesSection:
		return s.doLine(LinkLine)
	case soundSection:
		return s.chooseDevice(at)
	case callsSection:
		return callRows[at].toggle(s)
	case lookSection:
		return s.chooseLook(lookRows[at].name)
	case rulesSection:
		return s.switchRule(at)
	}
	return nil
}

// doLine links, starts or unlinks the line in front.
func (s *settings) doLine(a Action) tea.Cmd {
	at := s.rows[linesSection].at
	if at >= len(s.lines) {
		return nil
	}
	l := s.lines[at]
	start := func() tea.Cmd {
		return s.ask("start the line", func(ctx context.Context) error { return s.phone.StartLine(ctx, l.Name) })
	}
	switch {
	case a == LinkLine && l.Status == phone.LineReady:
		s.tell("This line is linked already.")
		return nil
	case a == LinkLine && l.Status == phone.LineBanned:
		return s.open(newConfirm(s.desk, "Start "+l.Name+" all the same?", "Trying again before the ban is over can prolong it.", "start", start))
	case a == LinkLine && stopped(l):
		return start()
	case a == LinkLine:
		s.pages.linking.lineName, s.pages.linking.started = l.Name, false
		return s.show(s.pages.linking)
	}
	return s.open(newConfirm(s.desk, "Unlink "+l.Name+"?", "Calls no longer arrive here; linking again needs the phone.", "unlink", func() tea.Cmd {
		return s.ask("unlink", func(ctx context.Context) error { return s.phone.Unlink(ctx, l.Name) })
	}))
}

// stopped reports whether a line is linked but does not run: a person may start
// it again.
func stopped(l phone.LineInfo) bool {
	switch l.Status {
	case phone.LineOffline, phone.LineReplaced, phone.LineBanned, phone.LineOutdated:
		return true
	}
	return false
}

func (s *settings) doSound(a Action) tea.Cmd {
	switch a {
	case EchoTest:
		return s.startTest()
	case PlayTone:
		return s.playTone()
	case TestRing:
		return s.ask("ring", s.phone.TestRing)
	case Rescan:
		return s.readDevices()
	case VolumeDown:
		return s.turn(0, -1)
	case VolumeUp:
		return s.turn(0, 1)
	case GainDown:
		return s.turn(-1, 0)
	case GainUp:
		return s.turn(1, 0)
	}
	return nil
}

func (s *settings) chooseDevice(at int) tea.Cmd {
	rows := s.deviceRows()
	if at >= len(rows) {
		return nil
	}
	row := rows[at]
	return tea.Sequence(s.ask("use that device", func(ctx context.Context) error {
		return s.phone.SelectDevice(ctx, row.role, row.name)
	}), s.readDevices())
}
