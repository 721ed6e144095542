// Package rules is the gatekeeper: it decides what happens with a call before
// anything rings, and can always say why.
//
// A rules file is a list, read from top to bottom; the first rule whose
// conditions all hold decides. When none does, the call rings. Every step
// leaves a sentence in the trace, so the same code that decides also explains:
//
//	book, err := rules.Parse(text, dir)   // refuse a bad file, with line and column
//	verdict := book.Decide(facts)         // pure: no clock, no I/O
//	keeper := rules.NewKeeper(…)          // reloads, remembers, serves the phone
//
// Hours, lists, messages and rules are compiled when the file is loaded; a
// decision only compares.
package rules
