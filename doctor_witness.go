package main

import (
	"context"
	"sync"

	"tring/phone"
	"tring/signaling/whatsapp"
)

// witness is a line that remembers the leg of the call that it placed, for its
// transcript.
type witness struct {
	*whatsapp.Line
	mu  sync.Mutex
	leg *whatsapp.Leg
}

func (w *witness) Dial(ctx context.Context, id string, to phone.Party, o phone.DialOptions) (phone.Leg, error) {
	leg, err := w.Line.Dial(ctx, id, to, o)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.leg, _ = leg.(*whatsapp.Leg)
	return leg, err
}

// transcript is what happened in the call, empty if none was placed.
func (w *witness) transcript(ctx context.Context) []whatsapp.Entry {
	w.mu.Lock()
	leg := w.leg
	w.mu.Unlock()
	if leg == nil {
		return nil
	}
	entries, _ := leg.Transcript(ctx) // without it the report is short, and says so
	return entries
}
