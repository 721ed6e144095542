package phone

import (
	"cmp"
	"context"
	"fmt"
	"time"
)

// The waits between two tries of a line that could not work.
const (
	firstRetry = time.Second
	lastRetry  = time.Minute
)

// keep runs a line until ctx ends, and again when it gives up, with growing
// pauses: a network that is down must not be hammered. Some states only a person
// can end; then it waits for one.
func (p *Phone) keep(ctx context.Context, t *trunk) {
	tell := func(e LineEvent) { p.told.push(told{t, e}) }
	for pause := firstRetry; ctx.Err() == nil; pause = min(2*pause, lastRetry) {
		began := time.Now()
		err := t.Run(ctx, tell)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > lastRetry {
			pause = firstRetry
		}
		p.log.Warn("a line stopped", "line", t.Info().Name, "err", err)
		p.told.push(told{t, lineStopped{err}})
		select {
		case <-ctx.Done():
		case <-t.wake:
			pause = firstRetry
		case <-t.Info().again(pause):
		}
	}
}

// again ticks when a stopped line may run again, after pause as a rule. The
// nil channel leaves it to a person: running again would throw the other program
// out, prolong a ban, or show the network an old version once more.
func (i LineInfo) again(pause time.Duration) <-chan time.Time {
	switch {
	case i.Status == LineBanned && !i.BanEnds.IsZero():
		return time.After(max(pause, time.Until(i.BanEnds)))
	case i.Status == LineBanned, i.Status == LineReplaced, i.Status == LineOutdated:
		return nil
	}
	return time.After(pause)
}

// StartLine runs a line at once that has stopped for good or waits for its next
// try; the empty name is the first that is not ready. A line that runs is left
// alone.
func (p *Phone) StartLine(ctx context.Context, line string) error {
	return tellTo(ctx, p, func(reply func(error)) {
		t, err := p.lineOf(cmp.Or(line, p.lineNotReady()))
		switch {
		case err != nil:
		case t.info.Status == LineUnlinked, t.info.Status == LineLoggedOut:
			err = fmt.Errorf("%s: %w", t.info.Name, ErrNotLinked)
		case t.info.Status != LineReady:
			t.hurry()
		}
		reply(err)
	})
}

// lineNotReady is the name of the first line that cannot be used, or "".
func (p *Phone) lineNotReady() string {
	for _, t := range p.lines {
		if t.info.Status != LineReady {
			return t.info.Name
		}
	}
	return ""
}

// hurry has a line that waits for its next try run at once.
func (t *trunk) hurry() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// calm takes a hurry back that came while the line was running.
func (t *trunk) calm() {
	select {
	case <-t.wake:
	default:
	}
}

// lineStopped is the phone's own news that a line's Run gave up.
type lineStopped struct{ err error }

func (lineStopped) lineEvent() {}

// lineGaveUp makes a stopped line visible; its calls are over. Other states than
// offline explain themselves.
func (p *Phone) lineGaveUp(t *trunk, err error) {
	info := t.Info()
	if info.Status == LineReady {
		info.Status = LineOffline
	}
	if err != nil && (info.Status == LineOffline || info.Detail == "") {
		info.Detail = CleanLine(err.Error(), 200)
	}
	p.lineChanged(t, info)
	for _, c := range p.callsOn(t) {
		p.finish(c, NetworkLost, "the line stopped")
	}
}
