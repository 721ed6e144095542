package portaudio

import (
	"context"
	"slices"
	"time"
)

const (
	// stallLimit is how long a stream may go without a callback. PortAudio does
	// not say when a sound server dies: its callbacks just stop.
	stallLimit = 500 * time.Millisecond
	watchEvery = 100 * time.Millisecond
	// retryEvery is how soon an end with nothing to open is tried again; it
	// doubles up to retryRarely, because looking costs up to 0.2 s.
	retryEvery  = time.Second
	retryRarely = 4 * time.Second
	// relapse is how soon a reopened port must fail again to be tried last.
	relapse = 5 * time.Second
)

// callbacks follows one end's callback counter.
type callbacks struct {
	half  *rated
	calls uint32
	since time.Time
}

// stalled says whether the counter of h has stood still for stallLimit.
func (c *callbacks) stalled(now time.Time, h *rated) bool {
	if h == nil {
		return false
	}
	if calls := h.calls(); h != c.half || calls != c.calls {
		*c = callbacks{h, calls, now}
	}
	return now.Sub(c.since) >= stallLimit
}

// retry says when an end that has nothing open is tried again.
type retry struct {
	next  time.Time
	pause time.Duration
}

func (r *retry) due(now time.Time, open bool) bool {
	switch {
	case open:
		*r = retry{}
		return false
	case now.Before(r.next):
		return false
	}
	first := r.pause == 0 // it was tried when it was lost
	r.pause = min(max(2*r.pause, retryEvery), retryRarely)
	r.next = now.Add(r.pause)
	return !first
}

// watch reopens ends whose streams died, until ctx ends.
func (d *Device) watch(ctx context.Context) {
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	checks := make([]callbacks, len(d.ends))
	retries := make([]retry, len(d.ends))
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			for i, e := range d.ends {
				if h := e.half.Load(); checks[i].stalled(now, h) || retries[i].due(now, h != nil) {
					d.recover(e)
				}
			}
		}
	}
}

// recover closes what is left of e and opens the next best port.
func (d *Device) recover(e *end) {
	s := d.system
	s.mu.Lock()
	defer s.mu.Unlock()
	d.noteLoss(e)
	e.detach()
	err := s.refresh() // PortAudio's list may be stale, its streams too
	if err == nil && e.half.Load() == nil {
		err = s.reopen(e, e.avoid(time.Now()))
	}
	d.note(e, err)
	if !slices.Equal(s.settled, s.ports) { // concerns the other devices, too
		hint(s.hints)
	}
}

// improve moves the ends to the best ports there are now: a headset that the
// user chose is taken again when it is back, an end that follows the system's
// default follows it, and one whose port is gone finds another. Needs
// System.mu.
func (d *Device) improve() {
	for _, e := range d.ends {
		best, any := Best(d.system.ports, e.kind, e.wish)
		open := e.half.Load() != nil
		if !any || open && best.ID == e.port.ID {
			continue
		}
		if open {
			e.gone = time.Now()
		}
		e.detach()
		d.note(e, d.system.reopen(e, ID{}))
	}
}
