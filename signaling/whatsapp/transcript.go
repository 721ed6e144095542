package whatsapp

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"tring/phone"
	"tring/signaling/whatsapp/call"
	"tring/signaling/whatsapp/relay"
)

// Entry is one thing that happened in a call: no content, no names, no
// numbers, so that it can be shown to others.
type Entry struct {
	After  time.Duration // since the call began
	What   string        // "preaccept", "ack with error", "sent offer", "relay leg open", "state", "note" …
	Detail string        // "463", "mxp2c01 14ms", "calling → alerting"; empty if there is none
}

// What an entry tells besides the inputs of a call.
const (
	toldState = "state"
	toldNote  = "note"
	toldRelay = "relay at the end"
	sentKind  = "sent "
)

// maxEntries bounds a transcript: a call of an hour has 360 heartbeats.
const maxEntries = 1000

// jot notes what happened. Board goroutine only.
func (l *Leg) jot(what, detail string) {
	if len(l.transcript) < maxEntries {
		l.transcript = append(l.transcript, Entry{time.Since(l.since), what, detail})
	}
}

// jotInput notes an input, with the server's code, the relay or the reason
// that came along. A reason is the peer's own text.
func (l *Leg) jotInput(in call.Input) {
	detail := ""
	switch {
	case in.Ack != nil && in.Ack.Code != 0:
		detail = strconv.Itoa(in.Ack.Code)
	case in.On == call.LegOpened:
		detail = fmt.Sprintf("%s %v", phone.CleanLine(in.Leg.Relay, maxWord), in.Leg.RTT.Round(finest))
	case in.Signal != nil && in.Signal.Body.Reason != "":
		detail = phone.MaskText(phone.CleanLine(in.Signal.Body.Reason, maxWord))
	}
	l.jot(in.On.String(), detail)
}

// finest is how exactly times are told.
const finest = 100 * time.Microsecond

// maxWord bounds a word of the network's, in runes.
const maxWord = 40

// jotRelays notes, before they are closed, what every relay leg carried.
func (l *Leg) jotRelays(legs []relay.LegStats) {
	for _, s := range legs {
		text := "not reached"
		if s.Sent+s.Received > 0 || s.Open {
			text = fmt.Sprintf("%v, %d sent, %d received", s.RTT.Round(finest), s.Sent, s.Received)
		}
		if s.OtherPort {
			text += ", on the other port"
		}
		if s.Elected {
			text += ", in use"
		}
		l.jot(toldRelay, phone.CleanLine(s.Relay, maxWord)+" "+text)
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
		fmt.Fprintln(&b, strings.TrimRight(fmt.Sprintf("%9.3f s  %s %s", e.After.Seconds(), e.What, e.Detail), " "))
	}
	return b.String()
}
