package rules

import (
	"slices"
	"time"

	"tring/phone"
)

// Difference is a call of the log that would go another way.
type Difference struct {
	Call phone.Call
	Was  phone.Action
	Now  Verdict
}

// Replay runs a book over calls that came in, oldest first, and tells only
// what would be different. How you wanted to be treated at the time is not in
// the log; me says what to assume.
func (b *Book) Replay(calls []phone.Call, me phone.Presence) (differences []Difference) {
	for i, c := range calls {
		if c.Direction != phone.Inbound {
			continue
		}
		v := b.Decide(factsOfCall(c, calls[:i], me))
		if was := actionOf(c); v.Rule.Do != was {
			differences = append(differences, Difference{c, was, v})
		}
	}
	return differences
}

// actionOf is what was done with a logged call; calls from before there were
// rules rang.
func actionOf(c phone.Call) phone.Action {
	if c.Action == "" {
		return phone.ActionRing
	}
	return c.Action
}

// factsOfCall is what was known when a logged call came in.
func factsOfCall(c phone.Call, before []phone.Call, me phone.Presence) Facts {
	f := Facts{
		Party: c.Party, Contact: c.Party.Known(), Account: c.Line, Network: c.LineKind,
		Kind:    callKind(phone.IncomingOffer{Video: c.Video, Group: c.Group}),
		Payload: c.Payload, Me: me, Now: c.Started,
	}
	for _, earlier := range slices.Backward(before) {
		if earlier.Direction == phone.Inbound && earlier.Party.Same(c.Party) {
			f.Recent = append(f.Recent, earlier.Started)
		}
		if earlier.Direction == phone.Outbound && earlier.Party.Same(c.Party) {
			f.Wrote = true
		}
	}
	return f
}

// RuleHits is how often a rule decided.
type RuleHits struct {
	Rule string // "" is the default
	Hits int
	Last time.Time
}

// Hits counts what decided the calls of the log: every rule of the book in its
// order, also those that never did, then the default.
func (b *Book) Hits(calls []phone.Call) []RuleHits {
	hits := make([]RuleHits, len(b.Rules)+1)
	index := map[string]int{"": len(b.Rules)}
	for i, r := range b.Rules {
		hits[i].Rule, index[r.Name] = r.Name, i
	}
	for _, c := range calls {
		i, known := index[c.Rule]
		if c.Direction != phone.Inbound || !known {
			continue
		}
		hits[i].Hits++
		if c.Started.After(hits[i].Last) {
			hits[i].Last = c.Started
		}
	}
	return hits
}
