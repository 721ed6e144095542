package ui

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tring/phone"
)

// diagnostics is everything measured, for people who want to know or have to
// report. Numbers and names stay out of the report that can be copied.
type diagnostics struct {
	plainScreen
	*desk
	report  []ReportSection
	reading bool
	list    list
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

func (g *diagnostics) Actions() []Action { return []Action{CopyReport, Back, Up, Down} }

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
	}
	g.list.move(a, len(g.sections()))
	return nil
}

// sections are the boxes: what the screens measured, then the report.
func (g *diagnostics) sections() []ReportSection {
	return append([]ReportSection{g.callSection(), g.soundSection(), g.networkSection(), g.linesSection(), g.terminalSection()}, g.report...)
}

func (g *diagnostics) callSection() ReportSection {
	s := ReportSection{Title: "call now"}
	c, ok := g.focus()
	if !ok {
		s.Lines = []ReportLine{{"state", "no call"}}
		return s
	}
	q := g.gauges(c.ID).quality
	s.Lines = []ReportLine{
		{"state", stateWords(c) + " " + timer(g.callTime(c))},
		{"id", c.ID},
		{"codec", phone.CleanLine(q.Codec, 40)},
		{"in", fmt.Sprintf("%d packets, %.1f%% lost", q.Received, q.Loss*100)},
		{"out", fmt.Sprintf("%d packets, %.1f%% lost", q.Sent, q.RemoteLoss*100)},
		{"concealed", fmt.Sprintf("%.1f%% of the sound", q.Concealed*100)},
		{"MOS", fmt.Sprintf("%.1f of 5", q.MOS)},
	}
	if c.Rule != "" {
		s.Lines = append(s.Lines, ReportLine{"rule", phone.CleanLine(c.Rule, 40)})
	}
	return s
}

func (g *diagnostics) soundSection() ReportSection {
	s := ReportSection{Title: "sound"}
	for _, w := range g.soundWords() {
		s.Lines = append(s.Lines, ReportLine{w.name, w.device})
	}
	if c, ok := g.focus(); ok {
		l := g.gauges(c.ID).levels
		s.Lines = append(s.Lines, ReportLine{"level", "you " + decibels(l.Mic) + ", them " + decibels(l.Peer)})
	}
	s.Lines = append(s.Lines, ReportLine{"devices", plural(len(g.sound.devices), "device") + " found"})
	return s
}

func (g *diagnostics) networkSection() ReportSection {
	s := ReportSection{Title: "path of the sound"}
	c, ok := g.focus()
	if !ok {
		s.Lines = []ReportLine{{"path", "none without a call"}}
		return s
	}
	q := g.gauges(c.ID).quality
	s.Lines = []ReportLine{
		{"path", phone.CleanLine(q.Path, 60)},
		{"round trip", inMilliseconds(q.RTT)},
		{"jitter", inMilliseconds(q.Jitter)},
		{"buffer", inMilliseconds(q.Buffer)},
		{"encrypted", decryptedAt(g.line(c.Line), q)},
	}
	if !c.Answered.IsZero() && !c.Talking.IsZero() {
		s.Lines = append(s.Lines, ReportLine{"first sound", span(c.Talking.Sub(c.Answered)) + " after the answer"})
	}
	return s
}

func (g *diagnostics) linesSection() ReportSection {
	s := ReportSection{Title: "lines"}
	for _, l := range g.lines {
		word, _ := statusWord(l.Status)
		if l.Detail != "" {
			word += ": " + phone.CleanLine(l.Detail, 80)
		}
		s.Lines = append(s.Lines, ReportLine{phone.CleanLine(l.Name, 10), word})
	}
	return s
}

func (g *diagnostics) terminalSection() ReportSection {
	return ReportSection{Title: "terminal", Lines: []ReportLine{
		{"size", fmt.Sprintf("%d by %d", g.w, g.h)},
		{"background", map[bool]string{true: "dark", false: "light"}[g.dark]},
		{"key release", map[bool]string{true: "reported", false: "not reported, or not asked yet"}[g.releases]},
		{"contacts", fmt.Sprint(len(g.book.people))},
	}}
}

// text is the report for a bug report.
func (g *diagnostics) text() string {
	var b strings.Builder
	for _, s := range g.sections() {
		b.WriteString(s.Title + "\n")
		for _, l := range s.Lines {
			fmt.Fprintf(&b, "  %-12s %s\n", l.Name, maskDigits(l.Value))
		}
	}
	return b.String()
}

var longNumber = regexp.MustCompile(`\+?\d[\d ()-]{5,}\d`)

// maskDigits hides runs of seven digits or more, as numbers of people have.
func maskDigits(s string) string {
	return longNumber.ReplaceAllString(s, "•••")
}

// Draw fills columns from the top; in a call a box with the history of its
// quality takes the bottom of a wide screen.
func (g *diagnostics) Draw(a area) {
	if c, ok := g.focus(); ok && a.w >= wideW && a.h >= 30 {
		var histories area
		a, histories = a.bottom(9)
		g.drawHistories(histories.frame("quality, last 2 minutes", line, title), c)
	}
	columns := max(a.w/39, 1)
	width := a.w / columns
	heights := make([]int, columns)
	sections := g.sections()
	for _, s := range sections[min(g.list.at, len(sections)):] {
		column := shortest(heights)
		h := len(s.Lines) + 2
		box := a.at(column*width, heights[column], width, min(h, a.h-heights[column]))
		if box.h < 3 {
			continue
		}
		inside := box.frame(s.Title, line, title)
		for i, l := range s.Lines {
			inside.fit(1, i, 11, subtle, l.Name)
			inside.fit(13, i, inside.w-14, text, l.Value)
		}
		heights[column] += h
	}
}

// drawHistories shows each measurement over time, with its largest value.
func (g *diagnostics) drawHistories(a area, c phone.Call) {
	m := g.gauges(c.ID)
	for i, row := range []struct {
		name, unit string
		h          *history
		full       float64
	}{
		{"loss in", "%", &m.loss, 10}, {"loss out", "%", &m.remote, 10}, {"jitter", "ms", &m.jitter, 60},
		{"round trip", "ms", &m.rtt, 400}, {"buffer", "ms", &m.buffer, 300},
	} {
		a.put(2, 1+i, text, row.name)
		width := min(historyLength, a.w-34)
		a.spark(14, 1+i, width, level, row.h, max(row.full, row.h.top()))
		a.put(16+width, 1+i, subtle, fmt.Sprintf("max %.1f %s", row.h.top(), row.unit))
	}
}
