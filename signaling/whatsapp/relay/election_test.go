package relay

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestTheElectionSendsOver(t *testing.T) {
	start := time.Unix(0, 0)
	one, two := new(leg), new(leg)
	type step struct {
		at   time.Duration
		on   *leg // heard, or nil to ask only
		both bool // sends over both afterwards
	}
	ms := time.Millisecond
	for name, c := range map[string]struct {
		caller bool
		steps  []step
	}{
		"all legs until the far end is heard": {true, []step{{0, nil, true}, {9 * time.Second, nil, true}}},
		"one leg once it is heard":            {true, []step{{0, one, false}, {390 * ms, nil, false}}},
		"all legs when it falls silent":       {true, []step{{0, one, false}, {400 * ms, nil, true}, {410 * ms, one, false}}},
		"the same leg while another echoes":   {true, []step{{0, one, false}, {60 * ms, two, false}, {70 * ms, one, false}}},
		"all legs while the caller settles":   {true, []step{{0, one, false}, {500 * ms, two, true}, {2000 * ms, two, false}}},
		"the new leg as soon as callees know": {false, []step{{0, one, false}, {120 * ms, two, false}, {510 * ms, two, false}}},
	} {
		e := newElection(c.caller)
		for i, s := range c.steps {
			now := start.Add(s.at)
			if s.on != nil {
				e.Heard(s.on, now)
			}
			if both := e.Sends(one, now) && e.Sends(two, now); both != s.both {
				t.Errorf("%s: after step %d over both = %v", name, i, both)
			}
		}
	}
}

func TestALegThatBreaksIsElectedNoMore(t *testing.T) {
	one, two := new(leg), new(leg)
	e := newElection(true)
	now := time.Unix(0, 0)
	e.Heard(one, now)
	e.Gone(two)
	if e.Sends(two, now) {
		t.Error("another leg's end opened the election")
	}
	e.Gone(one)
	if !e.Sends(two, now) {
		t.Error("nothing is sent after the elected leg broke")
	}
}

func TestEndsThatElectedDifferentRelaysAgreeSoon(t *testing.T) {
	for _, delay := range []time.Duration{0, 20 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			net, relays, blocks := newNet(2)
			for _, r := range relays {
				r.delay = delay
			}
			p := &pair{t: t, net: net, relays: relays}
			p.caller, p.callee = p.open(blocks[0], callerID, calleeID), p.open(blocks[1], calleeID, callerID)
			defer p.close()
			p.bothTalk()
			time.Sleep(3 * time.Second)
			for end, e := range []*phoneEnd{p.caller, p.callee} {
				e.Session.mu.Lock()
				e.election.leg, e.election.heard = e.legs[end], time.Now()
				e.Session.mu.Unlock()
			}
			time.Sleep(6 * time.Second)
			if a, b := p.inUse(), p.callee.Legs(); a == nil || p.caller.Legs()[0].Elected != b[0].Elected {
				t.Errorf("delay %v: caller %+v, callee %+v", delay, p.caller.Legs(), b)
			}
			for _, e := range []*phoneEnd{p.caller, p.callee} {
				if gap := e.longestGap(time.Now().Add(-8 * time.Second)); gap > patience+120*time.Millisecond+delay {
					t.Errorf("delay %v: a gap of %v", delay, gap)
				}
			}
			busy := [2]int{}
			for _, r := range relays {
				r.fault(func(r *memoryRelay) { r.media = [2]int{} })
			}
			time.Sleep(3 * time.Second)
			for _, r := range relays {
				r.fault(func(r *memoryRelay) {
					for end, n := range r.media {
						if n > 0 {
							busy[end]++
						}
					}
				})
			}
			if busy != [2]int{1, 1} {
				t.Errorf("delay %v: the ends send over %v relays", delay, busy)
			}
		})
	}
}
