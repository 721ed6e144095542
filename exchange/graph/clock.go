package graph

import (
	"sync"
	"time"
)

// Clock is the server's time: the machine's, moved on by Advance. Permissions,
// windows, limits and ringing run on it, so that a week passes in an instant;
// what the media does runs on the machine's clock alone.
type Clock struct {
	mu     sync.Mutex
	ahead  time.Duration
	alarms map[*alarm]bool
}

// alarm is a function that waits for its time.
type alarm struct {
	at    time.Time // on the Clock
	does  func()
	timer *time.Timer
}

// Now is the server's time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *Clock) now() time.Time { return time.Now().Add(c.ahead) }

// lead is how far the server's time is ahead of the machine's.
func (c *Clock) lead() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ahead
}

// Advance moves the time on, or back. What became due happens soon, in other
// goroutines.
func (c *Clock) Advance(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += by
	for a := range c.alarms {
		if a.timer.Stop() {
			a.timer.Reset(a.at.Sub(c.now()))
		}
	}
}

// after runs a function in its own goroutine when d has passed. stop forgets
// it; what has begun goes on.
func (c *Clock) after(d time.Duration, does func()) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.alarms == nil {
		c.alarms = map[*alarm]bool{}
	}
	a := &alarm{at: c.now().Add(d), does: does}
	c.alarms[a] = true
	a.timer = time.AfterFunc(d, func() {
		if c.forget(a) {
			a.does()
		}
	})
	return func() {
		a.timer.Stop()
		c.forget(a)
	}
}

// forget reports whether the alarm was still waiting.
func (c *Clock) forget(a *alarm) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	waited := c.alarms[a]
	delete(c.alarms, a)
	return waited
}
