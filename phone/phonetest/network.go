// Package phonetest is a network made of nothing, for stories about the phone
// in virtual time: lines that call each other in one process, a codec that
// keeps every sample, and ways to misbehave.
//
//	net := phonetest.NewNetwork()
//	ours, theirs := net.NewLine("ours", "+441632960001"), net.NewLine("theirs", "+441632960002")
//
// Both are whole phone.Lines: a phone can own one, and linetest drives two.
package phonetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"tring/phone"
)

// Network joins lines. Its fields may be changed before the lines run.
type Network struct {
	// Delay is how long an event travels.
	Delay time.Duration
	// MediaAtAnswer tells of sound as soon as a call is answered; otherwise
	// LegMedia comes with the first packet.
	MediaAtAnswer bool
	// NoAlerting never tells that the other side rings.
	NoAlerting bool
	// NoDigits has no keypad digits.
	NoDigits bool

	mu    sync.Mutex
	lines map[string]*Line // by number
	calls int
}

// NewNetwork makes a network without lines, on which events travel 20 ms.
func NewNetwork() *Network {
	return &Network{Delay: 20 * time.Millisecond, lines: map[string]*Line{}}
}

// NewLine adds a line with a number.
func (n *Network) NewLine(name, number string) *Line {
	l := &Line{
		net:   n,
		info:  phone.LineInfo{Name: name, Kind: phone.PersonalLine, Own: phone.Party{Number: number, PushName: name}, MediaEnd: "their device"},
		ready: make(chan struct{}, 1),
		fail:  make(chan error, 1),
		legs:  map[string]*Leg{},
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines[number] = l
	return l
}

func (n *Network) find(number string) *Line {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.lines[number]
}

func (n *Network) newID() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.calls++
	return fmt.Sprintf("N%06d", n.calls)
}

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

// Tell has the line tell an event as if the network had.
func (l *Line) Tell(e phone.LineEvent) { l.post(0, e) }

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

// SetStatus changes how usable the line is.
func (l *Line) SetStatus(s phone.LineStatus, detail string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.info.Status, l.info.Detail = s, detail
	l.postLocked(0, phone.LineChanged{Info: l.info})
}

// SetContacts changes the address book.
func (l *Line) SetContacts(contacts ...phone.Party) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.contacts = contacts
	l.postLocked(0, phone.ContactsChanged{})
}

// Fail has Run give up, leaving its calls as they are.
func (l *Line) Fail() { l.fail <- errors.New("the network hung up on us") }

// Refuse has every Dial fail; nil ends that.
func (l *Line) Refuse(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refuse = err
}

// Deafen leaves the next releases of this line unconfirmed.
func (l *Line) Deafen(releases int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deaf = releases
}

// Legs are the living calls of the line, by id.
func (l *Line) Legs() []*Leg {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.SortedFunc(maps.Values(l.legs), func(a, b *Leg) int {
		return int(a.born.Sub(b.born))
	})
}

// Recovered are the ids of the calls that Recover was asked to end.
func (l *Line) Recovered() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.recovers)
}

// Recover notes a call of a crashed run.
func (l *Line) Recover(_ context.Context, id string, _ phone.Party, _ bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.recovers = append(l.recovers, id)
	return nil
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
	refuse, running := l.refuse, l.running
	l.mu.Unlock()
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
