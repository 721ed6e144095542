package phone

import "time"

// Timers are the named timers of one call, for the goroutine that owns it: what
// runs out is posted to the owner, and one that was stopped or started anew
// meanwhile never runs out. Post must take work for that goroutine; other
// methods are the owner's alone.
type Timers[Name comparable] struct {
	post    func(func()) bool
	running map[Name]*time.Timer
}

// NewTimers makes timers for the owner behind post, Mailbox.Post for instance.
func NewTimers[Name comparable](post func(func()) bool) *Timers[Name] {
	return &Timers[Name]{post, map[Name]*time.Timer{}}
}

// Start starts a timer; an older one of the same name is forgotten. done is
// called by the owner.
func (t *Timers[Name]) Start(name Name, after time.Duration, done func()) {
	t.Stop(name)
	var own *time.Timer
	own = time.AfterFunc(after, func() {
		t.post(func() {
			if t.running[name] == own {
				delete(t.running, name)
				done()
			}
		})
	})
	t.running[name] = own
}

// Stop stops a timer, if it runs.
func (t *Timers[Name]) Stop(name Name) {
	if own := t.running[name]; own != nil {
		own.Stop()
		delete(t.running, name)
	}
}

// StopAll stops every timer.
func (t *Timers[Name]) StopAll() {
	for name := range t.running {
		t.Stop(name)
	}
}
