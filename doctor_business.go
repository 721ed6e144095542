package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"tring/phone"
	"tring/phone/control"
)

// businessLimit is how long the checkup of a business line may take: it asks
// Meta half a dozen things.
const businessLimit = 30 * time.Second

// checkBusinessLines looks at every business line of the configuration: what Meta
// says of it, and what its listener has seen.
func (a *app) checkBusinessLines(ctx context.Context) (found []finding) {
	for _, l := range a.cfg.Lines {
		if l.Kind == string(phone.BusinessLine) {
			found = append(found, a.checkBusinessLine(ctx, l)...)
		}
	}
	return found
}

func (a *app) checkBusinessLine(ctx context.Context, l LineConfig) (found []finding) {
	ctx, cancel := context.WithTimeout(ctx, businessLimit)
	defer cancel()
	looked, err := a.lookAtBusiness(ctx, l)
	if err != nil {
		f := fail("tring line add business "+l.Name, "%v", err)
		f.Check = l.Name
		return []finding{f}
	}
	for _, x := range looked {
		found = append(found, businessFinding(l.Name, x))
	}
	return found
}

// lookAtBusiness asks the running phone, whose listener knows what came; else
// the line itself.
func (a *app) lookAtBusiness(ctx context.Context, l LineConfig) (found []phone.Finding, err error) {
	err = a.remote(ctx, "checkup", control.With{Line: l.Name}, &found)
	if !errors.Is(err, control.ErrNotRunning) {
		return found, err
	}
	line, err := a.businessLine(l)
	if err != nil {
		return nil, err
	}
	defer line.Close()
	return line.Checkup(ctx), nil
}

// businessFinding is a finding of a line as doctor shows it: what to do stands
// behind the last semicolon of what is wrong.
func businessFinding(line string, x phone.Finding) finding {
	f := pass("%s", strings.TrimSuffix(x.What+": "+x.Note, ": "))
	if x.Wrong != "" {
		wrong, do := x.Wrong, ""
		if i := strings.LastIndex(wrong, "; "); i >= 0 {
			wrong, do = wrong[:i], wrong[i+2:]
		}
		f = fail(do, "%s: %s", x.What, wrong)
	}
	f.Check = line
	return f
}
