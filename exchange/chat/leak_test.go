package chat

import (
	"os"
	"runtime"
	"sync"
	"testing"
	"time"
)

// usage is what a process holds.
type usage struct {
	goroutines, descriptors int
	heap                    uint64
}

func measureUsage(t testing.TB) usage {
	t.Helper()
	runtime.GC()
	runtime.GC() // finalizers of the first run free more
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("descriptors can be counted on Linux only:", err)
	}
	return usage{runtime.NumGoroutine(), len(open), m.HeapAlloc}
}

// wholeCall rings, answers and hangs up, with everything that a well-behaved
// pair of clients says meanwhile.
func (c *callers) wholeCall() {
	p := c.ann.call(c.b)
	creator, bob := c.ann.Store.GetLID(), c.bob.Store.GetLID()
	c.bob.offered(p.id)
	c.bob.act(creator, "preaccept", p.id, creator)
	c.bob.act(creator, "accept", p.id, creator)
	c.ann.send(p.to, terminateOf(p.id, c.ann, "accepted_elsewhere", p.to, c.bobsOther.Store.GetLID()))
	c.ann.act(bob, "terminate", p.id, creator)
	event(c.bob, ended(p.id))
}

func (c *callers) forget() {
	for _, x := range []*client{c.ann, c.bob, c.bobsOther} {
		x.forget()
	}
}

// settles waits until the usage is back at where it began.
func settles(t *testing.T, before usage) {
	t.Helper()
	const slack = 3 << 20 // bytes of caches that grow and shrink
	var after usage
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		after = measureUsage(t)
		if after.goroutines <= before.goroutines && after.descriptors <= before.descriptors && after.heap <= before.heap+slack {
			t.Logf("before %+v, after %+v", before, after)
			return
		}
	}
	buf := make([]byte, 1<<16)
	t.Errorf("before %+v, after %+v\n%s", before, after, buf[:runtime.Stack(buf, true)])
}

func TestAThousandCallsLeaveNothingBehind(t *testing.T) {
	if testing.Short() {
		t.Skip("a thousand calls take a few seconds")
	}
	c := meet(t, Options{})
	for range keepCalls + 20 { // fill the memory of ended calls
		c.wholeCall()
		c.forget()
	}
	before := measureUsage(t)
	for range 1000 {
		c.wholeCall()
		c.forget()
	}
	settles(t, before)
	c.noRefusals()
}

func TestFiftyCallsAtOnceLeaveNothingBehind(t *testing.T) {
	c := meet(t, Options{})
	creator, bob := c.ann.Store.GetLID(), c.bob.Store.GetLID()
	round := func() {
		var calls []placed
		for range 50 { // whatsmeow encrypts one after another
			calls = append(calls, c.ann.call(c.b))
		}
		for _, p := range calls {
			c.bob.offered(p.id)
		}
		var wg sync.WaitGroup
		for _, p := range calls {
			wg.Go(func() {
				c.bob.act(creator, "accept", p.id, creator)
				c.ann.send(p.to, terminateOf(p.id, c.ann, "accepted_elsewhere", p.to, c.bobsOther.Store.GetLID()))
				c.ann.act(bob, "terminate", p.id, creator)
			})
		}
		wg.Wait()
		for _, p := range calls {
			event(c.bob, ended(p.id))
		}
		c.forget()
	}
	for range keepCalls/50 + 1 {
		round()
	}
	before := measureUsage(t)
	round()
	settles(t, before)
	for _, call := range c.s.Calls() {
		if call.State != CallEnded {
			t.Errorf("still going on: %+v", call)
		}
	}
	c.noRefusals()
}
