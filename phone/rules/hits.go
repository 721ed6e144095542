package rules

import (
	"time"

	"tring/phone"
)

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
