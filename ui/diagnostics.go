package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// diagnostics is everything measured, for people who want to know or have to
// report. Numbers and names stay out of the report that can be copied.
type diagnostics struct {
	plainScreen
	*desk
	report  []ReportSection
	reading bool
	page    int
	total   int // how many there were when it was drawn
}

// reportRead brings the facts that the phone does not know.
type reportRead struct{ sections []ReportSection }

// reportPace is how often they are asked for while the page is shown.
const reportPace = 2 * time.Second

func newDiagnostics(d *desk) *diagnostics { return &diagnostics{desk: d} }

func (g *diagnostics) Name() string { return "diagnostics" }

func (g *diagnostics) Enter() tea.Cmd { return g.askReport(0) }

// askReport reads the report after a while, unless that is under way.
func (g *diagnostics) askReport(after time.Duration) tea.Cmd {
	if g.cfg.Report == nil || g.reading {
		return nil
	}
	g.reading = true
	read := g.cfg.Report
	return tea.Tick(after, func(time.Time) tea.Msg { return reportRead{read()} })
}

func (g *diagnostics) Hear(msg tea.Msg) tea.Cmd {
	got, ok := msg.(reportRead)
	if !ok {
		return nil
	}
	g.report, g.reading = got.sections, false
	return g.askReport(reportPace)
}

func (g *diagnostics) Actions() []Action {
	return []Action{CopyReport, Back, PageUp, PageDown, Up, Down}
}

func (g *diagnostics) Do(a Action, _ int) tea.Cmd {
	switch a {
	case CopyReport:
		g.tell("The report is on the clipboard; numbers and names are not in it.")
		return tea.SetClipboard(g.text())
	case Back:
		if g.busy() {
			return g.show(g.pages.talk)
		}
		return g.goHome()
	case Up, PageUp:
		g.page--
	case Down, PageDown:
		g.page++
	}
	g.page = max(min(g.page, g.total-1), 0)
	return nil
}
