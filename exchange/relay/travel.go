package relay

import "time"

// pathTo is how the network to a leg behaves: its seat's path, else everybody's.
func (r *Relay) pathTo(l *leg) *Paths {
	if s := l.seat.Load(); s != nil {
		if p := s.path.Load(); p != nil {
			return p
		}
	}
	return r.cluster.all.Load()
}

// travel sends a datagram through a path and hands it on now or later.
func (r *Relay) travel(l *leg, up bool, b []byte, p Path, way *lane, arrive func([]byte)) {
	now := r.cluster.now()
	f := way.plan(now, len(b), p)
	if f.copies == 0 {
		r.add(droppedPath, 1)
	}
	for _, wait := range f.delays[:f.copies] {
		if wait < time.Microsecond {
			arrive(b)
		} else if !r.late.put(l, up, b, now+wait) {
			r.add(droppedPath, 1)
		}
	}
}

// deliverLate hands on what was held back.
func (r *Relay) deliverLate(d delayed) {
	if d.up {
		d.leg.push(d.data)
		return
	}
	r.transmit(d.data, d.leg.remote)
}
