package exchange_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"tring/exchange"
	"tring/exchange/chat"
	"tring/phone"
)

// use is what a process holds.
type use struct {
	goroutines, descriptors int
	memory                  uint64 // bytes of the heap after a collection
}

func measure(t testing.TB) use {
	t.Helper()
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return use{runtime.NumGoroutine(), len(open), m.HeapAlloc}
}

// settled waits until the process holds no more than before, with a few
// goroutines, descriptors and megabytes for what pools, maps and logs of calls keep.
func settled(t *testing.T, before use) {
	t.Helper()
	const slack, memory = 4, 8 << 20
	deadline := time.Now().Add(30 * time.Second)
	for {
		now := measure(t)
		if now.goroutines <= before.goroutines+slack && now.descriptors <= before.descriptors+slack && now.memory <= before.memory+memory {
			t.Logf("before %+v, after %+v", before, now)
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("before %+v, after 30 s still %+v", before, now)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// twoUsers are two people with real lines.
func twoUsers(t testing.TB) (x *exchange.Exchange, ann, bob *user) {
	t.Helper()
	x = start(t, exchange.Options{})
	return x, newUser(t, x, "+15550100001"), newUser(t, x, "+15550100002")
}

// relaysIdle waits until the relays have let go of every phone.
func relaysIdle(t testing.TB, x *exchange.Exchange) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		legs := 0
		for _, r := range x.Relays().Status() {
			legs += r.Legs
		}
		if legs == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the relays still hold %d legs", legs)
		}
	}
}

// answerAll answers whatever rings, until ctx ends; the caller may hang up
// while it does.
func (u *user) answerAll(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-u.events:
			if offer, ok := e.(phone.OfferReceived); ok {
				err := offer.Offer.Leg.Answer(ctx)
				if err != nil && !errors.Is(err, phone.NormalClearing) && ctx.Err() == nil {
					u.t.Errorf("answer: %v", err)
				}
			}
		}
	}
}

// exchangeOneCall places a call, waits for the answer and hangs up.
func (u *user) exchangeOneCall(to phone.Party, id string) {
	u.t.Helper()
	leg, err := u.line.Dial(u.t.Context(), id, to, phone.DialOptions{})
	if err != nil {
		u.t.Fatal(err)
	}
	u.until("it is answered", isAccepted)
	u.hangUp(leg)
}

// calls is how many calls one after another the test places.
func calls() int {
	if testing.Short() {
		return 100
	}
	return 1000
}

func TestCallsOneAfterAnotherLeaveNothingBehind(t *testing.T) {
	x, ann, bob := twoUsers(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go bob.answerAll(ctx)
	to := ann.resolve("+15550100002")
	for i := range 20 { // until pools and session stores have their size
		ann.exchangeOneCall(to, fmt.Sprint("warm ", i))
	}
	relaysIdle(t, x)
	before := measure(t)
	for i := range calls() {
		ann.exchangeOneCall(to, fmt.Sprint("call ", i))
	}
	settled(t, before)
	noRefusals(t, x)
}

func TestFiftyCallsAtOnceLeaveNothingBehind(t *testing.T) {
	atOnce := 50
	if testing.Short() {
		atOnce = 10 // the race detector makes the handshakes take too long
	}
	x, ann, bob := twoUsers(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go bob.answerAll(ctx)
	to := ann.resolve("+15550100002")
	ann.exchangeOneCall(to, "warm")
	relaysIdle(t, x)
	before := measure(t)
	for i := range atOnce {
		if _, err := ann.line.Dial(t.Context(), fmt.Sprint("call ", i), to, phone.DialOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	var going []phone.Leg
	for range atOnce {
		going = append(going, ann.until("all are answered", isAccepted).(phone.LegAccepted).Leg)
	}
	if n := len(slices.DeleteFunc(x.Calls(), func(c chat.CallInfo) bool { return c.State != chat.CallAccepted })); n != atOnce {
		t.Errorf("%d calls go on, want %d", n, atOnce)
	}
	for _, leg := range going {
		ann.hangUp(leg)
	}
	settled(t, before)
	noRefusals(t, x)
}

func noRefusals(t *testing.T, x *exchange.Exchange) {
	t.Helper()
	seen := map[string]int{}
	for _, r := range x.Refusals() {
		seen[string(r.Rule)+" "+r.Stanza+": "+r.Detail]++
	}
	for what, n := range seen {
		t.Errorf("strict mode refused %d times %s", n, what)
	}
}
