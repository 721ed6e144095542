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
	// Foreign rules are not in the book: they were, or come before all rules.
	Foreign bool
}

// Hits counts what decided the calls of the log: every rule of the book in its
// order, also those that never did, then the default, then foreign ones.
func (b *Book) Hits(calls []phone.Call) []RuleHits {
	hits := make([]RuleHits, len(b.Rules)+1)
	index := map[string]int{"": len(b.Rules)}
	for i, r := range b.Rules {
		hits[i].Rule, index[r.Name] = r.Name, i
	}
	for _, c := range calls {
		if c.Direction != phone.Inbound || c.Action == "" {
			continue
		}
		i, known := index[c.Rule]
		if !known {
			i, index[c.Rule] = len(hits), len(hits)
			hits = append(hits, RuleHits{Rule: c.Rule, Foreign: true})
		}
		hits[i].Hits++
		if c.Started.After(hits[i].Last) {
			hits[i].Last = c.Started
		}
	}
	return hits
}
