package ui

import (
	"fmt"
	"regexp"
	"strings"

	"tring/phone"
)

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
		if l.Echo != "" {
			s.Lines = append(s.Lines, ReportLine{"echo", l.Echo})
		}
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
		{"sound", g.encryption(c, q)},
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
		if p := l.Pickup; p.Offered > 0 {
			s.Lines = append(s.Lines, ReportLine{"answered", fmt.Sprintf("%d of %d calls this week", p.Answered, p.Offered)})
		}
	}
	return s
}

func (g *diagnostics) terminalSection() ReportSection {
	return ReportSection{Title: "terminal", Lines: []ReportLine{
		{"size", fmt.Sprintf("%d by %d", g.w, g.h)},
		{"background", map[bool]string{true: "dark", false: "light"}[g.dark]},
		{"key release", map[bool]string{true: "reported", false: "not reported"}[g.releases]},
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
