package whatsapp

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/types"

	"tring/phone"
	"tring/signaling/whatsapp/call"
)

// CallInfo is one call that exists, for whoever looks from outside.
type CallInfo struct {
	ID       string
	Peer     types.JID
	Outgoing bool
	State    call.State
	Since    time.Time
}

// Calls lists the calls that exist.
func (l *Line) Calls(ctx context.Context) ([]CallInfo, error) {
	var list []CallInfo
	err := l.inspect(ctx, func(b *board) {
		for _, leg := range b.legs {
			if leg.call.Alive() {
				list = append(list, CallInfo{leg.id, leg.call.Peer, leg.call.Outgoing, leg.call.State(), leg.since})
			}
		}
	})
	slices.SortFunc(list, func(a, b CallInfo) int { return a.Since.Compare(b.Since) })
	return list, err
}

// inspect looks at the board from its own goroutine.
func (l *Line) inspect(ctx context.Context, look func(*board)) error {
	l.mu.Lock()
	b := l.board
	l.mu.Unlock()
	done := make(chan struct{})
	if b == nil || !b.work.Post(func() { look(b); close(done) }) {
		return phone.LineDown
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *Leg) state(ctx context.Context) (s call.State, ok bool) {
	done := make(chan struct{})
	if !l.board.work.Post(func() { s = l.call.State(); close(done) }) {
		return s, false
	}
	select {
	case <-done:
		return s, true
	case <-ctx.Done():
		return s, false
	}
}

func (l *Line) ringing(ctx context.Context, id string) (*Leg, error) {
	return l.find(ctx, id, func(s call.State) bool { return s == call.Ringing })
}

// find looks a call up by id, or, without one, takes the only one that fits.
func (l *Line) find(ctx context.Context, id string, fits func(call.State) bool) (*Leg, error) {
	var known *Leg
	var found []*Leg
	err := l.inspect(ctx, func(b *board) {
		if leg := b.legs[id]; leg != nil && leg.call.Alive() {
			known = leg
		}
		for _, leg := range b.legs {
			if leg.call.Alive() && fits(leg.call.State()) && (id == "" || leg.id == id) {
				found = append(found, leg)
			}
		}
	})
	switch {
	case err != nil:
		return nil, err
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, fmt.Errorf("%w: %s", ErrManyRinging, names(found))
	case known != nil:
		return nil, ErrNotRinging
	}
	return nil, ErrCallNotFound
}

// names lists calls for an error.
func names(legs []*Leg) string {
	var list []string
	for _, l := range legs {
		list = append(list, l.id+" ("+l.Party().Display()+")")
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}
