package portaudio

import (
	"context"
	"time"
)

const (
	// stallLimit is how long a stream may go without a callback. PortAudio does
	// not say when a sound server dies: its callbacks just stop.
	stallLimit = 500 * time.Millisecond
	watchEvery = 100 * time.Millisecond
	retryEvery = time.Second
	// relapse is how soon a reopened port must fail again to be tried last.
	relapse = 5 * time.Second
)

// pulseCheck follows one end's callback counter.
type pulseCheck struct {
	half  *half
	calls uint32
	since time.Time
}

// stalled says whether the counter of h has stood still for stallLimit.
func (c *pulseCheck) stalled(now time.Time, h *half) bool {
	if h == nil {
		return false
	}
	if calls := h.calls(); h != c.half || calls != c.calls {
		*c = pulseCheck{h, calls, now}
	}
	return now.Sub(c.since) >= stallLimit
}

// watch reopens ends whose streams died, until ctx ends.
func (d *Device) watch(ctx context.Context) {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	checks := make([]pulseCheck, len(d.ends))
	retry := make([]time.Time, len(d.ends))
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			for i, e := range d.ends {
				switch h := e.half.Load(); {
				case checks[i].stalled(now, h):
					d.recover(e, true)
					retry[i] = now.Add(retryEvery)
				case h == nil && now.After(retry[i]):
					d.recover(e, false)
					retry[i] = now.Add(retryEvery)
				}
			}
		}
	}
}

// recover closes what is left of e and opens the next best port.
func (d *Device) recover(e *end, lost bool) {
	began := time.Now()
	before := e.port
	if lost {
		d.report(Report{Kind: e.kind, Event: Lost, Title: before.Title})
	}
	s := d.system
	s.mu.Lock()
	defer s.mu.Unlock()
	e.detach()
	err := s.refresh()
	if err == nil && e.half.Load() == nil {
		err = s.reopen(e, e.avoid(began))
	}
	d.describe()
	silence := time.Since(began) + stallLimit
	switch {
	case err != nil && lost:
		d.report(Report{Kind: e.kind, Event: Missing, After: silence, Err: err})
	case err != nil: // said already
	case e.port.ID == before.ID:
		d.report(Report{Kind: e.kind, Event: Back, Title: e.port.Title, After: silence})
	default:
		d.report(Report{Kind: e.kind, Event: Replaced, Title: e.port.Title, After: silence})
	}
}
