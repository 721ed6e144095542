package whatsapp

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tring/phone"
)

// Entry is one thing that happened in a call: no content, no names, no
// numbers, so that it can be shown to others.
type Entry struct {
	After time.Duration `json:"after"` // since the call began
	What  string        `json:"what"`  // "sent offer", "ack with error 463", "calling → alerting" …
}

// maxEntries bounds a transcript: a call of an hour has 360 heartbeats.
const maxEntries = 1000

// jot notes what happened. Board goroutine only.
func (l *Leg) jot(format string, args ...any) {
	if len(l.transcript) < maxEntries {
		l.transcript = append(l.transcript, Entry{time.Since(l.since), fmt.Sprintf(format, args...)})
	}
}

// Transcript tells what happened in the call so far, for a report.
func (l *Leg) Transcript(ctx context.Context) ([]Entry, error) {
	var copied []Entry
	done := make(chan struct{})
	if !l.board.work.Post(func() { copied = append(copied, l.transcript...); close(done) }) {
		return nil, phone.LineDown
	}
	select {
	case <-done:
		return copied, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Report writes a transcript as text, with the choices that were in force.
func (l *Line) Report(entries []Entry) string {
	var b strings.Builder
	for _, s := range settings {
		fmt.Fprintf(&b, "%-20s %s\n", s.Name, s.get(l.config.Choices))
	}
	for _, e := range entries {
		fmt.Fprintf(&b, "%9.3f s  %s\n", e.After.Seconds(), e.What)
	}
	return b.String()
}
