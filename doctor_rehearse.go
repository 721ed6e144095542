package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// rehearse is `tring doctor --call`.
func (a *app) rehearse(ctx context.Context, r *rehearsal, report string) error {
	var findings []finding
	out := r.script.out
	r.tell = func(f finding) {
		findings = append(findings, f)
		f.print(out, r.script.asJSON)
	}
	for _, c := range a.checkup() {
		if slices.Contains([]string{"versions", "network", "clock"}, c.name) {
			r.found(c.name, c.look(ctx))
		}
	}
	log, err := r.run(ctx)
	if r.line == nil {
		return err // nothing was tried
	}
	if report == "" {
		report = a.places.CallReport()
	}
	if failed := writeReport(report, findings, r.private(log, a)); failed != nil {
		return errors.Join(err, failed)
	}
	r.found("report", pass("%s; it has no numbers, names or keys", report))
	return rehearsed(err, findings)
}

// rehearsed is the exit of a rehearsal: why there was no call, or that
// something failed in it.
func rehearsed(err error, findings []finding) error {
	if err != nil {
		return err
	}
	if slices.ContainsFunc(findings, func(f finding) bool { return f.Result == "fail" }) {
		return quietExit(exitFailed)
	}
	return nil
}

// private is what happened, with the settings of the media.
func (r *rehearsal) private(log string, a *app) string {
	m := a.cfg.Media
	return fmt.Sprintf("%-20s %s\n%-20s %d\n%-20s %v\n%s", "media.transport", m.Transport, "media.other_port", m.OtherPort, "media.register", m.Register, log)
}
