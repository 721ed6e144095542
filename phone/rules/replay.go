package rules

import (
	"cmp"
	"time"

	"tring/phone"
)

// Difference is a call of the log that would go another way.
type Difference struct {
	Call phone.Call
	Was  phone.Action
	Now  phone.Action
	Rule string // the rule that would decide, "" for the default
}

// Assume is what the log does not tell about the past.
type Assume struct {
	Me     phone.Presence  // how you wanted to be treated, for calls that do not say
	People []phone.Contact // whose tags count
}

// Replay runs a book over calls that came in, oldest first, and tells only
// what would be different.
func (b *Book) Replay(calls []phone.Call, a Assume) (differences []Difference) {
	b.retrace(calls, a, func(c phone.Call, d phone.Decision) {
		if was := actionOf(c); d.Action != was {
			differences = append(differences, Difference{c, was, d.Action, d.Rule})
		}
	})
	return differences
}

// retrace decides every logged call that a gatekeeper was asked about, with
// what was known when it came in.
func (b *Book) retrace(calls []phone.Call, a Assume, each func(phone.Call, phone.Decision)) {
	past := newPast(a)
	for _, c := range calls {
		if c.Direction == phone.Inbound && !neverAsked(c) {
			f := past.facts(c)
			v := b.Decide(f)
			if v.Matched && v.Rule.Do == Restrict {
				past.hold(c, v.Rule.For)
			}
			each(c, b.decision(v, f))
		}
		past.add(c)
	}
}

// neverAsked reports whether a call was over, or turned away, before any rule.
func neverAsked(c phone.Call) bool {
	return c.Action == "" && (c.Cause == phone.Stale || c.Cause == phone.Incompatible || c.Cause == phone.Busy)
}

// actionOf is what was done with a logged call; calls from before there were
// rules rang.
func actionOf(c phone.Call) phone.Action {
	if c.Action == "" {
		return phone.ActionRing
	}
	return c.Action
}

// past is what is known of people while a log is read from its beginning, by
// each of their ids.
type past struct {
	assume Assume
	came   map[string][]time.Time // their calls, oldest first
	spoke  map[string]bool        // we have called them
	held   map[string]time.Time
	tags   map[string][]string
}

func newPast(a Assume) *past {
	p := &past{a, map[string][]time.Time{}, map[string]bool{}, map[string]time.Time{}, map[string][]string{}}
	for _, c := range a.People {
		for _, id := range ids(c.Party) {
			p.tags[id] = c.Tags
		}
	}
	return p
}

// ids are all by which a person is known.
func ids(who phone.Party) (all []string) {
	for _, id := range []string{who.Number, who.LID, who.UserID} {
		if id != "" {
			all = append(all, id)
		}
	}
	return all
}

func (p *past) add(c phone.Call) {
	for _, id := range ids(c.Party) {
		if c.Direction == phone.Inbound {
			p.came[id] = append(p.came[id], c.Started)
		} else {
			p.spoke[id] = true
		}
	}
}

func (p *past) hold(c phone.Call, d time.Duration) {
	for _, id := range ids(c.Party) {
		p.held[id] = c.Started.Add(d)
	}
}

// maxRecent is how many earlier calls a rule sees, as in the phone.
const maxRecent = 100

// facts is what was known when a logged call came in.
func (p *past) facts(c phone.Call) Facts {
	me := cmp.Or(c.Me, p.assume.Me)
	f := Facts{
		Party: c.Party, Contact: c.Party.Known(), Account: c.Line, Network: c.LineKind,
		Kind:    callKind(phone.IncomingOffer{Video: c.Video, Group: c.Group}),
		Payload: c.Payload, Me: me, Agents: free(me), Now: c.Started,
	}
	for _, id := range ids(c.Party) {
		if came := p.came[id]; len(came) > len(f.Recent) {
			f.Recent = newestFirst(came)
		}
		if held := p.held[id]; held.After(f.Restricted) {
			f.Restricted = held
		}
		f.Wrote = f.Wrote || p.spoke[id]
		if f.Tags == nil {
			f.Tags = p.tags[id]
		}
	}
	return f
}

func newestFirst(times []time.Time) (recent []time.Time) {
	for i := len(times) - 1; i >= 0 && len(recent) < maxRecent; i-- {
		recent = append(recent, times[i])
	}
	return recent
}
