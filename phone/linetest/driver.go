// Package linetest is the suite that every phone.Line must pass: the contract
// of the interface as tests.
//
//	linetest.Run(t, linetest.Fixture{New: func(t *testing.T) (a, b linetest.End) { … }})
//
// A Driver holds a bare line by hand, as a phone would; stories use it for the
// far end of their calls.
package linetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tring/phone"
)

// Driver runs a line and keeps everything that it tells.
type Driver struct {
	Line phone.Line

	t       testing.TB
	timeout time.Duration
	mu      sync.Mutex
	events  []phone.LineEvent
	news    chan struct{} // closed and replaced at every event
	stop    context.CancelFunc
	ended   chan error
}

// Drive runs a line until the test ends or Stop is called. timeout bounds
// every wait.
func Drive(t testing.TB, line phone.Line, timeout time.Duration) *Driver {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	d := &Driver{Line: line, t: t, timeout: timeout, news: make(chan struct{}), stop: stop, ended: make(chan error, 1)}
	go func() { d.ended <- line.Run(ctx, d.tell) }()
	t.Cleanup(d.Stop)
	return d
}

func (d *Driver) tell(e phone.LineEvent) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events = append(d.events, e)
	close(d.news)
	d.news = make(chan struct{})
}

// Stop ends the line's Run and checks that it ended well.
func (d *Driver) Stop() {
	d.t.Helper()
	if d.stop == nil {
		return
	}
	d.stop()
	d.stop = nil
	select {
	case err := <-d.ended:
		if err != nil {
			d.t.Errorf("%s: Run returned %v after its context ended; it must return nil", d.Line.Info().Name, err)
		}
	case <-time.After(d.timeout):
		d.t.Errorf("%s: Run did not return within %v", d.Line.Info().Name, d.timeout)
	}
}

// Events are all events so far.
func (d *Driver) Events() []phone.LineEvent {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.events)
}

func (d *Driver) look() ([]phone.LineEvent, <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.events), d.news
}

// await waits for an event that fits, also one told before.
func await[E phone.LineEvent](d *Driver, what string, fits func(E) bool) E {
	d.t.Helper()
	late := time.After(d.timeout)
	for {
		events, news := d.look()
		for _, e := range events {
			if e, ok := e.(E); ok && fits(e) {
				return e
			}
		}
		select {
		case <-news:
		case <-late:
			d.t.Fatalf("%s: no %s within %v; it told %s", d.Line.Info().Name, what, d.timeout, kinds(events))
		}
	}
}

func kinds(events []phone.LineEvent) string {
	var names []string
	for _, e := range events {
		names = append(names, strings.TrimPrefix(fmt.Sprintf("%T", e), "phone."))
	}
	return strings.Join(names, ", ")
}

// Ready waits until the line can place calls.
func (d *Driver) Ready() {
	d.t.Helper()
	if d.Line.Info().Status == phone.LineReady {
		return
	}
	await(d, "ready line", func(e phone.LineChanged) bool { return e.Info.Status == phone.LineReady })
}

// Offer waits for the n-th call that comes in, counted from 1.
func (d *Driver) Offer(n int) phone.IncomingOffer {
	d.t.Helper()
	await(d, fmt.Sprintf("offer %d", n), func(phone.OfferReceived) bool { return len(d.offered()) >= n })
	return d.offered()[n-1]
}

// Alerting waits until the other side's phone rings.
func (d *Driver) Alerting(leg phone.Leg) {
	d.t.Helper()
	await(d, "LegAlerting", func(e phone.LegAlerting) bool { return same(e.Leg, leg) })
}

// Accepted waits until the other side answered.
func (d *Driver) Accepted(leg phone.Leg) {
	d.t.Helper()
	await(d, "LegAccepted", func(e phone.LegAccepted) bool { return same(e.Leg, leg) })
}

// Media waits for the first sound of the other side.
func (d *Driver) Media(leg phone.Leg) {
	d.t.Helper()
	await(d, "LegMedia", func(e phone.LegMedia) bool { return same(e.Leg, leg) })
}

// PeerMuted waits until the other side said that it is muted, or is not.
func (d *Driver) PeerMuted(leg phone.Leg, muted bool) {
	d.t.Helper()
	await(d, fmt.Sprintf("LegPeerMuted(%v)", muted), func(e phone.LegPeerMuted) bool {
		return same(e.Leg, leg) && e.Muted == muted
	})
}

// Digits waits for keypad digits of the other side.
func (d *Driver) Digits(leg phone.Leg, digits string) {
	d.t.Helper()
	var got strings.Builder
	await(d, "LegDigit "+digits, func(e phone.LegDigit) bool {
		got.Reset()
		for _, e := range d.Events() {
			if e, ok := e.(phone.LegDigit); ok && same(e.Leg, leg) {
				got.WriteRune(e.Digit)
			}
		}
		return got.String() == digits
	})
}

// Text waits for a text message.
func (d *Driver) Text(body string) phone.TextReceived {
	d.t.Helper()
	return await(d, "TextReceived", func(e phone.TextReceived) bool { return e.Text == body })
}

// Released waits for the end of a call and returns why it ended.
func (d *Driver) Released(leg phone.Leg) phone.Cause {
	d.t.Helper()
	return await(d, "LegReleased", func(e phone.LegReleased) bool { return same(e.Leg, leg) }).Cause
}

// Releases counts how often the end of a call was told.
func (d *Driver) Releases(leg phone.Leg) int {
	n := 0
	for _, e := range d.Events() {
		if e, ok := e.(phone.LegReleased); ok && same(e.Leg, leg) {
			n++
		}
	}
	return n
}

// offered are the calls that came in so far.
func (d *Driver) offered() []phone.IncomingOffer {
	var offers []phone.IncomingOffer
	for _, e := range d.Events() {
		if e, ok := e.(phone.OfferReceived); ok {
			offers = append(offers, e.Offer)
		}
	}
	return offers
}

// releases counts, for every leg that was told of, how often its end was.
func (d *Driver) releases() map[string]int {
	counts := map[string]int{}
	for _, e := range d.Events() {
		if e, ok := e.(phone.LegReleased); ok && e.Leg != nil {
			counts[e.Leg.ID()]++
		}
	}
	return counts
}

// same compares legs by their ids, as a phone does.
func same(a, b phone.Leg) bool { return a != nil && b != nil && a.ID() == b.ID() }
