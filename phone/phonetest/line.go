package phonetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"tring/phone"
)

// Line is one number on the network.
type Line struct {
	net   *Network
	ready chan struct{} // a token while events wait
	fail  chan error

	mu       sync.Mutex
	info     phone.LineInfo
	events   []pending
	legs     map[string]*Leg // alive
	contacts []phone.Party
	running  bool
	deaf     int   // how many releases will stay unconfirmed
	refuse   error // what Dial fails with
	recovers []string
	blocked  map[string]bool
	slow     time.Duration
	hesitate []time.Duration // how long the next mutes and digits take
	pairing  *Pairer
}

// pending is an event on its way to the line.
type pending struct {
	due   time.Time
	event phone.LineEvent
}

var (
	_ phone.Line        = (*Line)(nil)
	_ phone.Texter      = (*Line)(nil)
	_ phone.AddressBook = (*Line)(nil)
	_ phone.Recoverer   = (*Line)(nil)
	_ phone.Leg         = (*Leg)(nil)
)

// Info describes the line.
func (l *Line) Info() phone.LineInfo {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.info
}

// Run tells events until ctx ends, and releases every call then.
func (l *Line) Run(ctx context.Context, tell func(phone.LineEvent)) error {
	l.setStatus(phone.LineReady)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		for _, e := range l.due(timer) {
			tell(e)
		}
		select {
		case <-ctx.Done():
			l.stop(tell)
			return nil
		case err := <-l.fail:
			return err
		case <-l.ready:
		case <-timer.C:
		}
	}
}

func (l *Line) setStatus(s phone.LineStatus) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running = s == phone.LineReady
	l.info.Status = s
	l.postLocked(0, phone.LineChanged{Info: l.info})
}

// stop ends all calls and tells so.
func (l *Line) stop(tell func(phone.LineEvent)) {
	for _, leg := range l.Legs() {
		leg.end(phone.NormalClearing, "", false)
	}
	l.setStatus(phone.LineOffline)
	l.mu.Lock()
	events := l.events
	l.events = nil
	l.mu.Unlock()
	for _, e := range events {
		tell(e.event)
	}
}

// due takes the events whose time has come and sets the timer to the next.
func (l *Line) due(timer *time.Timer) []phone.LineEvent {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	var out []phone.LineEvent
	for len(l.events) > 0 && !l.events[0].due.After(now) {
		out = append(out, l.events[0].event)
		l.events = l.events[1:]
	}
	if len(l.events) > 0 {
		timer.Reset(l.events[0].due.Sub(now))
	}
	return out
}

func (l *Line) post(delay time.Duration, e phone.LineEvent) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.postLocked(delay, e)
}

// postLocked keeps the order of events: none overtakes another.
func (l *Line) postLocked(delay time.Duration, e phone.LineEvent) {
	due := time.Now().Add(delay)
	if n := len(l.events); n > 0 && l.events[n-1].due.After(due) {
		due = l.events[n-1].due
	}
	l.events = append(l.events, pending{due, e})
	select {
	case l.ready <- struct{}{}:
	default:
	}
}

// Contacts is the address book.
func (l *Line) Contacts(context.Context) ([]phone.Party, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.contacts), nil
}

// Resolve finds a number on the network.
func (l *Line) Resolve(_ context.Context, who string) (phone.Party, error) {
	other := l.net.find(who)
	if other == nil {
		return phone.Party{}, fmt.Errorf("%s: %w", who, phone.NotOnNetwork)
	}
	return other.Info().Own, nil
}

// SendText delivers a text.
func (l *Line) SendText(_ context.Context, to phone.Party, text string) error {
	other := l.net.find(to.Number)
	if other == nil {
		return phone.NotOnNetwork
	}
	other.post(l.net.Delay, phone.TextReceived{From: l.Info().Own, Text: text, At: time.Now()})
	return nil
}

// Dial calls a number of the network.
func (l *Line) Dial(ctx context.Context, _ string, to phone.Party, o phone.DialOptions) (phone.Leg, error) {
	l.mu.Lock()
	refuse, running, slow := l.refuse, l.running, l.slow
	l.mu.Unlock()
	defer time.Sleep(slow)
	other := l.net.find(to.Number)
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case refuse != nil:
		return nil, refuse
	case !running:
		return nil, phone.LineDown
	case other == nil:
		return nil, fmt.Errorf("%s: %w", to.Number, phone.NotOnNetwork)
	}
	id := l.net.newID()
	ours, theirs := newPair(id, l, other)
	other.mu.Lock()
	reachable := other.running
	other.mu.Unlock()
	if !reachable {
		ours.end(phone.Unreachable, "", false)
		return ours, nil
	}
	now := time.Now()
	other.post(l.net.Delay, phone.OfferReceived{Offer: phone.IncomingOffer{
		Leg: theirs, ID: id, From: l.Info().Own, Video: o.Video, OfferedAt: now, Received: now, Platform: "phonetest",
	}})
	if !l.net.NoAlerting {
		l.post(2*l.net.Delay, phone.LegAlerting{Leg: ours})
	}
	return ours, nil
}
