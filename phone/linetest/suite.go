package linetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tring/phone"
)

// Fixture is what the suite needs to know of an implementation.
type Fixture struct {
	// New makes two lines, linked and not yet run, that can call each other.
	// Their LineInfo.Own must be known once they are ready.
	New func(t *testing.T) (a, b phone.Line)
	// Nobody is a party without an account there; the zero Party leaves the
	// test out, and says so.
	Nobody phone.Party
	// Party is how a line is dialled; by its own number and ids if nil.
	Party func(phone.Line) phone.Party
	// Timeout bounds every wait; 10 s if zero.
	Timeout time.Duration
	// RingTime is how long the network lets a call ring; zero leaves the test
	// of a call that nobody answers out, and says so.
	RingTime time.Duration
	// NoMute, NoDigits, NoTexts name abilities that the network has not.
	NoMute, NoDigits, NoTexts bool
	// Payload is an encoded frame that the stream takes; 100 bytes if nil.
	Payload []byte
	// Leaks are goroutines that may stay although they are not the call's.
	Leaks []goleak.Option
	// Bubble runs one test, in virtual time for instance; as it is if nil.
	Bubble func(t *testing.T, test func(*testing.T))
}

// Run puts an implementation through the whole suite.
func Run(t *testing.T, f Fixture) {
	f = f.withDefaults()
	for _, c := range suite {
		t.Run(c.name, func(t *testing.T) {
			if why := c.needs(f); why != "" {
				t.Skip(why)
			}
			f.Bubble(t, func(t *testing.T) { newPair(t, f).play(c.play) })
		})
	}
}

func (f Fixture) withDefaults() Fixture {
	if f.Timeout <= 0 {
		f.Timeout = 10 * time.Second
	}
	if f.Party == nil {
		f.Party = func(l phone.Line) phone.Party { return l.Info().Own }
	}
	if f.Payload == nil {
		f.Payload = make([]byte, 100)
	}
	if f.Bubble == nil {
		f.Bubble = func(t *testing.T, test func(*testing.T)) { test(t) }
	}
	return f
}

// pair is both lines, run by hand.
type pair struct {
	*testing.T
	Fixture
	a, b *Driver
}

func newPair(t *testing.T, f Fixture) *pair {
	t.Helper()
	la, lb := f.New(t)
	p := &pair{T: t, Fixture: f, a: Drive(t, la, f.Timeout), b: Drive(t, lb, f.Timeout)}
	p.a.Ready()
	p.b.Ready()
	return p
}

// play runs a test and checks what must hold after every one: each leg was
// released exactly once, and nothing of the calls is left.
func (p *pair) play(test func(*pair)) {
	p.Helper()
	leaks := append([]goleak.Option{goleak.IgnoreCurrent()}, p.Leaks...)
	test(p)
	for _, d := range []*Driver{p.a, p.b} {
		for leg, n := range d.releases() {
			if n != 1 {
				p.Errorf("%s: LegReleased came %d times for call %s; it must come exactly once", d.Line.Info().Name, n, leg)
			}
		}
	}
	if err := leaked(leaks, p.Timeout); err != nil {
		p.Errorf("something of the calls is left after they ended: %v", err)
	}
	p.a.Stop()
	p.b.Stop()
}

// leaked waits until the goroutines of the calls are gone.
func leaked(known []goleak.Option, patience time.Duration) error {
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if err = goleak.Find(known...); err == nil {
			return nil
		}
	}
	return err
}

// ctx bounds one request.
func (p *pair) ctx() context.Context {
	ctx, cancel := context.WithTimeout(p.Context(), p.Timeout)
	p.Cleanup(cancel)
	return ctx
}

func (p *pair) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

// ring has a call b, until b's phone rings and a knows.
func (p *pair) ring() (a, b phone.Leg) {
	p.Helper()
	before := len(p.b.offered())
	a, err := p.a.Line.Dial(p.ctx(), "c1", p.Party(p.b.Line), phone.DialOptions{})
	p.must(err)
	offer := p.b.Offer(before + 1)
	if offer.Leg == nil {
		p.Fatal("OfferReceived has no leg")
	}
	p.a.Alerting(a)
	return a, offer.Leg
}

// talk has a call b and b answer.
func (p *pair) talk() (a, b phone.Leg) {
	p.Helper()
	a, b = p.ring()
	p.must(b.Answer(p.ctx()))
	p.a.Accepted(a)
	return a, b
}

// hangUp ends a call on one side and waits for both ends.
func (p *pair) hangUp(by, other *Driver, leg, far phone.Leg) {
	p.Helper()
	p.released(leg.Release(p.ctx(), phone.NormalClearing))
	by.Released(leg)
	other.Released(far)
}

// released checks what Release may return: nothing, or the cause that the call
// had already.
func (p *pair) released(err error) {
	p.Helper()
	var over phone.Cause
	if err != nil && !errors.As(err, &over) {
		p.Errorf("Release: %v", err)
	}
}

// ends waits for both ends of a call and checks their causes.
func (p *pair) ends(a, b phone.Leg, atA, atB phone.Cause) {
	p.Helper()
	if got := p.a.Released(a); got != atA {
		p.Errorf("the caller's leg ended with %v, want %v", got, atA)
	}
	if got := p.b.Released(b); got != atB {
		p.Errorf("the callee's leg ended with %v, want %v", got, atB)
	}
}
