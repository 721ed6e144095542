package main

import (
	"runtime/debug"

	"tring/phone"
	"tring/ui"
)

// report are the facts for the diagnostics screen that the phone does not know.
func (s *station) report() []ui.ReportSection {
	p := s.app.places
	versions := ui.ReportSection{Title: "versions", Lines: []ui.ReportLine{{Name: "tring", Value: version}}}
	if info, ok := debug.ReadBuildInfo(); ok {
		versions.Lines = append(versions.Lines,
			ui.ReportLine{Name: "whatsmeow", Value: dependency(info, "go.mau.fi/whatsmeow")},
			ui.ReportLine{Name: "pion", Value: dependency(info, "github.com/pion/webrtc/v4")},
			ui.ReportLine{Name: "go", Value: info.GoVersion})
	}
	files := ui.ReportSection{Title: "files", Lines: []ui.ReportLine{
		{Name: "config", Value: p.ConfigFile()},
		{Name: "rules", Value: s.app.rulesFile()},
		{Name: "data", Value: p.Data},
		{Name: "log", Value: p.LogFile()},
		{Name: "socket", Value: p.Socket()},
	}}
	return []ui.ReportSection{versions, files, s.rulesReport(), s.soundReport()}
}

func (s *station) rulesReport() ui.ReportSection {
	state := "in force"
	if why := s.keeper.Problem(); why != "" {
		state = phone.CleanLine(why, 200)
	}
	return ui.ReportSection{Title: "rules", Lines: []ui.ReportLine{{Name: "state", Value: state}}}
}

func (s *station) soundReport() ui.ReportSection {
	section := ui.ReportSection{Title: "sound devices"}
	if s.app.cfg.Sound.Silent {
		section.Lines = []ui.ReportLine{{Name: "none", Value: "sound.silent is on"}}
	}
	for _, p := range s.card.system.Ports() {
		name := p.Kind.String()
		if p.Default {
			name += "*"
		}
		section.Lines = append(section.Lines, ui.ReportLine{Name: name, Value: p.HostAPI + ": " + p.Title})
	}
	return section
}
