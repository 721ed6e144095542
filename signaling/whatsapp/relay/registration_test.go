package relay

import (
	"errors"
	"testing"
	"time"
)

// opened is a registration whose channel has just opened at second 0.
func opened() (*registration, time.Time) {
	now := time.Unix(100, 0)
	r := &registration{key: figureKey, id: figureID}
	r.allocate = newSTUN(nil, allocateRequest, r.id).attribute(attrToken, figureToken).integrity(r.key)
	r.open(now)
	return r, now
}

// success is the relay's answer to it.
func success() stunMessage { return newSTUN(nil, allocateSuccess, figureID).integrity(figureKey) }

func TestRegistrationsAndPingsGoOutEverySecondAndMoreOftenAtFirst(t *testing.T) {
	for name, c := range map[string]struct {
		answered         bool
		allocates, pings int
	}{
		"while nobody answers":   {false, 12, 10},
		"once the relay took us": {true, 10, 10},
	} {
		r, now := opened()
		if c.answered {
			r.take(success(), now.Add(20*time.Millisecond))
		}
		allocates, pings := 0, 0
		for at := now; at.Sub(now) <= 10*time.Second; at = at.Add(10 * time.Millisecond) {
			a, p := r.due(at)
			if a != nil {
				allocates++
			}
			if p != nil {
				pings++
			}
		}
		if allocates != c.allocates || pings != c.pings {
			t.Errorf("%s: %d registrations and %d pings in 10 s, want %d and %d", name, allocates, pings, c.allocates, c.pings)
		}
	}
}

func TestPingsAreTimedByTheirOwnAnswer(t *testing.T) {
	r, now := opened()
	r.take(success(), now)
	first := newSTUN(nil, pingAnswer, stunMessage(r.pings[1].message[:]).id())
	_, p := r.due(now.Add(time.Second))
	second := newSTUN(nil, pingAnswer, stunMessage(p).id())
	if first.id() == second.id() {
		t.Fatal("two pings have one id")
	}
	r.take(second, now.Add(1030*time.Millisecond))
	if r.rtt != 30*time.Millisecond {
		t.Errorf("round trip %v, want 30 ms", r.rtt)
	}
	r.take(first, now.Add(1200*time.Millisecond))
	if r.rtt != 1200*time.Millisecond {
		t.Errorf("round trip of a late answer %v, want 1.2 s", r.rtt)
	}
	r.take(newSTUN(nil, pingAnswer, transaction{}), now.Add(9*time.Second))
	if r.answered != now.Add(1200*time.Millisecond) {
		t.Error("an answer to nothing counted")
	}
}

func TestALegIsJudged(t *testing.T) {
	refusal := newSTUN(nil, allocateError, figureID).attribute(attrErrorCode, []byte{0, 0, 4, 1})
	for name, c := range map[string]struct {
		hears  func(r *registration, now time.Time)
		after  time.Duration
		want   error
		usable bool
	}{
		"fresh":                   {func(*registration, time.Time) {}, 3 * time.Second, nil, false},
		"wholly silent":           {func(*registration, time.Time) {}, 4 * time.Second, errNoAnswer, false},
		"not registered":          {func(r *registration, now time.Time) { r.heard = now.Add(9 * time.Second) }, 10 * time.Second, errUnregistered, false},
		"registered":              {func(r *registration, now time.Time) { r.heard = now; r.take(success(), now) }, 3 * time.Second, nil, true},
		"without answers for 4 s": {func(r *registration, now time.Time) { r.heard = now; r.take(success(), now) }, 4 * time.Second, nil, false},
		"silent for 10 s":         {func(r *registration, now time.Time) { r.heard = now; r.take(success(), now) }, 10 * time.Second, errSilent, false},
		"refused":                 {func(r *registration, now time.Time) { r.heard = now; r.take(refusal, now) }, 0, Refusal{401}, false},
		"taken under another transaction": {func(r *registration, now time.Time) {
			r.heard = now
			r.take(newSTUN(nil, allocateSuccess, transaction{9}), now)
		}, time.Second, nil, false},
		"taken by a liar": {func(r *registration, now time.Time) {
			r.heard = now
			r.take(newSTUN(nil, allocateSuccess, figureID).integrity("x"), now)
		}, time.Second, nil, false},
	} {
		r, now := opened()
		c.hears(r, now)
		at := now.Add(c.after)
		if err := r.verdict(at); !errors.Is(err, c.want) {
			t.Errorf("%s: verdict %v, want %v", name, err, c.want)
		}
		if got := r.usable(at); got != c.usable {
			t.Errorf("%s: usable %v", name, got)
		}
	}
}

func TestARegistrationIsNewOnce(t *testing.T) {
	r, now := opened()
	m := newSTUN(nil, allocateSuccess, figureID).attribute(attrConnection, []byte{0, 0, 0, 0, 0, 0, 1, 2}).integrity(figureKey)
	if _, first := r.take(m, now.Add(25*time.Millisecond)); !first || r.connection != 0x102 || r.rtt != 25*time.Millisecond {
		t.Errorf("first %v, connection %x, round trip %v", first, r.connection, r.rtt)
	}
	if _, again := r.take(m, now.Add(time.Second)); again {
		t.Error("a repeated answer counted as the first")
	}
}
