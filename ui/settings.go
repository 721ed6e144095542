package ui

import (
	"context"
	"fmt"

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
	sectionCount
)

var sectionNames = [sectionCount]string{"Lines", "Sound", "Calls", "Look", "Keys"}

// settings changes what can be changed while the program runs. Everything
// applies at once and lasts until the program ends; the configuration file is
// the person's own and is never written.
type settings struct {
	plainScreen
	*desk
	section section
	inside  bool // the rows have the keys, not the sections
	rows    [sectionCount]list
	test    phone.EchoTest
	testing bool
}

func newSettings(d *desk) *settings { return &settings{desk: d} }

// at is the settings with a section in front.
func (s *settings) at(sec section) *settings {
	s.section, s.inside = sec, true
	return s
}

func (s *settings) Name() string   { return "settings" }
func (s *settings) Enter() tea.Cmd { return s.readDevices() }

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
		offered = append(offered, EchoTest, PlayTone, Rescan, VolumeDown, VolumeUp, GainDown, GainUp)
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
	}
	return nil
}

// doLine links or unlinks the line in front.
func (s *settings) doLine(a Action) tea.Cmd {
	at := s.rows[linesSection].at
	if at >= len(s.lines) {
		return nil
	}
	l := s.lines[at]
	if a == LinkLine {
		if l.Status == phone.LineReady {
			s.tell("This line is linked already.")
			return nil
		}
		s.pages.linking.lineName, s.pages.linking.started = l.Name, false
		return s.show(s.pages.linking)
	}
	return s.open(newConfirm(s.desk, "Unlink "+l.Name+"?", "Calls no longer arrive here; linking again needs the phone.", "unlink", func() tea.Cmd {
		return s.ask("unlink", func(ctx context.Context) error { return s.phone.Unlink(ctx, l.Name) })
	}))
}

func (s *settings) doSound(a Action) tea.Cmd {
	switch a {
	case EchoTest:
		return s.startTest()
	case PlayTone:
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

// echoStepped brings one step of the echo test and where the rest comes from.
type echoStepped struct {
	test phone.EchoTest
	rest <-chan phone.EchoTest
	open bool
}

func (s *settings) startTest() tea.Cmd {
	if s.testing {
		return nil
	}
	s.testing = true
	return func() tea.Msg {
		steps, err := s.phone.EchoTest(s.ctx)
		if err != nil {
			return echoStepped{test: phone.EchoTest{Done: true, Err: err}}
		}
		return nextStep(steps)()
	}
}

// nextStep waits for the next step of the test, like the phone's events.
func nextStep(steps <-chan phone.EchoTest) tea.Cmd {
	return func() tea.Msg {
		test, open := <-steps
		return echoStepped{test, steps, open}
	}
}

func (s *settings) Hear(msg tea.Msg) tea.Cmd {
	step, ok := msg.(echoStepped)
	if !ok {
		return nil
	}
	if step.open || step.test.Err != nil {
		s.test = step.test
	}
	if !step.open {
		s.testing = false
		return nil
	}
	return nextStep(step.rest)
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

// callRows are the switches of calls.
var callRows = []struct {
	label  string
	value  func(*settings) string
	toggle func(*settings) tea.Cmd
}{
	{"Do not disturb", func(s *settings) string { return onOff(s.presence == phone.DND) },
		func(s *settings) tea.Cmd { return s.toggleDND() }},
	{"Push to talk with space", func(s *settings) string { return onOff(s.ptt) + s.pttHint() },
		func(s *settings) tea.Cmd { s.ptt = !s.ptt; return nil }},
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// pttHint says whether the terminal can tell when a key is released; it is
// asked when a call is up.
func (s *settings) pttHint() string {
	switch {
	case !s.ptt:
		return ""
	case s.releases:
		return ", this terminal reports key release"
	}
	return ", switches on and off until the terminal reports key release"
}

var lookRows = []struct{ name, words string }{
	{"auto", "what the terminal's background asks for"},
	{"dark", "light text on dark"},
	{"light", "dark text on light"},
	{"mono", "no colours, bold and reverse only"},
}

// chooseLook changes the theme; the root paints with it from the next drawing.
func (s *settings) chooseLook(name string) tea.Cmd {
	s.look = name
	return func() tea.Msg { return lookChosen{} }
}

// lookChosen tells the root to take another palette.
type lookChosen struct{}

func (s *settings) Draw(a area) {
	if a.w < fullW-2 || a.h < 18 {
		s.drawSection(a.frame(sectionNames[s.section], line, title))
		return
	}
	names, panel := a.left(16)
	box := names.frame("settings", frameRole(!s.inside), titleRole(!s.inside))
	for sec := range sectionCount {
		look := text
		if sec == s.section {
			look = chosen
			box.at(0, 1+int(sec), box.w, 1).fill(chosen)
		}
		box.put(2, 1+int(sec), look, sectionNames[sec])
	}
	s.drawSection(panel.frame(sectionNames[s.section], frameRole(s.inside), titleRole(s.inside)))
}

func (s *settings) drawSection(a area) {
	switch s.section {
	case linesSection:
		s.drawLines(a)
	case soundSection:
		s.drawDevices(a)
	case callsSection:
		s.drawCalls(a)
	case lookSection:
		s.drawLook(a)
	case keysSection:
		s.drawKeys(a)
	}
}

// mark draws the marker of the row in front and returns the role for its text.
func (s *settings) mark(a area, y int, inFront bool) role {
	if !inFront || !s.inside {
		return text
	}
	a.at(0, y, a.w, 1).fill(chosen)
	a.put(0, y, chosen, "▸")
	return chosen
}

func (s *settings) drawLines(a area) {
	for i, l := range s.lines {
		y := 1 + i*4
		look := s.mark(a, y, i == s.rows[linesSection].at)
		a.fit(2, y, 24, look, phone.CleanLine(l.Name, 24))
		word, status := statusWord(l.Status)
		a.put(28, y, status, word)
		a.fit(2, y+1, a.w-4, subtle, string(l.Kind)+"   "+s.ownName(l))
		if l.Detail != "" {
			a.fit(2, y+2, a.w-4, subtle, phone.CleanLine(l.Detail, 160))
		}
	}
	x := a.put(2, a.h-2, brand, s.keys.key(LinkLine)) + 1
	x = a.put(x, a.h-2, subtle, "link") + 3
	x = a.put(x, a.h-2, brand, s.keys.key(UnlinkLine)) + 1
	a.put(x, a.h-2, subtle, "unlink")
}

func (s *settings) drawCalls(a area) {
	for i, row := range callRows {
		look := s.mark(a, 1+i, i == s.rows[callsSection].at)
		a.put(2, 1+i, look, row.label)
		a.fit(28, 1+i, a.w-29, look, row.value(s))
	}
	y := len(callRows) + 3
	a.put(2, y, title, "Declining with a message")
	for i, reply := range s.cfg.Replies {
		a.fit(4, y+1+i, a.w-6, text, fmt.Sprintf("%d  %s", i+1, phone.CleanLine(reply, 120)))
	}
	a.fit(2, a.h-2, a.w-4, subtle, "replies, limits and rules stand in config.toml and rules.toml")
}

func (s *settings) drawLook(a area) {
	for i, row := range lookRows {
		look := s.mark(a, 1+i, i == s.rows[lookSection].at)
		mark := "( )"
		if s.look == row.name || s.look == "" && row.name == "auto" {
			mark = "(*)"
		}
		a.put(2, 1+i, look, mark+" "+row.name)
		a.fit(16, 1+i, a.w-17, look, row.words)
	}
	a.wrap(2, len(lookRows)+3, subtle, "For screen readers and simple terminals: tring --plain")
}

func (s *settings) drawKeys(a area) {
	l := &s.rows[keysSection]
	from, to := l.window(s.count(), a.h-2)
	for i := from; i < to; i++ {
		act := Action(i + 1)
		look := s.mark(a, i-from, i == l.at)
		a.fit(2, i-from, 16, look, actions[act].name)
		a.fit(19, i-from, 18, look, s.keys.all(act))
		a.fit(38, i-from, a.w-39, look, actions[act].help)
	}
	a.fit(2, a.h-1, a.w-4, subtle, "other keys: the [keys] table in config.toml, by these names")
}
