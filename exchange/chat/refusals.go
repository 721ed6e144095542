package chat

import (
	"context"
	"slices"
	"time"
)

// Rule names what strict mode found wrong.
type Rule string

// The rules. The name stands in the log, in counters and in the admin API.
const (
	RuleMalformed     Rule = "malformed"         // bytes that are no handshake, frame or stanza; the connection is closed
	RuleUnknownStanza Rule = "unknown-stanza"    // a stanza that the server does not know
	RuleNoID          Rule = "no-id"             // <call> without id: dropped
	RuleNoCallID      Rule = "no-call-id"        // call action without call-id: dropped
	RuleChildOrder    Rule = "child-order"       // offer's children out of order: error 439
	RuleNoToken       Rule = "no-privacy-token"  // restricted callee, no valid token: error 463
	RuleNoIdentity    Rule = "no-identity"       // pkmsg without device-identity
	RuleCreator       Rule = "wrong-creator"     // call-creator is not the caller's device
	RuleDeviceSet     Rule = "device-set"        // the devices offered to differ from the device list
	RuleAfterEnd      Rule = "after-end"         // in-call stanza of a call that has ended
	RuleUnknownCall   Rule = "unknown-call"      // in-call stanza of a call that never was
	RuleStranger      Rule = "not-in-call"       // in-call stanza of a device that the call does not concern
	RuleAddress       Rule = "wrong-address"     // addressed to a number, or past the device it must go to
	RuleNoCallKey     Rule = "no-call-key"       // an offer without ciphertext
	RuleUndecryptable Rule = "undecryptable"     // a handset could not decrypt what it got
	RuleBadCallKey    Rule = "bad-call-key"      // decrypted, but no 32-byte call key
	RuleNotDismissed  Rule = "not-dismissed"     // the caller did not stop the callee's other devices
	RuleLinking       Rule = "linking"           // a linking step that does not fit
	RuleHeartbeat     Rule = "missing-heartbeat" // a side stopped proving that it is in the call
)

// Refusal is one thing that a client did wrong.
type Refusal struct {
	At     time.Time `json:"at"`
	Rule   Rule      `json:"rule"`
	Device string    `json:"device,omitempty"` // masked
	CallID string    `json:"call_id,omitempty"`
	Stanza string    `json:"stanza,omitempty"` // tag, and the tag of its child
	Detail string    `json:"detail"`           // a sentence
	Passed bool      `json:"passed,omitempty"` // lenient mode let it pass
}

// keepRefusals bounds how many refusals are kept for reading.
const keepRefusals = 500

type refusals struct {
	last   []Refusal
	counts map[Rule]int
}

// Refusals are the latest refusals, oldest first.
func (s *Server) Refusals() []Refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.refusals.last)
}

// RefusalCounts is how often each rule was broken since the start.
func (s *Server) RefusalCounts() map[Rule]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[Rule]int, len(s.refusals.counts))
	for rule, n := range s.refusals.counts {
		out[rule] = n
	}
	return out
}

// WatchRefusals sends every refusal from now on, until ctx ends or the server
// is closed; then the channel is closed. A reader that falls behind by more
// than a hundred misses the oldest.
func (s *Server) WatchRefusals(ctx context.Context) <-chan Refusal {
	out := make(chan Refusal, 100)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		close(out)
		return out
	}
	s.watchers.add(out)
	context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.watchers.remove(out)
	})
	return out
}

// refuse counts, names and logs a refusal; it says whether the stanza is to be
// refused, which lenient mode does not. Called with the lock held.
func (s *Server) refuse(r Refusal) bool {
	r.At, r.Passed = time.Now(), s.options.Lenient
	if s.refusals.counts == nil {
		s.refusals.counts = map[Rule]int{}
	}
	s.refusals.counts[r.Rule]++
	if len(s.refusals.last) >= keepRefusals {
		s.refusals.last = slices.Delete(s.refusals.last, 0, 1)
	}
	s.refusals.last = append(s.refusals.last, r)
	s.watchers.tell(r)
	s.log.Warn("refused", "rule", r.Rule, "device", r.Device, "stanza", r.Stanza, "call", r.CallID, "detail", r.Detail)
	return !s.options.Lenient
}

// refuseBytes names bytes that are no stanza.
func (s *Server) refuseBytes(c *conn, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := Refusal{Rule: RuleMalformed, Detail: err.Error()}
	if c.device != nil {
		r.Device = c.device.label()
	}
	s.refuse(r)
}

// watchers are the channels that refusals are sent to.
type watchers struct{ to []chan Refusal }

func (w *watchers) add(c chan Refusal) { w.to = append(w.to, c) }

func (w *watchers) remove(c chan Refusal) {
	if i := slices.Index(w.to, c); i >= 0 {
		w.to = slices.Delete(w.to, i, i+1)
		close(c)
	}
}

func (w *watchers) close() {
	for _, c := range w.to {
		close(c)
	}
	w.to = nil
}

func (w *watchers) tell(r Refusal) {
	for _, c := range w.to {
		if len(c) == cap(c) {
			select {
			case <-c:
			default: // the reader has just taken it
			}
		}
		c <- r // only tell sends, under the lock, so there is room
	}
}
