package call

import (
	"time"

	"tring/phone"
	"tring/signaling/whatsapp/stanza"
)

// Bounds of the registry's memory. Strangers fill it, so it is small.
const (
	tombstoneLife = 10 * time.Minute
	earlyLife     = 30 * time.Second
	earlyCalls    = 64
	earlyPerCall  = 8
	maxRemembered = 4096
)

// Verdict says what an offer is.
type Verdict int

// What an offer can be.
const (
	Ring   Verdict = iota // ring now
	Missed                // never ring; the cause says why
	Known                 // over already, or declined here: confirm and forget
)

// Registry remembers which calls are over, which stanzas were seen, and what
// arrived before its call. It is pure: the time is handed in.
type Registry struct {
	// StaleAfter is how old an offer may be to ring still.
	StaleAfter time.Duration

	over  map[string]time.Time
	seen  map[seenKey]time.Time
	early map[string][]earlySignal
	ahead time.Duration // our clock minus the server's
	tuned bool
}

type seenKey struct{ from, stanza string }

type earlySignal struct {
	signal *stanza.Signal
	at     time.Time
}

// NewRegistry makes an empty registry.
func NewRegistry(staleAfter time.Duration) *Registry {
	return &Registry{StaleAfter: staleAfter, over: map[string]time.Time{}, seen: map[seenKey]time.Time{}, early: map[string][]earlySignal{}}
}

// Repeated reports whether this very stanza came before, which happens after a
// reconnect. A repeated stanza is confirmed again and otherwise ignored.
func (r *Registry) Repeated(s *stanza.Signal, now time.Time) bool {
	key := seenKey{s.From.String(), s.Stanza}
	_, again := r.seen[key]
	if len(r.seen) >= maxRemembered {
		expire(r.seen, now, tombstoneLife)
	}
	if len(r.seen) < maxRemembered {
		r.seen[key] = now
	}
	return again
}

// Tune learns how far our clock is from the server's, from a stanza that was
// delivered live. Offers do not count: their age is what is to be judged.
func (r *Registry) Tune(s *stanza.Signal, now time.Time) {
	if s.Kind != stanza.Offer && !s.Offline && s.Age == 0 && !s.Time.IsZero() {
		r.ahead, r.tuned = now.Sub(s.Time), true
	}
}

// Ours is a time of the server's by our clock. A time that is not known stays so.
func (r *Registry) Ours(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(r.ahead)
}

// Judge says whether an offer rings. syncing is the phase after connecting in
// which the server delivers what was missed.
func (r *Registry) Judge(s *stanza.Signal, now time.Time, syncing bool) (Verdict, phone.Cause) {
	if _, over := r.over[s.Ref.ID]; over {
		return Known, phone.Stale
	}
	if cause, over := r.endedEarly(s.Ref.ID, now); over {
		return Missed, cause
	}
	switch {
	case s.Body.Silent:
		return Known, phone.Stale
	case s.Offline, s.Body.Ended, r.stale(s, now):
		return Missed, phone.Stale
	case syncing && (s.Body.Relay == nil || s.Time.IsZero()):
		return Missed, phone.Stale
	}
	return Ring, phone.CauseUnknown
}

// stale reports whether an offer is too old to ring, by the server's own
// measure or by its time stamp.
func (r *Registry) stale(s *stanza.Signal, now time.Time) bool {
	if s.Age >= r.StaleAfter {
		return true
	}
	return !s.Time.IsZero() && now.Sub(r.Ours(s.Time)) > r.StaleAfter
}

// endedEarly looks for a terminate that overtook its offer.
func (r *Registry) endedEarly(id string, now time.Time) (phone.Cause, bool) {
	for _, e := range r.early[id] {
		if e.signal.Kind == stanza.Terminate && now.Sub(e.at) < tombstoneLife {
			return causeOfTerminate(&Call{state: Ringing}, Input{Signal: e.signal}), true
		}
	}
	return phone.CauseUnknown, false
}

// Keep stores a stanza of a call that is not known yet: it may have overtaken
// its offer.
func (r *Registry) Keep(s *stanza.Signal, now time.Time) {
	id := s.Ref.ID
	if _, over := r.over[id]; over || len(r.early[id]) >= earlyPerCall {
		return
	}
	if len(r.early) >= earlyCalls {
		r.expireEarly(now)
	}
	if len(r.early) < earlyCalls {
		r.early[id] = append(r.early[id], earlySignal{s, now})
	}
}

// expireEarly forgets old early stanzas. Terminates live on as long as an
// offer could still be delivered.
func (r *Registry) expireEarly(now time.Time) {
	for id, list := range r.early {
		if now.Sub(list[len(list)-1].at) > earlyLife {
			delete(r.early, id)
		}
	}
}

// Early hands out, once, what arrived before its call.
func (r *Registry) Early(id string, now time.Time) []*stanza.Signal {
	var out []*stanza.Signal
	for _, e := range r.early[id] {
		if now.Sub(e.at) <= earlyLife {
			out = append(out, e.signal)
		}
	}
	delete(r.early, id)
	return out
}

// Bury remembers that a call is over, so that it never rings again.
func (r *Registry) Bury(id string, now time.Time) {
	delete(r.early, id)
	if len(r.over) >= maxRemembered {
		expire(r.over, now, tombstoneLife)
	}
	r.over[id] = now
}

// Buried reports whether a call is known to be over.
func (r *Registry) Buried(id string) bool { _, ok := r.over[id]; return ok }

// expire removes what is older than life, and everything if nothing is: memory
// is bounded before it is complete.
func expire[K comparable](m map[K]time.Time, now time.Time, life time.Duration) {
	for k, at := range m {
		if now.Sub(at) > life {
			delete(m, k)
		}
	}
	if len(m) >= maxRemembered {
		clear(m)
	}
}
