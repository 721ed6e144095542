package portaudio

import (
	"sync"
	"sync/atomic"
	"time"
)

// end is one end of a device: the half that is open now, or none. Its half may
// be replaced while Read or Write use it.
type end struct {
	kind Kind
	wish string       // empty: the system's default
	use  sync.RWMutex // read-held while the half is used, so that it is not freed meanwhile
	half atomic.Pointer[rated]

	port    Port      // the one that is open, or was last
	since   time.Time // when it was opened
	in, out time.Duration
	lost    atomic.Uint64 // counted by halves that are closed already

	told Port      // what people believe to be open
	gone time.Time // when that stopped; zero while it runs
	none bool      // people know that nothing is open
}

// attach makes h the half in use.
func (e *end) attach(h *rated, p Port) {
	e.port, e.since = p, time.Now()
	e.in, e.out = h.latency()
	e.half.Store(h)
}

// detach takes the half out of use and closes it; safe when there is none.
func (e *end) detach() {
	h := e.half.Swap(nil)
	if h == nil {
		return
	}
	h.interrupt()
	e.use.Lock() // the reader has left
	e.lost.Add(h.losses())
	e.use.Unlock()
	h.free()
}

// losses is the count over all halves so far.
func (e *end) losses() uint64 {
	e.use.RLock()
	defer e.use.RUnlock()
	if h := e.half.Load(); h != nil {
		return e.lost.Load() + h.losses()
	}
	return e.lost.Load()
}

// read is rated's, or false when nothing is open.
func (e *end) read(p []int16, late int, deadline time.Time) (n int, open bool) {
	e.use.RLock()
	defer e.use.RUnlock()
	if h := e.half.Load(); h != nil {
		return h.read(p, late, deadline), true
	}
	return 0, false
}

func (e *end) write(p []int16) int {
	e.use.RLock()
	defer e.use.RUnlock()
	if h := e.half.Load(); h != nil {
		return h.write(p)
	}
	return len(p) // nobody hears it, but the beat goes on
}

func (e *end) queued() int {
	e.use.RLock()
	defer e.use.RUnlock()
	if h := e.half.Load(); h != nil {
		return h.queued()
	}
	return 0
}

// avoid is the port that opened and failed again at once, if it did.
func (e *end) avoid(now time.Time) ID {
	if now.Sub(e.since) < relapse {
		return e.port.ID
	}
	return ID{}
}
