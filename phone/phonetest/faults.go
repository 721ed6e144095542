package phonetest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"tring/phone"
)

// Tell has the line tell an event as if the network had.
func (l *Line) Tell(e phone.LineEvent) { l.post(0, e) }

// SetStatus changes how usable the line is.
func (l *Line) SetStatus(s phone.LineStatus, detail string) {
	l.SetInfo(func(i *phone.LineInfo) { i.Status, i.Detail = s, detail })
}

// SetInfo changes what the line says of itself.
func (l *Line) SetInfo(change func(*phone.LineInfo)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(&l.info)
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

// SlowDial has Dial return so much later, after the offer left.
func (l *Line) SlowDial(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.slow = d
}

// Hesitate has the next mutes and digits of this line take so long, each its own
// time.
func (l *Line) Hesitate(each ...time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hesitate = each
}

// pause is how long the next mute or digits take.
func (l *Line) pause() {
	l.mu.Lock()
	d := time.Duration(0)
	if len(l.hesitate) > 0 {
		d, l.hesitate = l.hesitate[0], l.hesitate[1:]
	}
	l.mu.Unlock()
	time.Sleep(d)
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
